import { expect, onTestFinished, test, vi } from 'vitest';
import { createStage, type Scene } from '../../src/ui/stage.tsx';
import { fakeTerminal } from './support/terminal.ts';

const nothing: Scene = {
  draw: () => null,
  press: () => undefined,
  paste: () => undefined,
  confirms: () => false,
  subscribe: () => () => undefined,
  revision: () => 0,
};

test('whoever gets the terminal gets its input alone', async () => {
  const { stdin, stdout, terminal } = fakeTerminal(80, 24);
  const pause = vi.spyOn(stdin, 'pause');
  const stage = createStage({ stdin, stdout, clock: () => 0 });
  onTestFinished(async () => {
    await stage.close();
    terminal.dispose();
  });
  stage.show(nothing);
  await vi.waitFor(() => expect(stdin.listenerCount('readable')).toBe(1));
  const during: number[] = [];
  await stage.suspend(async () => {
    during.push(pause.mock.calls.length, stdin.listenerCount('readable'));
  });
  expect(during).toEqual([1, 0]);
  expect(stdin.listenerCount('readable')).toBe(1);
});
