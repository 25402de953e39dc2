/**
 * The program that runs one attempt and outlives the screen. Started with the attempt's folder as its argument and the
 * handover on file descriptor 3; `--terminal` means that the command has the terminal of whoever started us.
 * It exits with 0 whatever became of the command: the outcome is in the folder's files.
 */
import { appendFileSync, existsSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { Socket } from 'node:net';
import { delimiter, join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { isatty } from 'node:tty';
import type { ExecSpec } from '../session/exec-spec.ts';
import { type AttemptPaths, pathsIn } from './attempt-files.ts';
import { type AttemptResult, runAttempt } from './attempt-run.ts';
import { createDurably, makeFolderDurably, readJson, replaceDurably } from './durable-files.ts';
import { type Handover, parseHandover, type RunnerMessage, reasonToRefuse } from './handover.ts';
import { createMasker } from './masker.ts';
import { createOutputMeter } from './output-meter.ts';
import { identityOf } from './processes.ts';
import { createSpoolWriter, openSpool } from './spool.ts';

const [folder = '', mode] = process.argv.slice(2);
const onTerminal = mode === '--terminal';
const paths: AttemptPaths = pathsIn(folder);

// A request to end must not lose the outcome of a command that ends as well. A terminal that goes away is another
// matter when the command has it: nobody saw how it ended.
for (const signal of ['SIGPIPE', 'SIGTERM', 'SIGINT', 'SIGQUIT'] as const) process.on(signal, () => undefined);
if (!onTerminal) process.on('SIGHUP', () => undefined);

process.on('uncaughtException', (error) => {
  try {
    appendFileSync(paths.log, `${new Date().toISOString()} ${error.stack ?? error.message}\n`, { mode: 0o600 });
  } finally {
    process.exit(70);
  }
});

const channel = new Socket({ fd: 3 });
channel.on('error', () => channel.destroy());

/** The first line; null when the other end went away before it was whole. */
const firstLine = (): Promise<string | null> =>
  new Promise((done) => {
    const parts: Buffer[] = [];
    channel.on('data', (chunk: Buffer) => {
      parts.push(chunk);
      if (chunk.at(-1) === 10) done(Buffer.concat(parts).toString('utf8'));
    });
    channel.once('close', () => done(null));
    channel.once('end', () => done(null));
  });

const tell = (message: RunnerMessage): void => {
  if (channel.writable) channel.write(`${JSON.stringify(message)}\n`);
};

const refuse = (because: string): void => {
  replaceDurably(paths.refused, JSON.stringify({ v: 1, because }));
  tell({ type: 'changed' });
};

const isFolder = (path: string): boolean => {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
};

/** `env` of the operator's PATH; the script's own changes to PATH come later. */
const findEnv = (search: string): string | null =>
  [...search.split(delimiter), '/usr/bin', '/bin']
    .map((place) => join(place, 'env'))
    .find((path) => existsSync(path)) ?? null;

const execute = (spec: ExecSpec, handover: Handover, cwd: string): Promise<AttemptResult> => {
  writeFileSync(paths.script, spec.script, { mode: 0o600 });
  const meter = onTerminal ? null : createOutputMeter(createSpoolWriter(paths.spool, handover.spool));
  return runAttempt({
    spec,
    handover,
    paths,
    cwd,
    masker: createMasker(handover.secrets),
    output: meter === null ? null : { meter, spool: openSpool(paths.spool) },
    envPath: findEnv(handover.start.PATH ?? ''),
    onChange: () => tell({ type: 'changed' }),
  });
};

/** A full disk: the run keeps room for its outcomes. It may be used up; then the operator's clearing is worth waiting for. */
const saveOutcome = async (text: string): Promise<void> => {
  const ballast = join(paths.folder, '..', '..', 'ballast');
  for (let left = 600; ; left--) {
    try {
      return replaceDurably(paths.exit, text);
    } catch (error) {
      if (left === 0 || (error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
      if (existsSync(ballast)) rmSync(ballast, { force: true });
      else await delay(1_000);
    }
  }
};

/** Reads on for those that still hold the output pipe: they would die of SIGPIPE, and they may be meant to live on. */
const drainToTheEnd = (result: AttemptResult): Promise<unknown> =>
  Promise.all(result.open.map((reader) => reader.whenClosed));

const main = async (): Promise<void> => {
  const handover = parseHandover(await firstLine());
  if (handover === null) return;
  const spec = readJson(paths.spec) as ExecSpec | null;
  if (spec === null) return refuse('the command on disk cannot be read');
  const reason = reasonToRefuse(spec, handover);
  if (reason !== null) return refuse(reason);
  const cwd = spec.cwd === null ? handover.cwd : resolve(handover.startCwd, spec.cwd);
  if (!isFolder(cwd)) return refuse(`the folder ${cwd} does not exist`);

  const started = { v: 1, kind: 'started', runner: identityOf(process.pid), startedAt: Date.now() };
  makeFolderDurably(paths.folder);
  // Somebody who resumed the run was faster and has decided that this never ran.
  if (!createDurably(paths.started, JSON.stringify(started))) return;
  tell({ type: 'changed' });
  const hadTerminal = onTerminal && isatty(0);
  const result = await execute(spec, handover, cwd);
  // What a command says that has lost its terminal (often exit 0, at the end of its input) tells nothing of its effect.
  if (hadTerminal && !isatty(0)) return;
  if (result.memory !== null) tell({ type: 'memory', values: result.memory });
  await saveOutcome(JSON.stringify(result.exit));
  tell({ type: 'changed' });
  if (!onTerminal) await drainToTheEnd(result);
};

await main();
channel.end();
// An input that nobody reads, or the other end of the channel, must not keep us.
setTimeout(() => process.exit(0), 50).unref();
channel.once('close', () => process.exit(0));
