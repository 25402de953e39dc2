import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type IPty, spawn } from '@lydell/node-pty';
import { afterEach, describe, expect, it } from 'vitest';
import { processIdentity } from '../../src/journal/machine.ts';
import type { AttemptEnd } from '../../src/ports/commands.ts';
import { type Bench, builtRunner, createBench, processesWith, until } from './support/commands.ts';

const terminals: IPty[] = [];

afterEach(() => {
  for (const terminal of terminals.splice(0)) {
    try {
      terminal.kill('SIGKILL');
    } catch {
      // It is gone already.
    }
  }
});

/** A terminal whose foreground program hands it to the script. */
const terminalWith = (bench: Bench, script: string) => {
  const program = new URL('./support/interactive.ts', import.meta.url).pathname;
  const args = [program, bench.runDir, builtRunner(), bench.home, script];
  const terminal = spawn(process.execPath, args, { cols: 80, rows: 24, env: { PATH: process.env.PATH ?? '' } });
  terminals.push(terminal);
  let screen = '';
  terminal.onData((data) => {
    screen += data;
  });
  return {
    terminal,
    sees: (text: string) => until(text, () => screen.includes(text)),
    screen: () => screen,
    async end(): Promise<AttemptEnd> {
      await until('the end', () => screen.includes('DONE'));
      const json = /END (.*) DONE/s.exec(screen)?.[1] ?? '';
      return JSON.parse(json.replaceAll('\r\n', ''));
    },
  };
};

describe('a command that has the terminal', () => {
  it('reads and writes it, hands on its environment, and leaves its modes as they were', async () => {
    const bench = createBench();
    const session = terminalWith(bench, 'read -r -p "name? " NAME; [ -t 1 ] && echo "hello $NAME"; stty raw -echo');
    await session.sees('name? ');
    session.terminal.write('world\r');
    await session.sees('hello world');
    expect(await session.end()).toMatchObject({
      kind: 'finished',
      outcome: { exit: 0, interactive: true, output: { bytes: 0, tail: '' }, carried: { set: ['NAME'] } },
    });
    expect(session.screen()).toContain('MODES restored');
    expect(existsSync(join(bench.runDir, 'attempts/1/output.spool'))).toBe(false);
    expect(await bench.commands.recover(1)).toMatchObject({ kind: 'recovered', outcome: { interactive: true } });
  });

  it('gets Ctrl-C for itself', async () => {
    const bench = createBench();
    const session = terminalWith(bench, 'sleep 66');
    // bash itself takes no notice of a Ctrl-C that comes while it starts a program.
    await until('the command', () => processesWith('sleep\u000066').length > 0);
    session.terminal.write('\u0003');
    const end = await session.end();
    expect(end).toMatchObject({ kind: 'finished', outcome: { exit: null, signal: 'SIGINT', carried: null } });
  });

  it('is UNKNOWN when the terminal goes away', async () => {
    const bench = createBench();
    const session = terminalWith(bench, 'echo waiting; sleep 60');
    await session.sees('waiting');
    // A process that is about to end has lost its environment before it is gone.
    const all = processesWith(bench.runDir.split('/').at(-1) as string);
    session.terminal.kill('SIGHUP');
    await until('the end of all', () => all.every((pid) => processIdentity(pid) === null));
    expect((await bench.commands.recover(1)).kind).toBe('unknown');
  });
});
