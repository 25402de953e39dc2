import { writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';

// Each figure is a median or a ratio within this one run; the machine is named since absolute times mean little elsewhere.
const names = ['first-frame', 'parse', 'append', 'recover', 'output'] as const;

interface Measured {
  readonly name: string;
  readonly figures: Readonly<Record<string, string>>;
}

const wanted = process.argv.slice(2);
const rows: Measured[] = [];
for (const name of names) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  const { measure } = (await import(`./${name}.ts`)) as { measure: () => Promise<Measured[]> };
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
const lines = rows.map(
  ({ name, figures }) =>
    `| ${name} | ${Object.entries(figures)
      .map(([k, v]) => `${k} ${v}`)
      .join('; ')} |`,
);
if (wanted.length === 0) {
  const text = [
    '# Bench',
    '',
    `Machine: ${machine}.`,
    'Written by `npm run bench`.',
    '',
    '| what | figures |',
    '|---|---|',
    ...lines,
    '',
  ].join('\n');
  writeFileSync(join(import.meta.dirname, 'results.md'), text);
}
