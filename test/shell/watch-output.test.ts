import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { OutputTail } from '../../src/ports/commands.ts';
import { watchOutput } from '../../src/shell/watch-output.ts';
import { createBench, until } from './support/commands.ts';

test('an output is watched from outside as it grows, masked and bounded, and nothing is written', async () => {
  const bench = createBench();
  const script = 'echo "the token is $TOKEN"; until [ -e go ]; do sleep 0.02; done; seq 5000; echo last';
  const watch = watchOutput(bench.runDir);
  const seen: OutputTail[] = [];
  const stop = watch.follow(1, (tail) => seen.push(tail));
  const running = await bench.start(script, { cwd: bench.home }, { secrets: { TOKEN: 'kept-from-eyes' } });
  await until('the first line', () => seen.at(-1)?.lines === 1);
  expect(seen.at(-1)?.tail.join()).toMatch(/^the token is (?!kept-from-eyes)/);
  await bench.commands.probe(`touch '${join(bench.home, 'go')}'`, {}, 5_000);
  await running.ended;
  stop();
  const last = seen.at(-1);
  expect(last).toMatchObject({ lines: 5002, binary: false });
  expect(last?.tail).toHaveLength(2000);
  expect(last?.tail.at(-1)).toBe('last');
  expect((await watch.output(1))?.text).toBe((await bench.commands.output(1))?.text);
  expect(await watch.output(2)).toBeNull();
  watch.close();
  expect(existsSync(join(bench.runDir, 'attempts', '2'))).toBe(false);
});
