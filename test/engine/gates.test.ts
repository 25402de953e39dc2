import { afterEach, describe, expect, test } from 'vitest';
import type { ClusterFacts } from '../../src/gates/workload.ts';
import { mainAction } from '../../src/session/select.ts';
import { facts, live, pod, pods, rollout, workload } from '../gates/support/facts.ts';
import { Operator } from '../session/support.ts';
import { World, webAnswer } from './world.ts';

const gate = (body: string, head = ''): string =>
  `---\ngonogo: 1\n${head}---\n# Deploy\n\n- [ ] Healthy\n  \`\`\`gate\n  ${body.split('\n').join('\n  ')}\n  \`\`\`\n`;

let world: World;
afterEach(() => world?.close());

const main = () => mainAction(world.view.session, world.clock.now());

/** Facts as fresh as the clock of the world. */
const now = () => world.clock.now();
const stateOf = (change: Parameters<typeof workload>[0] = {}) =>
  facts({
    source: live({ freshAt: now() }),
    workloads: [workload({ source: live({ freshAt: now() }), stableSince: now() - 90_000, ...change })],
  });

describe('gates of a run', () => {
  test('begin by themselves and pass on what the cluster shows', async () => {
    world = await World.open(gate('rollout: deployment/checkout'));
    world.shows(stateOf({ rollout: rollout({ phase: 'updating', text: 'UPDATING 2/6' }), stableSince: null }));
    await world.passes(30);
    expect(world.status('0.1')).toBe('active');
    world.shows(stateOf());
    await world.passes(3);
    expect(world.status('0.1')).toBe('passed');
    const at = (type: string) => world.types().lastIndexOf(type);
    expect(at('gate.sampled')).toBeLessThan(at('gate.verdict'));
    expect(at('gate.verdict')).toBeLessThan(at('step.passed'));
  });

  test('fail within 5 s of a pod that cannot start, and ring', async () => {
    world = await World.open(gate('rollout: deployment/checkout'));
    world.shows(stateOf({ rollout: rollout({ phase: 'updating', text: 'UPDATING 1/6' }), stableSince: null }));
    await world.passes(10);
    const doomed = {
      rollout: rollout({ phase: 'updating', text: 'UPDATING 1/6' }),
      stableSince: null,
      newPods: pods({ DOOMED: 1 }),
    };
    world.shows(stateOf({ ...doomed, troubled: [pod({ class: 'DOOMED', reason: 'manifest unknown' })] }));
    await world.passes(5);
    expect(main()).toMatchObject({
      kind: 'gate',
      stage: 'failed',
      because: expect.stringContaining('manifest unknown'),
    });
    expect(world.rang).toEqual(['needs-you']);
    expect(world.view.cluster?.workloads[0]?.newPods.DOOMED).toBe(1);
  });

  test('are BLIND when the watch goes stale, and pass once it lives again', async () => {
    world = await World.open(gate('pods: app=web ready\nfor: 60s'));
    const selection = (freshAt: number) => {
      const seen = live({ freshAt });
      return facts({
        source: seen,
        workloads: [],
        selections: { 'app=web': { source: seen, counts: pods({ OK: 3 }), troubled: [], owners: [] } },
      });
    };
    world.shows(selection(now()));
    await world.passes(44);
    expect(world.selected).toContain('app=web');
    await world.passes(4);
    expect(main()).toMatchObject({ stage: 'blind', because: expect.stringMatching(/no news since \d\d:\d\d:\d\d/) });
    world.shows(selection(now() + 60_000));
    await world.passes(6);
    expect(main()).toMatchObject({ stage: 'judging' });
    await world.passes(30);
    expect(world.status('0.1')).toBe('passed');
  });

  test('ask one question at a time, and again 5 s after an error', async () => {
    world = await World.open(gate("http: 'https://api.example.com/health'\nwithin: 5m"), { cluster: false });
    let settle: ((answer: ReturnType<typeof webAnswer>) => void) | null = null;
    world.answer = () => new Promise((done) => (settle = done));
    await world.passes(20);
    expect(world.asked).toHaveLength(1);
    world.answer = () => Promise.reject(new Error('connection refused'));
    (settle as unknown as (answer: unknown) => void)(webAnswer({ status: 302, location: 'https://sso/' }));
    await world.passes(16);
    expect(world.asked.length).toBeGreaterThanOrEqual(3);
    expect(main()).toMatchObject({ stage: 'blind' });
    world.answer = async () => webAnswer();
    await world.passes(6);
    expect(world.status('0.1')).toBe('passed');
  });

  test('run no command before Enter, and none of a runbook that is not trusted', async () => {
    world = await World.open(gate('command: gh run list'));
    world.shows(stateOf());
    await world.passes(30);
    expect(world.asked).toEqual([]);
    const { hash } = main() as { hash: string };
    world.probed = async () => ({ exit: 0, output: '', timedOut: false });
    await world.does({ type: 'start-gate', step: '0.1', action: 0, hash });
    await world.passes(2);
    expect(world.asked).toEqual(['gh run list']);
    expect(world.status('0.1')).toBe('passed');
    await world.close();
    world = await World.open(
      gate("http: 'https://api.example.com/'", 'rollback:\n  when:\n    - http: https://api.example.com/\n'),
      { restricted: true },
    );
    await world.passes(30);
    expect(world.asked).toEqual([]);
  });

  test('wait after a change until everything has been read anew, however lively the watch is', async () => {
    const text = `${gate('rollout: deployment/checkout').replace('- [ ] Healthy', '- [ ] Change it\n  ```sh\n  kubectl scale deployment/checkout --replicas=3\n  ```\n- [ ] Healthy')}`;
    const operator = new Operator(text);
    operator.confirms('yes');
    const event = operator.events.find((e) => e.type === 'command.confirmed');
    if (event?.type !== 'command.confirmed') throw new Error('nothing confirmed');
    world = await World.open(text);
    await world.changed('0.1', event);
    await world.does({ type: 'pass', step: '0.1' });
    const ended = world.ownChanges.at(-1)?.to ?? 0;
    const shownAs = (provenAt: number) => {
      const source = live({ freshAt: now(), provenAt });
      world.shows(stateOf({ source, stableSince: ended - 90_000 }));
    };
    for (let seconds = 0; seconds < 80; seconds += 10) {
      shownAs(ended + 1_999);
      await world.passes(10);
      expect(world.status('0.2')).toBe('active');
    }
    expect(main()).toMatchObject({ kind: 'gate', stage: 'judging' });
    expect(new Set(world.provenFrom)).toEqual(new Set([ended + 2_000]));
    shownAs(ended + 2_000);
    await world.passes(2);
    expect(world.status('0.2')).toBe('passed');
  });

  test('read no logs while a change runs and right after it: nobody has met it yet', async () => {
    const logs = "logs: { selector: 'app=web', none: '/panic/' }\nfor: 5m";
    const text = `${gate(logs).replace('- [ ] Healthy', '- [ ] Change it\n  ```sh\n  kubectl scale deployment/checkout --replicas=3\n  ```\n- [ ] Healthy')}`;
    const operator = new Operator(text);
    operator.confirms('yes');
    const event = operator.events.find((e) => e.type === 'command.confirmed');
    if (event?.type !== 'command.confirmed') throw new Error('nothing confirmed');
    world = await World.open(text);
    let read = 0;
    let provenFrom: number | null = null;
    world.counted = async (request) => {
      read += 1;
      provenFrom = request.provenFrom;
      return { pods: 1, read: 1, cut: 0, lines: 5, matches: 0, groups: [], incomplete: null };
    };
    await world.changed('0.1', event);
    await world.passes(1);
    expect(world.status('0.2')).toBe('active');
    expect(read).toBe(0);
    await world.passes(3);
    expect(read).toBe(1);
    const again = { ...event, data: { ...event.data, attempt: event.data.attempt + 1 } };
    const started = { attempt: again.data.attempt, pid: 1, startedAt: now() };
    await world.engine.record([again, { type: 'command.started', frame: 0, data: started }]);
    await world.passes(40);
    expect(read).toBe(1);
    await world.finishes(again.data.attempt);
    await world.passes(1);
    expect(read).toBe(1);
    await world.passes(2);
    expect(read).toBe(2);
    expect(provenFrom).toBe((world.ownChanges.at(-1)?.to ?? 0) + 2_000);
  });

  test('ask no command right after a change: it would be told the state before it', async () => {
    const text = `${gate('command: kubectl get rollout').replace('- [ ] Healthy', '- [ ] Change it\n  ```sh\n  kubectl scale deployment/checkout --replicas=3\n  ```\n- [ ] Healthy')}`;
    const operator = new Operator(text);
    operator.confirms('yes');
    const event = operator.events.find((e) => e.type === 'command.confirmed');
    if (event?.type !== 'command.confirmed') throw new Error('nothing confirmed');
    world = await World.open(text);
    world.probed = async () => ({ exit: 0, output: '', timedOut: false });
    await world.changed('0.1', event);
    await world.does({ type: 'pass', step: '0.1' });
    const { hash } = main() as { hash: string };
    await world.does({ type: 'start-gate', step: '0.2', action: 0, hash });
    await world.passes(1);
    expect(world.asked).toEqual([]);
    await world.passes(3);
    expect(world.asked).toEqual(['kubectl get rollout']);
    expect(world.status('0.2')).toBe('passed');
  });

  test('stop with the session: nothing is asked or recorded of a run that was left', async () => {
    world = await World.open(gate("http: 'https://api.example.com/'\nwithin: 5m"), { cluster: false });
    await world.passes(3);
    await world.does({ type: 'leave', why: 'quit' });
    const before = [world.asked.length, world.recorded.length];
    await world.passes(60);
    expect([world.asked.length, world.recorded.length]).toEqual(before);
  });

  test('show nothing that the disk refused, and say so once', async () => {
    world = await World.open(gate('rollout: deployment/checkout'));
    world.shows(stateOf({ stableSince: now() - 10_000 }));
    await world.passes(2);
    world.diskRefuses = true;
    world.shows(stateOf());
    await world.passes(20);
    expect(world.status('0.1')).toBe('active');
    expect(world.view.notice?.level).toBe('error');
    world.diskRefuses = false;
    world.shows(stateOf());
    await world.passes(3);
    expect(world.status('0.1')).toBe('passed');
  });

  test('begin anew when somebody else changes what they judge', async () => {
    world = await World.open(gate('pods: ready\nfor: 60s'));
    world.shows(stateOf());
    await world.passes(40);
    const foreign = { at: now(), workload: 'deployment/checkout', by: 'kubectl-set', what: 'image v2 -> v1' };
    const quiet = () => ({ ...stateOf(), foreignChanges: [foreign] });
    world.shows(quiet());
    await world.passes(2);
    expect(world.types().filter((type) => type === 'change.foreign')).toHaveLength(1);
    for (let i = 0; i < 4; i += 1) {
      world.shows(quiet());
      await world.passes(10);
    }
    expect(world.status('0.1')).toBe('active');
    world.shows(quiet());
    await world.passes(25);
    expect(world.status('0.1')).toBe('passed');
  });
});

test('what a workload is wanted to be is recorded when it changes, after what others changed', async () => {
  world = await World.open(gate('pods: ready\nfor: 60s'));
  const spec = (generation: number) => ({
    uid: 'w1',
    generation,
    templateHash: 'v2',
    images: [],
    desired: 3,
    isPaused: false,
    partition: 0,
    managers: [],
  });
  const shows = (generation: number, foreignChanges: ClusterFacts['foreignChanges'] = []) =>
    world.shows({
      ...stateOf(),
      foreignChanges,
      specs: [{ workload: 'deployment/checkout', madeBy: null, spec: spec(generation) }],
    });
  shows(12);
  await world.passes(5);
  shows(12);
  await world.passes(5);
  shows(13, [{ at: now(), workload: 'deployment/checkout', by: 'kubectl-set', what: 'replicas 3 -> 9' }]);
  await world.passes(5);
  expect(world.types().filter((type) => /^(workload|change)\./.test(type))).toEqual([
    'workload.seen',
    'change.foreign',
    'workload.seen',
  ]);
  expect(world.view.session.seen['deployment/checkout']?.spec?.generation).toBe(13);
});

test('whoever comes back compares what was seen last once the ends of all commands are known', async () => {
  world = await World.open(gate('pods: ready'));
  expect(world.compared).toBe(0);
  await world.engine.resume();
  expect(world.compared).toBe(1);
});

describe('rollback criteria', () => {
  const text = `---
gonogo: 1
rollback:
  when:
    - pods: failing
---
# Deploy

- [ ] Change it
  \`\`\`sh
  kubectl scale deployment/checkout --replicas=3
  \`\`\`
- [ ] Change more
  \`\`\`sh
  kubectl scale deployment/checkout --replicas=4
  \`\`\`
`;

  const confirmed = () => {
    const operator = new Operator(text);
    operator.confirms('yes');
    const event = operator.events.find((e) => e.type === 'command.confirmed');
    if (event?.type !== 'command.confirmed') throw new Error('nothing confirmed');
    return event;
  };
  const failing = () =>
    stateOf({
      newPods: pods({ OK: 4, FAILING: 2 }),
      troubled: [pod({ class: 'FAILING', reason: 'CrashLoopBackOff' })],
    });

  test('are armed by the first change, breached after three looks, ring again, and wait for a reason', async () => {
    world = await World.open(text);
    world.shows(stateOf());
    await world.passes(2);
    await world.changed('0.1', confirmed());
    await world.passes(2);
    expect(world.types()).toContain('criterion.armed');
    expect(world.ownChanges).toHaveLength(1);
    world.shows(failing());
    await world.passes(6);
    expect(world.view.session.criteria[0]).toMatchObject({ status: 'suspect' });
    await world.passes(10);
    expect(world.view.session.criteria[0]).toMatchObject({
      status: 'breached',
      value: 'CrashLoopBackOff (checkout-7d9f-a)',
    });
    expect(main()).toMatchObject({
      kind: 'confirm',
      pending: { blocked: { nextStep: expect.stringContaining('R rolls back') } },
    });
    expect(world.rang).toEqual(['breach']);
    world.shows(failing());
    await world.passes(30);
    world.engine.noteKey();
    world.shows(failing());
    await world.passes(40);
    expect(world.rang).toEqual(['breach']);
    world.shows(failing());
    await world.passes(30);
    expect(world.rang).toEqual(['breach', 'breach']);
    expect(await world.does({ type: 'acknowledge-breach', criterion: 0, reason: 'a node was drained' })).toBe(true);
    world.shows(failing());
    await world.passes(30);
    expect(world.view.session.criteria[0]).toMatchObject({ status: 'ok', acknowledged: 'a node was drained' });
    expect(main()).toMatchObject({ kind: 'confirm', pending: { blocked: null } });
  });

  test('are BLIND without a cluster, and say why', async () => {
    world = await World.open(text, { cluster: false });
    await world.passes(20);
    expect(world.view.session.criteria[0]?.blind).toMatchObject({ because: 'there is no cluster to ask' });
    expect(world.view.criteria[0]).toMatchObject({ because: 'there is no cluster to ask' });
    expect(world.types().filter((type) => type === 'criterion.blind')).toHaveLength(1);
  });

  test('of a hotfix take what was bad before for their reference', async () => {
    world = await World.open(text.replace('rollback:', 'kind: hotfix\nrollback:'));
    world.shows(failing());
    await world.passes(30);
    expect(world.view.session.criteria[0]?.status).toBe('ok');
    await world.changed('0.1', confirmed());
    world.shows(failing());
    await world.passes(30);
    expect(world.view.session.criteria[0]).toMatchObject({ phase: 'ARMED', reference: 2, status: 'ok' });
    world.shows(stateOf({ newPods: pods({ FAILING: 3 }) }));
    await world.passes(16);
    expect(world.view.session.criteria[0]?.status).toBe('breached');
  });

  describe('over logs of a track', () => {
    const canary = text.replace('- pods: failing', "- logs: { selector: 'app=web,track=canary', none: '/panic/' }");
    const scaled = (desired: number) => stateOf({ rollout: rollout({ desired, text: 'COMPLETE' }) });
    const counts = (found: number, written = found) => {
      world.counted = async () => ({
        pods: found,
        read: found,
        cut: 0,
        lines: written,
        matches: 0,
        groups: [],
        incomplete: null,
      });
    };
    const first = () => world.view.session.criteria[0];

    test('are "not yet" before its first pods, and OVER when this run has scaled it to 0', async () => {
      world = await World.open(canary);
      counts(0);
      world.shows(scaled(3));
      await world.passes(40);
      expect(first()).toMatchObject({ phase: 'BEFORE', blind: null });
      expect(world.view.criteria[0]).toMatchObject({ notYet: true });
      await world.changed('0.1', confirmed());
      counts(3);
      await world.passes(20);
      expect(world.view.criteria[0]).toMatchObject({ notYet: false });
      counts(0);
      world.shows(scaled(0));
      await world.passes(40);
      expect(first()).toMatchObject({ phase: 'OVER', blind: null, status: 'ok' });
      counts(3);
      world.shows(scaled(3));
      await world.passes(20);
      expect(first()).toMatchObject({ phase: 'ARMED' });
    });

    test('are armed and ok over live pods that write nothing, whatever else was scaled to 0', async () => {
      world = await World.open(canary);
      counts(3, 0);
      world.shows(scaled(0));
      await world.passes(2);
      expect(world.view.criteria[0]).toMatchObject({ notYet: false, isBad: false, value: '0 of 0 lines' });
      await world.changed('0.1', confirmed());
      for (let seconds = 0; seconds < 60; seconds += 10) {
        await world.passes(10);
        expect(first()).toMatchObject({ phase: 'ARMED', blind: null, status: 'ok' });
      }
    });

    test('are BLIND when its pods are gone and nobody here has scaled it', async () => {
      world = await World.open(canary);
      counts(3);
      world.shows(scaled(3));
      await world.changed('0.1', confirmed());
      await world.passes(20);
      counts(0);
      await world.passes(60);
      expect(first()).toMatchObject({ phase: 'ARMED', blind: { because: 'no pods match the selector' } });
    });
  });

  test('of a runbook that was handed over to are watched with its values, and go on after its end', async () => {
    const after = `---\ngonogo: 1\ninputs:\n  host: {}\nrollback:\n  when:\n    - http: 'https://\${host}/health'\n---\n# After\n\n- [ ] Look\n`;
    const first = `---\ngonogo: 1\nrollback:\n  when:\n    - pods: failing\n---\n# P\n\n1. Then\n\n   \`\`\`handoff\n   runbook: after.md\n   with: { host: api.example.com }\n   \`\`\`\n\n- [ ] Last\n`;
    world = await World.open(first, {
      others: [{ path: 'after.md', purpose: 'handoff', text: after, with: { host: 'api.example.com' } }],
    });
    world.shows(stateOf());
    world.answer = async () => webAnswer({ status: 503 });
    await world.passes(2);
    expect(world.view.session.criteria).toHaveLength(1);
    await world.does({ type: 'handoff', step: '0.1', action: 0 });
    await world.passes(50);
    expect(world.asked).toContain('https://api.example.com/health');
    expect(world.view.session.criteria.map(({ status }) => status)).toEqual(['ok', 'breached']);
    await world.does({ type: 'acknowledge-breach', criterion: 1, reason: 'known before the start' });
    await world.does({ type: 'pass', step: '0.1' });
    expect(world.view.session.frame).toBe(0);
    const asked = world.asked.length;
    await world.passes(40);
    expect(world.asked.length).toBeGreaterThan(asked);
  });
});

test('what the cluster showed is kept when somebody goes past a gate', async () => {
  world = await World.open(gate('rollout: deployment/checkout'));
  const late = rollout({ phase: 'failed', text: 'FAILED 1/6', because: 'ProgressDeadlineExceeded' });
  world.shows(
    stateOf({ rollout: late, stableSince: null, troubled: [pod({ class: 'STUCK', reason: 'Unschedulable' })] }),
  );
  await world.passes(4);
  await world.does({ type: 'override-gate', step: '0.1', action: 0, reason: 'the old one is worse', typed: null });
  const evidence = world.recorded.find((event) => event.type === 'evidence.captured');
  expect(evidence?.data).toMatchObject({
    step: '0.1',
    panels: [{ title: 'deployment/checkout', text: expect.stringContaining('STUCK checkout-7d9f-a: Unschedulable') }],
  });
  expect(world.status('0.1')).toBe('passed');
});
