import { afterAll, beforeAll, expect, test } from 'vitest';
import { setTheScene, trusted } from '../../support/story.ts';
import { type Exporter, startExporter } from '../support/exporter.ts';
import { type Prometheus, startPrometheus } from '../support/prometheus.ts';
import { waitFor } from '../support/wait.ts';
import { leavesRun } from './support/endings.ts';
import { eventsOf } from './support/events.ts';
import { photograph } from './support/pictures.ts';

let exporter: Exporter;
let prometheus: Prometheus;
beforeAll(async () => {
  exporter = await startExporter();
  exporter.grow('http_requests_total{code="200"}', 50);
  prometheus = await startPrometheus({ jobs: { checkout: [exporter.target] } });
  // The age is asked at whole quarters of a minute: before the first of them nothing is known of it.
  const age = 'max_over_time(timestamp(http_requests_total)[10m:15s]) and rate(http_requests_total[5m]) > 0';
  await waitFor('a rate and its age', async () => (await prometheus.query(age)).length === 1);
});
afterAll(async () => {
  await prometheus?.close();
  await exporter?.close();
});

/** Over five minutes: long after the target is dead the query still answers as before. */
const runbook = `---
gonogo: 1
title: Watch the errors
metrics:
  error-rate:
    title: Error rate
    query: (sum(rate(http_requests_total{code=~"5.."}[5m])) or vector(0)) / sum(rate(http_requests_total[5m]))
    unit: ratio
    worse: higher
    scrape: 1s
---
# Watch the errors

## Soak

- [ ] Errors stay low

  \`\`\`gate
  name: soak
  error-rate: <= 1%
  settle: 1s
  for: 20m
  \`\`\`
`;

const limitMs = 90_000;

test('a scrape target that is killed: its data ages on the screen at once, and is judged no more from 90 s on', async () => {
  const workspace = setTheScene();
  trusted(workspace, 'errors.md', runbook);
  const terminal = workspace.terminal(['run', 'errors.md', '--prometheus', prometheus.url], { columns: 160, rows: 48 });
  await terminal.sees(/held \d/, 60_000);
  const samples = () =>
    eventsOf(workspace, 'gate.sampled').flatMap(({ data }) => data.samples.map((one) => one.sample));
  await terminal.until(() => samples().some(({ kind }) => kind === 'GOOD'), 'judged the error rate', 60_000);

  exporter.die();
  const killedAt = Date.now();
  const seconds = (): number => (Date.now() - killedAt) / 1000;
  await terminal.sees(/data (2[5-9]|[3-9]\d) s old/, 60_000);
  console.log(`scrape target killed: the age on screen after ${seconds().toFixed(0)} s`);
  // Ages are asked in steps of 15 s.
  expect(seconds()).toBeLessThan(45);
  expect(terminal.lines()[2]).not.toMatch(/^ BLIND/);
  photograph(terminal, 'scrape-killed-1-ages');

  await terminal.until(() => /^ BLIND/.test(terminal.lines()[2] ?? ''), 'said BLIND', 120_000);
  console.log(`scrape target killed: BLIND on screen after ${seconds().toFixed(0)} s: ${terminal.lines()[2]}`);
  expect(seconds()).toBeGreaterThan(limitMs / 1000 - 16);
  expect(seconds()).toBeLessThan(120);
  expect(terminal.lines()[2]).toMatch(/data 1 min( \d+ s)? old/);
  await terminal.rests();
  photograph(terminal, 'scrape-killed-2-blind');
  const answer = await prometheus.query('sum(rate(http_requests_total[5m]))');
  expect(Number(answer[0]?.value[1]), 'the query still answers').toBeGreaterThan(0);
  await waitFor('two more questions', () => Date.now() > killedAt + limitMs + 30_000, { seconds: 60 });
  expect(terminal.lines()[2]).toMatch(/^ BLIND/);
  // What is answered as before is not written again.
  expect(samples().at(-1)).toMatchObject({ kind: 'NO-DATA', missing: 'stale' });
  expect(samples().filter(({ at, kind }) => kind === 'GOOD' && at > killedAt + limitMs)).toEqual([]);
  expect(eventsOf(workspace, 'gate.verdict').map(({ data }) => data.verdict)).not.toContain('PASS');

  await exporter.revive();
  await terminal.until(() => !/^ BLIND/.test(terminal.lines()[2] ?? ''), 'went on with fresh data', 60_000);
  expect(samples().at(-1)?.kind).toBe('GOOD');
  await leavesRun(terminal);
}, 300_000);
