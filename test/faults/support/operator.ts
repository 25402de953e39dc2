import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Practice } from './practice.ts';
import { program } from './practice.ts';
import { processesOfAttempt, until } from './processes.ts';

export interface OperatorOptions {
  /** Put in front of the program: `strace` and its options. */
  readonly under?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly program?: string;
  /** Called with the number of confirmations so far, right after one was sent. */
  readonly onYes?: (count: number) => void;
  /** Answers before the usual rules do; null leaves it to them. */
  readonly answer?: (prompt: string, transcript: string) => string | null | Promise<string | null>;
}

export interface Operated {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Everything on standard output with what was typed, and on standard error. */
  readonly out: string;
  readonly err: string;
  /** Confirmations typed, by step id. */
  readonly confirmed: ReadonlyMap<string, number>;
}

const stepShown = (transcript: string): string => [...transcript.matchAll(/^-- (\S+) /gm)].at(-1)?.[1] ?? '';

/** Looks at what the command left behind, once nothing of it lives any more. */
const verdictOn = async (practice: Practice, attempt: number): Promise<string> => {
  await until(`the end of attempt ${attempt}`, () => processesOfAttempt(practice.run, attempt).length === 0);
  const lines = practice.ledger().filter((line) => line.attempt === attempt);
  if (lines.some(({ what }) => what === 'ended')) return '3 the ledger has its end';
  return lines.length > 0 ? '2 the ledger has its beginning only' : '1 the ledger has no line of it';
};

/** A person who does what the lines say: confirms, tries again, and answers UNKNOWN by looking. Null: waits for ever. */
const usualAnswer = async (practice: Practice, prompt: string, transcript: string): Promise<string | null> => {
  if (prompt.startsWith('y runs it')) return 'y';
  if (prompt.startsWith('accept: REASON')) return 't';
  if (prompt.startsWith('Enter')) return '';
  if (prompt.startsWith('1, 2 or 3')) {
    const attempt = [...transcript.matchAll(/UNKNOWN: attempt (\d+)/g)].at(-1)?.[1];
    return verdictOn(practice, Number(attempt));
  }
  throw new Error(`nobody knows what to type here: "${prompt}"\n${transcript}`);
};

export interface Operating {
  readonly process: ChildProcess;
  out(): string;
  /** Resolves when the output has it; rejects when the program ends without. */
  says(text: string | RegExp): Promise<void>;
  type(line: string): void;
  readonly ended: Promise<Operated>;
}

/** Starts gonogo in plain mode on pipes and works it to its end. */
export const operate = (practice: Practice, args: readonly string[], options: OperatorOptions = {}): Operating => {
  const [file, ...before] = [...(options.under ?? []), process.execPath];
  const child = spawn(file as string, [...before, options.program ?? program, ...args], {
    cwd: practice.workspace.work,
    env: { ...practice.env, ...options.env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const confirmed = new Map<string, number>();
  const listeners = new Set<() => void>();
  let [out, err, closed, thinking] = ['', '', false, false];
  let trouble: unknown = null;
  const type = (line: string): void => {
    // As a terminal would show it.
    out += `${line}\n`;
    child.stdin.write(`${line}\n`);
  };
  child.stdin.on('error', () => undefined);
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    err += text;
  });
  const reply = async (): Promise<void> => {
    const prompt = out.slice(out.lastIndexOf('\n') + 1);
    if (!prompt.endsWith('> ') || thinking) return;
    thinking = true;
    const answer = (await options.answer?.(prompt, out)) ?? (await usualAnswer(practice, prompt, out));
    if (answer === null) return;
    thinking = false;
    const step = stepShown(out);
    type(answer);
    if (answer !== 'y') return;
    confirmed.set(step, (confirmed.get(step) ?? 0) + 1);
    options.onYes?.([...confirmed.values()].reduce((a, b) => a + b, 0));
  };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text;
    if (out.length > 200_000) {
      trouble = new Error(`gonogo repeats itself:\n${out.slice(0, 4000)}`);
      child.kill('SIGKILL');
    }
    for (const look of [...listeners]) look();
    reply().catch((error: unknown) => {
      trouble = error;
      child.kill('SIGKILL');
    });
  });
  const says = (wanted: string | RegExp): Promise<void> =>
    new Promise((done, fail) => {
      const look = (): void => {
        const found = typeof wanted === 'string' ? out.includes(wanted) : wanted.test(out);
        if (!found && !closed) return;
        listeners.delete(look);
        if (found) done();
        else fail(new Error(`gonogo ended and never said ${wanted}:\n${out}\n${err}`));
      };
      listeners.add(look);
      look();
    });
  const patience = setTimeout(() => {
    trouble = new Error(`gonogo did not come to an end:\n${out.slice(-4000)}\n${err}`);
    child.kill('SIGKILL');
  }, 60_000);
  const ended = once(child, 'close').then((): Operated => {
    clearTimeout(patience);
    closed = true;
    for (const look of [...listeners]) look();
    if (trouble !== null) throw trouble;
    return { code: child.exitCode, signal: child.signalCode, out, err, confirmed };
  });
  return { process: child, out: () => out, says, type, ended };
};
