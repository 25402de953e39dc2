import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { startMetrics } from '../support/metrics-server.ts';
import { asksFirst, recordOf, runFolder, runsIt, setTheScene, trusted } from '../support/story.ts';

const p95 = 'histogram_quantile(0.95, sum by (le) (rate(latency_bucket{track="canary"}[1m])))';
const stage = (share: string, pods: number): string => `
## ${share}

- [ ] Scale the canary to ${pods}

  \`\`\`sh {risk=change}
  echo "${pods} pods" >> trail
  \`\`\`

- [ ] As fast as before

  \`\`\`gate
  p95: <= 115% of baseline
  settle: 1s
  \`\`\`
`;
const runbook = `---
gonogo: 1
title: Canary
kind: canary
metrics:
  p95: { title: p95, query: '${p95}', unit: seconds, worse: higher }
---

## Before

- [ ] The last half hour

  \`\`\`baseline
  metrics: [p95]
  window: 30m
  \`\`\`
${stage('10 %', 1)}${stage('25 %', 3)}`;

test('a stage that is slower than the baseline is left for the one before, and the FAIL stays on record', {
  timeout: 120_000,
}, async () => {
  const workspace = setTheScene();
  const metrics = await startMetrics({ [p95]: 0.2 });
  onTestFinished(() => metrics.close());
  trusted(workspace, 'canary.md', runbook);
  const terminal = workspace.terminal(['run', 'canary.md', '--prometheus', metrics.url], { columns: 160, rows: 48 });
  await terminal.sees(asksFirst, 30_000);
  await runsIt(terminal);
  await terminal.sees(/▸ +Scale the canary to 3/, 30_000);
  metrics.set(p95, 0.548);
  await runsIt(terminal);
  await terminal.sees('Enter does nothing here: a check failed', 30_000);
  const failed = terminal.lines().join('\n');
  expect(failed).toContain('548 ms');
  expect(failed).toContain('230 ms');
  expect(failed).toMatch(/1 +Back to 10 % +1 command, then its checks again/);

  await terminal.presses('1');
  await terminal.sees(/▸ +Scale the canary to 1/);
  await runsIt(terminal);
  await terminal.presses('q');
  await terminal.sees('Leave this run?');
  await terminal.presses('y');
  expect(await terminal.exits()).toBe(6);
  const record = recordOf(workspace);
  expect(record).toContain('gate FAIL');
  expect(record).toContain('548 ms');
  expect(readFileSync(join(workspace.work, 'trail'), 'utf8')).toBe('1 pods\n3 pods\n1 pods\n');
  expect(workspace.gonogo(['verify', runFolder(workspace)]).code).toBe(0);
});
