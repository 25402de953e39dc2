import { describe, expect, test } from 'vitest';
import { specHash } from '../../src/session/exec-spec.ts';
import { Operator, outcome } from './support.ts';

const runbook = (body: string, head = ''): string =>
  `---\ngonogo: 1\ntitle: Deploy\n${head}---\n# Deploy\n\n## P\n\n${body}`;
const step = (title: string, command: string, attributes = ''): string =>
  `1. ${title}\n\n   \`\`\`sh ${attributes}\n   ${command}\n   \`\`\`\n\n`;

describe('confirmation', () => {
  test('holds the hash of exactly what was shown', () => {
    const alice = new Operator(runbook(step('Scale', 'kubectl scale deployment/x --replicas=2')));
    const { hash, spec } = alice.pending;
    alice.confirms('yes');
    const confirmed = alice.events.find(({ type }) => type === 'command.confirmed');
    expect(confirmed?.data).toMatchObject({ hash, spec });
    expect(specHash(spec)).toBe(hash);
  });

  test('a hash that is not the one on the screen is refused', () => {
    const alice = new Operator(runbook(step('Scale', 'kubectl scale deployment/x --replicas=2')));
    const { at, action } = alice.pending;
    const intent = {
      type: 'run',
      step: at.step.id,
      action,
      part: 'action',
      how: 'yes',
      typed: null,
      script: null,
      edited: null,
      stdin: null,
    } as const;
    expect(alice.does({ ...intent, hash: 'f'.repeat(64) })).toBe(false);
    expect(alice.types()).not.toContain('command.confirmed');
  });

  test('Enter runs a read, never a change', () => {
    const alice = new Operator(
      runbook(step('Look', 'kubectl get pods') + step('Scale', 'kubectl scale deployment/x --replicas=2')),
    );
    expect(alice.pending.level).toEqual({ kind: 'enter' });
    alice.runs('enter');
    alice.does({ type: 'pass', step: '1.1' });
    expect(alice.pending.level).toEqual({ kind: 'yes' });
    expect(alice.confirms('enter')).toBe(false);
    expect(alice.confirms('yes')).toBe(true);
  });

  test('a command that destroys asks for the workload by name, every time', () => {
    const alice = new Operator(
      runbook(step('Delete', 'kubectl delete deployment/x') + step('Delete more', 'kubectl delete deployment/y')),
      { workloads: ['deployment/checkout'] },
    );
    expect(alice.pending.level).toEqual({ kind: 'type', word: 'checkout', of: 'workload' });
    expect(alice.confirms('yes')).toBe(false);
    expect(alice.confirms('typed', 'chekout')).toBe(false);
    expect(alice.confirms('typed', 'checkout')).toBe(true);
    alice.ends();
    alice.does({ type: 'pass', step: '1.1' });
    expect(alice.pending.level.kind).toBe('type');
  });

  test('a critical change in production is typed once for its kind, then y is enough', () => {
    const critical = (title: string): string =>
      `1. ${title} {critical}\n\n   \`\`\`sh\n   kubectl scale deployment/x --replicas=2\n   \`\`\`\n\n`;
    const alice = new Operator(runbook(critical('Scale') + critical('Scale again')), { production: true });
    expect(alice.pending.level).toEqual({ kind: 'type', word: 'shop', of: 'namespace' });
    alice.runs('typed');
    alice.does({ type: 'pass', step: '1.1' });
    expect(alice.pending.level).toEqual({ kind: 'yes' });
  });

  test('nothing is confirmed while a command runs', () => {
    const alice = new Operator(runbook(step('Scale', 'kubectl scale deployment/x --replicas=2')));
    const { pending } = alice;
    alice.confirms('yes');
    expect(alice.main.kind).toBe('wait');
    const intent = {
      type: 'run',
      step: '1.1',
      action: 0,
      part: 'action',
      how: 'yes',
      typed: null,
      script: null,
      edited: null,
      stdin: null,
    } as const;
    expect(alice.does({ ...intent, hash: pending.hash })).toBe(false);
  });
});

describe('values', () => {
  test('reach a command by the environment, with their hashes in the spec', () => {
    const head = 'inputs:\n  api-host: { prompt: Host }\n';
    const alice = new Operator(runbook(step('Call', 'curl "https://$API_HOST/health"'), head), {
      inputs: { 'api-host': 'example.com' },
    });
    expect(alice.pending.spec.env.map(({ name }) => name)).toEqual(['API_HOST', 'NAMESPACE']);
    expect(alice.pending.spec.script).toContain('$API_HOST');
    expect(alice.pending.values).toEqual([{ name: 'API_HOST', value: 'example.com' }]);
  });

  test('a capture is there for the next command', () => {
    const alice = new Operator(
      runbook(step('Remember', 'kubectl get deploy x -o name', '{capture=OLD}') + step('Say', 'echo "$OLD"')),
    );
    alice.runs('enter', { captures: { OLD: 'v1' } });
    alice.does({ type: 'pass', step: '1.1' });
    expect(alice.pending.values).toEqual([{ name: 'OLD', value: 'v1' }]);
  });

  test('an empty capture needs the operator', () => {
    const alice = new Operator(runbook(step('Remember', 'kubectl get deploy x -o name', '{capture=OLD}')));
    alice.runs('enter', { captures: { OLD: '' } });
    expect(alice.main).toMatchObject({ kind: 'accept', because: 'nothing was printed for OLD' });
  });

  test('a placeholder is asked for at its step', () => {
    const alice = new Operator('# T\n\n## P\n\n1. Look\n\n   ```sh\n   kubectl get pods -n <namespace>\n   ```\n');
    expect(alice.main).toMatchObject({ kind: 'ask', action: null, inputs: [{ variable: 'P_NAMESPACE' }] });
    alice.does({ type: 'answer', step: '1.1', action: null, values: { P_NAMESPACE: 'a b' }, secrets: [] });
    expect(alice.main.kind).toBe('run');
    expect(alice.pending.values).toEqual([{ name: 'P_NAMESPACE', value: 'a b' }]);
  });
});

describe('an unknown end', () => {
  const lost = (): Operator => {
    const alice = new Operator(runbook(step('Scale', 'kubectl scale deployment/x --replicas=2')));
    alice.confirms('yes');
    alice.reports({ type: 'attempt-unknown', attempt: 1, startedAt: 5, survivors: [] });
    return alice;
  };

  test('takes what still lives anew, without a call, until it is decided', () => {
    const alice = lost();
    const calls = alice.effects.length;
    const survivors = [{ pid: 7, command: 'sleep' }];
    expect(alice.reports({ type: 'attempt-survivors', attempt: 1, survivors })).toBe(true);
    expect(alice.state.attempts[1]).toMatchObject({ status: 'unknown', startedAt: 5, survivors });
    expect(alice.reports({ type: 'attempt-survivors', attempt: 1, survivors: [] })).toBe(true);
    expect(alice.state.attempts[1]?.survivors).toEqual([]);
    expect(alice.effects).toHaveLength(calls);
    alice.does({ type: 'resolve', attempt: 1, as: 'succeeded', evidence: 'two pods' });
    expect(alice.reports({ type: 'attempt-survivors', attempt: 1, survivors })).toBe(true);
    expect(alice.state.attempts[1]).toMatchObject({ survivors: [] });
    expect(alice.state.attempts[1]?.status).not.toBe('running');
  });

  test('is left only by a recorded decision', () => {
    const alice = lost();
    expect(alice.main.kind).toBe('resolve');
    for (const intent of [
      { type: 'pass', step: '1.1' },
      { type: 'again', step: '1.1' },
      { type: 'accept', step: '1.1', reason: 'because' },
      { type: 'back', step: '1.1' },
    ] as const) {
      expect(alice.does(intent)).toBe(false);
    }
    expect(alice.does({ type: 'resolve', attempt: 1, as: 'succeeded', evidence: '' })).toBe(false);
    expect(alice.does({ type: 'resolve', attempt: 1, as: 'succeeded', evidence: 'two replicas run' })).toBe(true);
    expect(alice.status('1.1')).toBe('passed');
  });

  test('not applied asks for a new confirmation', () => {
    const alice = lost();
    alice.does({ type: 'resolve', attempt: 1, as: 'not-applied', evidence: 'still one replica' });
    expect(alice.main.kind).toBe('confirm');
  });

  test('an attempt that never began asks for a new confirmation', () => {
    const alice = new Operator(runbook(step('Scale', 'kubectl scale deployment/x --replicas=2')));
    alice.confirms('yes');
    alice.reports({ type: 'attempt-not-started', attempt: 1, because: 'claimed' });
    expect(alice.main.kind).toBe('confirm');
    expect(alice.state.attempts[1]?.status).toBe('not-started');
  });
});

test('a background command lets the walk go on and is told to end with its phase', () => {
  const alice = new Operator(
    runbook(
      `${step('Forward', 'kubectl port-forward svc/x 8080:80', '{background}')}- [ ] Try it\n\n## Next\n\n- [ ] Done\n`,
    ),
  );
  alice.confirms(alice.pending.level.kind === 'enter' ? 'enter' : 'yes');
  alice.reports({ type: 'attempt-started', attempt: 1, pid: 7, startedAt: 1 });
  alice.reports({ type: 'attempt-steady', attempt: 1, bytes: 0, lines: 0, tail: '' });
  expect(alice.status('1.1')).toBe('passed');
  expect(alice.types()).not.toContain('command.stop-requested');
  alice.does({ type: 'pass', step: '1.2' });
  expect(alice.types()).toContain('command.stop-requested');
  alice.reports({
    type: 'attempt-finished',
    attempt: 1,
    outcome: outcome({ exit: null, signal: 'SIGTERM' }),
    recovered: false,
  });
  expect(alice.status('1.1')).toBe('passed');
});
