import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { confirms, setTheScene, trusted } from '../support/story.ts';

const runbook = `---
gonogo: 1
title: Deploy
kind: deploy
inputs:
  service: { prompt: Service }
  version: { prompt: New version }
target:
  context: staging
  namespace: shop
---
# Deploy

## Prepare

- [ ] See what runs

  \`\`\`sh {capture=PREVIOUS_VERSION}
  echo "v1.0.0"
  \`\`\`

- [ ] The team knows
- [ ] Nobody else deploys

## Deploy

- [ ] Put the new version in place

  \`\`\`sh {risk=change expect="in place"}
  echo "$SERVICE $VERSION is in place"
  \`\`\`

- [ ] Reload the cache

  \`\`\`sh {risk=change}
  echo "cache is cold"; exit 2
  \`\`\`

- [ ] Does it work?

  \`\`\`decide
  It works: next
  It does not: stop
  \`\`\`

- [ ] Tell the customers (if they noticed)
- [ ] Tell the team

  \`\`\`message
  to: '#deployments'
  text: |
    \${service} runs \${version} instead of \${PREVIOUS_VERSION}.
  \`\`\`
`;

const answers = `inputs: { service: checkout, version: v2.0.0 }
steps:
  '1.1': [enter, enter]
  '1.2': enter
  '1.3': enter
  '2.1': yes
  '2.2': [yes, 'accept: known and harmless']
  '2.3': 'choose: It works'
  '2.4': 'n/a:'
  '2.5': [enter, enter]
default: enter
`;

/**
 * What two runs of the same kind cannot share: their id, the hashes that follow from it, times and durations, how long an
 * item was open, and the name of the machine. Everything else has to be the same byte for byte.
 */
const normalised = (record: string): readonly string[] =>
  record
    .replace(/[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}/g, 'RUN')
    .replace(/\b[0-9a-f]{64}\b|\b[0-9a-f]{12}\b/g, 'HASH')
    .replace(/\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d)?(\.\d+)?Z?/g, 'TIME')
    .replace(/\b\d\d:\d\d:\d\d\b/g, 'TIME')
    .replace(/\b\d+(\.\d+)? (ms|s|min)\b|\b\d+:\d\d\b/g, 'SPAN')
    // The second run takes the lock that the first one gave free.
    .replace(/\bepoch \d+/g, 'EPOCH')
    .replaceAll(hostname(), 'HOST')
    .split('\n');

test('the same run in the screen and by answers in plain lines gives the same record', async () => {
  const workspace = setTheScene();
  await workspace.cluster(['staging']);
  trusted(workspace, 'deploy.md', runbook);
  const answersFile = workspace.write('answers.yaml', answers);

  const plain = workspace.gonogo(['run', 'deploy.md', '--plain', '--answers', answersFile, '--ticket', 'CHG-1']);
  expect(plain.out).toContain('succeeded');
  expect(plain.code).toBe(0);

  const screen = workspace.terminal(
    ['run', 'deploy.md', '--set', 'service=checkout', '--set', 'version=v2.0.0', '--ticket', 'CHG-1'],
    { columns: 120, rows: 40 },
  );
  await screen.sees('Enter runs: echo "v1.0.0"');
  await screen.presses('Enter');
  await screen.sees('as expected');
  await screen.presses('Enter');
  await screen.sees('2 of 2 open');
  await screen.presses('Space');
  await screen.sees('1 of 2 open');
  await screen.sees('▸ [ ] Nobody else deploys');
  await screen.presses('Space');
  await screen.sees('Enter goes on: every item is ticked');
  await screen.presses('Enter');
  await confirms(screen);
  await screen.sees(/Reload the cache[\s\S]*Enter asks before it runs: echo "cache/);
  await screen.presses('Enter');
  await screen.sees('Run this?');
  await screen.presses('y');
  await screen.sees('Enter accepts this with a reason');
  await screen.presses('Enter');
  await screen.sees('Why is this acceptable?');
  await screen.presses('1');
  await screen.sees('it is your decision');
  await screen.presses('1');
  await screen.sees('Tell the customers (if they noticed)');
  await screen.presses('x');
  await screen.sees('Enter: it was sent');
  await screen.presses('Enter');
  await screen.sees('Enter ends the run');
  await screen.presses('Enter');
  await screen.sees('Succeeded');
  await screen.presses('q');
  expect(await screen.exits()).toBe(0);

  const [one, two] = workspace.runs().map((run) => readFileSync(join(workspace.runsFolder, run, 'record.md'), 'utf8'));
  expect(one).toContain('checkout v2.0.0 is in place');
  expect(normalised(two as string)).toEqual(normalised(one as string));
});
