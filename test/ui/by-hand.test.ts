import { afterEach, expect, test } from 'vitest';
import { Operator } from '../session/support.ts';
import { type OpenScreen, openScreen } from './support/open.ts';

let open: OpenScreen | null = null;
afterEach(async () => {
  await open?.close();
  open = null;
});

const over = async (alice: Operator): Promise<OpenScreen> => {
  open = await openScreen([], { library: alice.state.library, view: { session: alice.state, now: alice.now } });
  return open;
};

const text = `---
gonogo: 1
title: Look
---
# Look

- [ ] Look at the pods

  \`\`\`console
  $ kubectl get pods
  NAME   READY
  web-1  1/1
  \`\`\`
`;

test('where a command is run by hand, the output that the runbook expects is shown', async () => {
  const screen = await over(new Operator(text, { restricted: true }));
  const lines = (await screen.sees('shown only: run it by hand')).join('\n');
  expect(lines).toMatch(/expected, by the runbook\s*\n.*NAME {3}READY\s*\n.*web-1 {2}1\/1/);
});
