import { expect, test } from 'vitest';
import { notificationOf } from '../../src/session/notification.ts';
import { fold } from '../../src/session/reduce.ts';
import { titleWords } from '../../src/ui/run/terminal.ts';
import { library, nowOf, runs } from './support/checkout.ts';
import { memoryEngine } from './support/engine.ts';

test('a command that ended is named with its exit, a run with its outcome', () => {
  const events = runs.trouble();
  const state = fold(library, events);
  const attempt = Object.values(state.attempts).at(-1)?.attempt ?? 0;
  expect(notificationOf(state, { why: 'done', attempt }, nowOf(events))).toMatchObject({
    event: 'command-ended',
    title: 'Emergency hotfix',
    step: 'Deploy › Wait for the rollout',
    target: 'PROD prod-eu/production',
    message: expect.stringMatching(
      /^command ended: exit 1 after 2:11\. Deploy › Wait for the rollout, Emergency hotfix/,
    ),
  });
  const finished = { ...state, finished: { outcome: 'aborted', reason: 'too late', at: 0 } as const };
  expect(notificationOf(finished, { why: 'done' }, nowOf(events))).toMatchObject({
    event: 'run-ended',
    step: '',
    message: expect.stringMatching(/^aborted: too late\. Emergency hotfix/),
  });
});

test('the title of the terminal and the notification say in the same words what waits', () => {
  const events = runs.trouble();
  const { event, message } = notificationOf(fold(library, events), { why: 'needs-you' }, nowOf(events));
  expect(event).toBe('needs-you');
  const title = titleWords(memoryEngine(library, events, { now: nowOf(events) }).view());
  expect(title).toMatch(/^NEEDS YOU: /);
  expect(message.startsWith(title.replace(/…$/, ''))).toBe(true);
});
