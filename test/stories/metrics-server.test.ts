import { afterEach, expect, test, vi } from 'vitest';
import { type MetricsServer, startMetrics } from '../support/metrics-server.ts';
import { setTheScene, trusted } from '../support/story.ts';

const open: MetricsServer[] = [];
afterEach(async () => {
  for (const server of open.splice(0)) await server.close();
});

const scripted = async (value: number): Promise<MetricsServer> => {
  const server = await startMetrics({ 'sum(rate(errors[5m]))': value, 'vector(1)': 1 });
  open.push(server);
  return server;
};

const runbook = `---
gonogo: 1
title: Look at errors
target: { production: true }
metrics:
  errors:
    query: sum(rate(errors[5m]))
    unit: per-second
    worse: higher
---

## Look

- [ ] Few errors

  \`\`\`gate
  errors: < 1
  \`\`\`

- [ ] Never so many

  \`\`\`gate
  errors: > 90
  within: 10m
  \`\`\`
`;

test('the metrics server is asked about once in production, and stays that of the run', async () => {
  const workspace = setTheScene();
  trusted(workspace, 'errors.md', runbook);
  const [first, second] = await Promise.all([scripted(0.25), scripted(99)]);
  const size = { columns: 120, rows: 40 };
  const start = () => workspace.terminal(['run', 'errors.md', '--prometheus', first.url], size);
  const unbound = 'comes from --prometheus: nothing binds it to this target';

  const terminal = start();
  await terminal.sees(unbound);
  await terminal.types('it is that of the shop');
  await terminal.presses('Enter');
  await terminal.sees('Enter starts');
  await terminal.presses('Enter');
  await terminal.sees('✓ Few errors');
  await terminal.sees('▸ Never so many');
  terminal.kill('SIGTERM');
  await terminal.exits();

  // Whatever the machine names by now: the run has its server.
  const before = first.asked.length;
  const again = workspace.terminal(['resume'], size, { PROMETHEUS_URL: second.url });
  await vi.waitFor(() => expect(first.asked.length).toBeGreaterThan(before), { timeout: 20_000 });
  expect(second.asked).toEqual([]);
  again.kill('SIGTERM');
  await again.exits();

  // Nothing is asked before the first step.
  const another = start();
  await another.sees('✓ Few errors');
  another.kill('SIGTERM');
  await another.exits();
});

test('an address that is none is refused before anything is written', () => {
  const workspace = setTheScene();
  trusted(workspace, 'errors.md', runbook);
  const { code, err } = workspace.gonogo([
    'run',
    'errors.md',
    '--plain',
    '--prometheus',
    'https://bob:s3cr3t@m.example.com',
  ]);
  expect(code).toBe(2);
  expect(err).toContain('--prometheus: holds a user or password, for others to see');
  expect(err).not.toContain('s3cr3t');
  expect(workspace.runs()).toEqual([]);
});
