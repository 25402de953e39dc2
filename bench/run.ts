import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';

// Each figure is a median or a ratio within this one run; the machine is named since absolute times mean little elsewhere.
const names = ['first-frame', 'parse', 'append', 'recover', 'output', 'cluster', 'soak', 'canaries'] as const;
/** Takes minutes and needs the real servers: only when it is asked for. */
const onlyInFull: readonly string[] = ['cluster'];
/** A quarter of an hour, and some minutes. */
const onlyByName: readonly string[] = ['soak', 'canaries'];

interface Measured {
  readonly name: string;
  readonly figures: Readonly<Record<string, string>>;
}

const wanted = process.argv.slice(2);
const isFull = process.env.GONOGO_BENCH_FULL === '1';
const isWanted = (name: string): boolean =>
  wanted.length > 0 ? wanted.includes(name) : !onlyByName.includes(name) && (isFull || !onlyInFull.includes(name));
const rows: Measured[] = [];
for (const name of names) {
  if (!isWanted(name)) continue;
  const { measure } = (await import(`./${name}.ts`)) as { measure: () => Promise<readonly Measured[]> };
  for (const row of await measure()) {
    rows.push(row);
    console.log(
      `${row.name}: ${Object.entries(row.figures)
        .map(([k, v]) => `${k} ${v}`)
        .join(', ')}`,
    );
  }
}
const machine = `${cpus().length} x ${cpus()[0]?.model.trim() ?? 'unknown'}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.versions.node}, ${process.platform} ${process.arch}`;
const machineLine = `Machine: ${machine}.`;
const file = join(import.meta.dirname, 'results.md');

/** The rows of the file by what they measure; none when they are of another machine. */
const knownRows = (): Map<string, string> => {
  const lines = readFileSync(file, 'utf8').split('\n');
  const table = lines.includes(machineLine) ? lines.filter((line) => /^\| (?!what \|)/.test(line)) : [];
  return new Map(table.map((line) => [line.split(' | ')[0]?.slice(2) ?? '', line]));
};

const lines = knownRows();
for (const { name, figures } of rows) {
  const text = Object.entries(figures)
    .map(([k, v]) => `${k} ${v}`)
    .join('; ');
  // What could not be measured takes nothing away that was.
  if (!('NOT RUN' in figures)) lines.set(name, `| ${name} | ${text} |`);
}
const text = [
  '# Bench',
  '',
  machineLine,
  'Written by `npm run bench`; `npm run bench -- NAME` writes the rows of one. `load`: programs that wanted a processor, mean of the last minute.',
  '',
  '| what | figures |',
  '|---|---|',
  ...lines.values(),
  '',
].join('\n');
writeFileSync(file, text);
