import { expect, test, vi } from 'vitest';
import { createAttempts } from '../../src/engine/attempts.ts';
import type { Report } from '../../src/session/intents.ts';

type Parts = Parameters<typeof createAttempts>[0];

test('once what was left of a command is stopped, what still lives is reported', async () => {
  const reports: Report[] = [];
  let end = (): void => undefined;
  const stopped = new Promise<void>((done) => {
    end = done;
  });
  let living = [{ pid: 7, command: 'sleep' }];
  const attempts = createAttempts({
    runner: { stopSurvivors: () => stopped, survivors: async () => living },
    report: async (what: Report) => void reports.push(what),
  } as unknown as Parts);
  const done = attempts.stopSurvivors(3);
  expect(reports).toEqual([]);
  living = [];
  end();
  await done;
  await vi.waitFor(() => expect(reports).toEqual([{ type: 'attempt-survivors', attempt: 3, survivors: [] }]));
});
