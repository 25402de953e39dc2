import { describe, expect, test } from 'vitest';
import { createStoreGuard } from '../../src/engine/store-guard.ts';
import type { StoredWorkload, StoredWorkloads } from '../../src/ports/cluster.ts';
import { decide } from '../../src/session/decide.ts';
import type { EventData } from '../../src/session/events.ts';
import { sha256 } from '../../src/session/exec-spec.ts';
import { rollbackPreview } from '../../src/session/run-end.ts';
import { places } from '../../src/session/walk.ts';
import { ExpectedError } from '../../src/text/errors.ts';
import { Operator } from './support.ts';

const runbook =
  '---\ngonogo: 1\ntitle: Deploy\n---\n# Deploy\n\n## Go\n\n- [ ] Change it\n\n  ```sh\n  kubectl apply -f x.yaml\n  ```\n\n- [ ] Look\n';

const stored = (change: Partial<EventData['workload.stored']> = {}): EventData['workload.stored'] => ({
  workload: 'deployment/checkout',
  revision: '41',
  images: ['registry.example.com/checkout:v2.3.0'],
  replicas: 6,
  containers: [{ name: 'app', image: 'registry.example.com/checkout:v2.3.0' }],
  sha256: 'x',
  ...change,
});

const scripts = (...workloads: readonly EventData['workload.stored'][]): readonly string[] | null => {
  const operator = new Operator(runbook);
  operator.record(workloads.map((data) => ({ type: 'workload.stored', frame: 0, data })));
  operator.runs();
  const preview = rollbackPreview(operator.state, operator.now);
  if (preview?.way.source !== 'stored') return null;
  return places(preview.frame.runbook).flatMap(({ step }) =>
    step.actions.flatMap((action) => (action.kind === 'command' ? [action.command.script] : [])),
  );
};

describe('a rollback without a runbook', () => {
  test('goes back to the revision, the replicas, and waits', () => {
    expect(scripts(stored())).toEqual([
      'kubectl rollout undo deployment/checkout --to-revision=41 -n "$NAMESPACE"',
      'kubectl scale deployment/checkout --replicas=6 -n "$NAMESPACE"',
      'kubectl rollout status deployment/checkout --timeout=5m -n "$NAMESPACE"',
    ]);
  });

  test('goes back to the images where revisions are not numbered', () => {
    const set = stored({ workload: 'statefulset/db', revision: 'db-7d9f', replicas: null });
    expect(scripts(set)?.[0]).toBe(
      'kubectl set image statefulset/db app=registry.example.com/checkout:v2.3.0 -n "$NAMESPACE"',
    );
    expect(scripts(stored({ workload: 'rollout/checkout' }))?.[0]).toBe(
      'kubectl argo rollouts undo checkout --to-revision=41 -n "$NAMESPACE"',
    );
  });

  test('writes no text of a cluster into a command that is more than a name', () => {
    expect(scripts(stored({ workload: 'deployment/x;reboot' }))).toBe(null);
    expect(scripts(stored({ revision: null, containers: [{ name: 'app', image: 'a;reboot' }] }))).toBe(null);
  });

  test('starts its first command with R and y', () => {
    const operator = new Operator(runbook);
    operator.record([{ type: 'workload.stored', frame: 0, data: stored() }]);
    expect(rollbackPreview(operator.state, operator.now)?.way.source).not.toBe('stored');
    operator.runs();
    expect(operator.does({ type: 'rollback' })).toBe(true);
    expect(operator.state.attempts[2]?.spec.script).toContain('--to-revision=41');
  });
});

describe('before the first change', () => {
  const workload: StoredWorkload = {
    workload: 'deployment/checkout',
    revision: '41',
    images: ['a:1'],
    replicas: 6,
    manifest: JSON.stringify({ spec: { template: { spec: { containers: [{ name: 'app', image: 'a:1' }] } } } }),
  };
  const guarded = async (operator: Operator, store: () => Promise<StoredWorkloads>, kept: string[] = []) => {
    const guard = createStoreGuard({ store }, async (one) => void kept.push(one.workload));
    const { pending } = operator;
    const intent = {
      type: 'run',
      step: pending.at.step.id,
      action: pending.action,
      part: pending.part,
      hash: pending.hash,
      how: 'yes',
      typed: null,
      script: null,
      edited: null,
      stdin: null,
    } as const;
    const decision = decide(operator.state, intent, operator.now);
    if (!decision.ok) throw new Error(decision.refusal.message);
    return [await guard(intent, operator.state, decision), await guard(intent, operator.state, decision)];
  };

  test('the specs are kept and recorded, once', async () => {
    const kept: string[] = [];
    const [first, second] = await guarded(
      new Operator(runbook),
      async () => ({ workloads: [workload], missing: [] }),
      kept,
    );
    expect(first).toEqual({
      ok: true,
      events: [
        {
          type: 'workload.stored',
          frame: 0,
          data: {
            workload: 'deployment/checkout',
            revision: '41',
            images: ['a:1'],
            replicas: 6,
            containers: [{ name: 'app', image: 'a:1' }],
            sha256: sha256(workload.manifest),
          },
        },
      ],
    });
    expect([kept, second]).toEqual([['deployment/checkout'], { ok: true, events: [] }]);
  });

  test('what is there is kept, what is not there yet is said', async () => {
    const kept: string[] = [];
    const missing = ['deployment/checkout-canary is not there yet in shop'];
    const [first] = await guarded(new Operator(runbook), async () => ({ workloads: [workload], missing }), kept);
    expect(kept).toEqual(['deployment/checkout']);
    expect(first).toMatchObject({
      ok: true,
      events: [
        { type: 'workload.stored', data: { workload: 'deployment/checkout' } },
        { type: 'note.added', data: { text: expect.stringContaining(missing[0] as string) } },
      ],
    });
  });

  test('that they cannot be read is noted and stops nobody', async () => {
    const [first] = await guarded(new Operator(runbook), async () => {
      throw new ExpectedError('no permission (get deployments)');
    });
    expect(first).toMatchObject({ ok: true, events: [{ type: 'note.added' }] });
  });
});
