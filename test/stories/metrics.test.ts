import { expect, onTestFinished, test } from 'vitest';
import { type MetricsServer, startMetrics } from '../support/metrics-server.ts';
import { recordOf, runFolder, setTheScene, trusted } from '../support/story.ts';

const rate = (code: string): string => `sum(rate(http_requests_total{service="checkout"${code}}[1m]))`;
const errors = `(${rate(',code=~"5.."')} or vector(0)) / ${rate('')}`;

const metricsServer = async (answers: Parameters<typeof startMetrics>[0]): Promise<MetricsServer> => {
  const server = await startMetrics(answers);
  onTestFinished(() => server.close());
  return server;
};

const runbook = `---
gonogo: 1
title: Check the release
inputs:
  service: { prompt: Service, default: checkout }
metrics:
  error-rate:
    title: Error rate
    query: '${errors.replaceAll('"checkout"', '"${service}"')}'
    unit: ratio
    worse: higher
---

## After the release

- [ ] Errors are as before

  \`\`\`gate
  error-rate: <= 1%
  \`\`\`
`;

test('a gate passes on what the metrics server says, and the record tells on which number', {
  timeout: 60_000,
}, async () => {
  const workspace = setTheScene();
  const metrics = await metricsServer({ [errors]: 0.0034 });
  trusted(workspace, 'check.md', runbook);
  const terminal = workspace.terminal(['run', 'check.md', '--plain', '--prometheus', metrics.url], {
    columns: 200,
    rows: 60,
  });
  await terminal.sees(/ok +gate 1\.1 Errors are as before/, 30_000);
  expect(await terminal.exits()).toBe(0);
  expect(recordOf(workspace)).toContain('0.34 %');
  expect(workspace.gonogo(['verify', runFolder(workspace)]).code).toBe(0);
});
