import { describe, expect, it } from 'vitest';
import type { Gate } from '../../../src/runbook/model.ts';
import { stepsOf } from '../../../src/runbook/walk.ts';
import { ownCommands, shipped, shippedNames, standings } from './walk-through.ts';

const gatesOf = (name: string): readonly Gate[] =>
  stepsOf(shipped(name)).flatMap((step) =>
    step.actions.flatMap((action) => (action.kind === 'gate' ? [action.gate] : [])),
  );

describe('gates', () => {
  const pods = ['pods: failing', 'restarts: > ${restarts-stop} in 5m'];
  const numbers = ['error-rate: > ${error-stop}%'];
  const latencies = (of: string) => [`${of}p95: > \${p95-stop}% of baseline`, `${of}p99: > \${p99-stop}% of baseline`];
  const tracks = [...numbers, 'service-error-rate: > ${error-stop}%', ...latencies('service-')];

  it.each([
    ['rolling', [...numbers, ...latencies(''), ...pods, 'rollout: deadline', 'http']],
    ['blue-green', [...numbers, ...latencies(''), ...pods, 'http']],
    ['canary', [...tracks, ...pods, 'rollout: deadline', 'http']],
    ['canary-argo-rollouts', [...tracks, ...pods, 'rollout: deadline', 'http']],
    // An error answers fast: latency during the fault is no measure of the fix.
    ['hotfix', [...numbers, ...pods, 'rollout: deadline', 'http']],
    // While nothing runs, errors say nothing.
    ['recreate', ['pods: failing', 'rollout: deadline']],
  ])('of %s.md stand beside criteria that say when to roll back', (name, expected) => {
    const criteria = shipped(name).rollback?.when ?? [];
    const words = criteria.map(({ source, body, expression }) => {
      const text = expression ?? body;
      return typeof text === 'string' ? `${source}: ${text}` : source;
    });
    expect(words).toEqual(expected);
  });

  it.each(shippedNames)('of %s.md on numbers have others that are judged while Prometheus is away', (name) => {
    const measured = new Set(shipped(name).metrics.map((metric) => metric.name));
    const service = gatesOf(name).filter(({ checks }) =>
      checks.some(({ source }) => /(?:^|-)error-rate$/.test(source)),
    );
    const alone = service.filter((gate) => gate.else.length === 0).map((gate) => gate.name);
    expect(alone).toEqual(name === 'pre-deploy' ? ['well-now'] : name.startsWith('incidents/') ? alone : []);
    for (const gate of gatesOf(name)) expect(gate.else.filter((source) => measured.has(source))).toEqual([]);
  });

  it.each(shippedNames)('of %s.md have a name each, no two the same', (name) => {
    const names = gatesOf(name).map((gate) => gate.name);
    expect(names).not.toContain(null);
    expect(names).toEqual([...new Set(names)]);
  });

  it('of the canary: canary up, both ready, a soak and clean logs at each stage', () => {
    const names = gatesOf('canary').map((gate) => gate.name);
    for (const share of [10, 25, 50, 75, 100])
      expect(names).toEqual(
        expect.arrayContaining([`canary-up-${share}`, `both-ready-${share}`, `soak-${share}`, `clean-logs-${share}`]),
      );
    const soaks = gatesOf('canary').filter(({ name }) => name?.startsWith('soak-'));
    expect(soaks.map(({ forMs }) => (forMs ?? 0) / 60_000)).toEqual([5, 5, 15, 5, 15, 15]);
  });

  it.each(shippedNames)(
    'of %s.md about logs watch them for a while: the first lines after a change prove nothing',
    (name) => {
      const logs = gatesOf(name).filter(({ checks }) => checks.some(({ source }) => source === 'logs'));
      expect(logs.filter(({ forMs }) => forMs === null).map((gate) => gate.name)).toEqual([]);
    },
  );

  it.each([
    ['blue-green', 'clean-logs-serving', 'soak'],
    ['recreate', 'clean-logs-open', 'soak'],
    ...[10, 25, 50, 75, 100].map((share) => ['canary', `clean-logs-${share}`, `soak-${share}`] as const),
  ] as const)('of %s.md: %s is watched as long as %s', (runbook, logs, soak) => {
    const named = (name: string) => gatesOf(runbook).find((gate) => gate.name === name);
    expect(named(soak)?.forMs).toBeGreaterThan(0);
    expect(named(logs)?.forMs).toBe(named(soak)?.forMs);
  });

  it.each(['hotfix', 'rollback'])('of %s.md are never critical, and none stands before the change', (name) => {
    expect(gatesOf(name).filter(({ critical }) => critical)).toEqual([]);
    const all = standings(shipped(name));
    const change = all.findIndex(({ step }) => ownCommands(step).some(({ risk }) => risk !== 'read'));
    expect(all.slice(0, change).filter(({ step }) => step.kind === 'gate')).toEqual([]);
  });

  it('before a deployment: what can be found out by asking is not left to a tick', () => {
    expect(gatesOf('pre-deploy').map((gate) => gate.name)).toEqual([
      'ci-green',
      'staging-version',
      'staging-rollout',
      'staging-pods',
      'nodes-ready',
      'nodes-have-room',
      'namespace-healthy',
      'not-rolling-out',
      'permissions',
      'well-now',
      'no-alerts',
      'metrics-arrive',
      'new-image',
      'old-image',
      'argocd-healthy',
      'flux-ready',
    ]);
  });
});
