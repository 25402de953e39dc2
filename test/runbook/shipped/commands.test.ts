import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Step } from '../../../src/runbook/model.ts';
import { type FakeWorld, PracticeWorld } from './practice-world.ts';
import { environmentOf, ownCommands, type Ran, shipped, walkThrough } from './walk-through.ts';

const older = 'registry.example.com:5000/shop/checkout:v2.2.4';
const old = 'registry.example.com:5000/shop/checkout:v2.2.5';
const fresh = 'registry.example.com:5000/shop/checkout:v2.3.0';

const deployment = (name: string, replicas: number, image: string): FakeWorld => ({
  [`${name} replicas`]: String(replicas),
  [`${name} ready`]: String(replicas),
  [`${name} image`]: image,
  [`${name} revision`]: '41',
  [`${name} history 40`]: older,
  [`${name} history 41`]: image,
});

const cluster = (replicas = 10): FakeWorld => ({
  context: 'prod-eu',
  ...deployment('checkout', replicas, old),
  ...deployment('checkout-canary', 0, old),
  ...deployment('staging/checkout', 0, fresh),
  'staging pods': 'checkout-1   1/1   Running   0   5m\\nmigrate-1   0/1   Completed   0   5m\\n',
  'top nodes': 'node-1   420m   42%   3Gi   40%\\n',
  'gh pr view': 'MERGED APPROVED\\n',
  'gh pr checks': 'build  pass\\n',
  'gh issue view': 'OPEN, ready\\nCQ approved by ann, 2026-03-01T09:00:00Z\\nQA passed by bob, 2026-03-01T10:00:00Z\\n',
  'gh run list': 'completed success\\n',
  'gh api repos/company/checkout/commits/v2.3.0': '5f1c2d7\\n',
});

const given = {
  service: 'checkout',
  version: 'v2.3.0',
  repo: 'company/checkout',
  ticket: '4711',
  issue: 'Card payments answer 503',
  'health-url': 'https://checkout.example.com/health',
};

let world: PracticeWorld;

const enter = (name: string, inputs: Readonly<Record<string, string>> = {}, start = cluster()): void => {
  world = new PracticeWorld(start, {
    ...environmentOf(shipped(name), { ...given, ...inputs }),
    NAMESPACE: 'production',
  });
};

beforeEach(() => enter('canary'));
afterEach(() => world.remove());

const wentWell = (ran: readonly Ran[]): void => {
  const bad = ran.filter(({ outcome }) => outcome.exit !== 0 || outcome.expected === false);
  expect(bad.map(({ step, outcome }) => `${step.title}: ${outcome.output}`)).toEqual([]);
};

const isManifestStep = (step: Step): boolean => step.title.startsWith('Create the canary Deployment');

const stages =
  (...shares: readonly number[]) =>
  (title: string): boolean =>
    title === 'Setup' || shares.some((share) => title.startsWith(`${share} %`));

const scale = (name: string, replicas: number): string => `kubectl scale deployment/${name} --replicas=${replicas}`;

/** Rolls back as a run would: captures of the run fill inputs of the same variable that are not given. */
const rollBack = (values: Readonly<Record<string, string>>): readonly Ran[] => {
  const runbook = shipped('rollback');
  const captured = world.value('REVISION');
  const inputs: Record<string, string> = {
    ...given,
    ...(captured === undefined ? {} : { revision: captured }),
    ...values,
  };
  for (const { name, default: usual } of runbook.inputs) inputs[name] ??= usual ?? '';
  world.set(environmentOf(runbook, inputs));
  return walkThrough(runbook, world, { inputs });
};

describe('canary.md', () => {
  it('grows the canary before stable shrinks, at every stage, and ends with stable alone', () => {
    const ran = walkThrough(shipped('canary'), world, { without: isManifestStep });
    wentWell(ran);
    expect(world.changes).toEqual([
      `kubectl set image deployment/checkout-canary app=${fresh}`,
      scale('checkout-canary', 1),
      scale('checkout', 9),
      scale('checkout-canary', 3),
      scale('checkout', 7),
      scale('checkout-canary', 5),
      scale('checkout', 5),
      scale('checkout-canary', 8),
      scale('checkout', 2),
      scale('checkout-canary', 10),
      scale('checkout', 0),
      `kubectl set image deployment/checkout app=${fresh}`,
      scale('checkout', 10),
      scale('checkout-canary', 0),
    ]);
  });

  it.each([1, 3, 7, 23])('never has fewer than %i ready pods', (replicas) => {
    world.remove();
    enter('canary', { replicas: String(replicas) }, cluster(replicas));
    wentWell(walkThrough(shipped('canary'), world, { without: isManifestStep }));
    expect(Math.min(...world.calls.map(({ ready }) => ready))).toBe(replicas);
    const canary = world.changes.flatMap(
      (line) => /scale deployment\/checkout-canary --replicas=(\d+)/.exec(line)?.[1] ?? [],
    );
    const shares = [10, 25, 50, 75, 100].map((share) => String(Math.ceil((replicas * share) / 100)));
    expect(canary).toEqual([...shares, '0']);
  });

  it('leaves stable alone while the canary is not ready', () => {
    world.change({ 'checkout-canary broken': 'yes' });
    const ran = walkThrough(shipped('canary'), world, { without: isManifestStep });
    expect(ran.at(-1)?.step.title).toBe("The canary's pods are ready");
    expect(ran.at(-1)?.outcome.expected).toBe(false);
    const stable = shipped('canary')
      .phases.flatMap((phase) => phase.steps)
      .find((step) => step.title === 'Stable down to 90 % of the pods');
    const outcome = world.run(ownCommands(stable as Step)[0] as never);
    expect(outcome.exit).not.toBe(0);
    expect(world.changes.at(-1)).toBe(scale('checkout-canary', 1));
  });

  it('keeps the old version in stable until the last soak has passed', () => {
    wentWell(walkThrough(shipped('canary'), world, { without: isManifestStep, phases: stages(10, 25, 50, 75, 100) }));
    expect(world.changes.filter((line) => line.includes('set image deployment/checkout '))).toEqual([]);
    expect(world.changes.at(-1)).toBe(scale('checkout', 0));
  });

  it('goes back from 50 %: stable to full strength, ready, then the canary to 0', () => {
    wentWell(walkThrough(shipped('canary'), world, { without: isManifestStep, phases: stages(10, 25, 50) }));
    const before = world.calls.length;
    wentWell(rollBack({ method: 'canary', replicas: '10' }));
    const after = world.calls.slice(before).map(({ args }) => args.join(' '));
    const order = [
      'scale deployment/checkout ',
      'rollout status deployment/checkout ',
      'scale deployment/checkout-canary ',
    ].map((start) => after.findIndex((line) => line.startsWith(start)));
    expect(order).toEqual(order.toSorted((a, b) => a - b));
    expect(order).not.toContain(-1);
    expect(world.changes.slice(-3)).toEqual([
      'kubectl rollout undo deployment/checkout --to-revision=41',
      scale('checkout', 10),
      scale('checkout-canary', 0),
    ]);
    expect(Math.min(...world.calls.map(({ ready }) => ready))).toBe(10);
  });

  it('goes back to the old image after stable has the new one', () => {
    wentWell(walkThrough(shipped('canary'), world, { without: isManifestStep }));
    wentWell(rollBack({ method: 'canary', replicas: '10' }));
    expect(world.world).toMatchObject({
      'checkout image': old,
      'checkout ready': '10',
      'checkout-canary replicas': '0',
    });
  });

  it('undoes each stage with what it writes beside the command', () => {
    wentWell(walkThrough(shipped('canary'), world, { without: isManifestStep, phases: stages(10, 25) }));
    const steps = shipped('canary')
      .phases.filter((phase) => phase.title.startsWith('25 %'))
      .flatMap((phase) => phase.steps);
    for (const step of steps.toReversed()) for (const command of step.undo) expect(world.run(command).exit).toBe(0);
    expect(world.changes.slice(-2)).toEqual([scale('checkout', 9), scale('checkout-canary', 1)]);
  });

  it('stops in the setup when stable is not at full strength', () => {
    world.change({ 'checkout ready': '8' });
    const ran = walkThrough(shipped('canary'), world, { without: isManifestStep });
    expect(ran.at(-1)?.step.title).toBe('Stable is at full strength and nothing else is rolling out');
    expect(world.changes).toEqual([]);
  });
});

describe('hotfix.md', () => {
  beforeEach(() => {
    world.remove();
    enter('hotfix');
    world.set({ REPO: 'company/checkout', PULL_REQUEST: '4712' });
  });

  it('looks first, then sets one image of the same repository and waits for it', () => {
    const ran = walkThrough(shipped('hotfix'), world);
    wentWell(ran);
    expect(world.calls.slice(0, 4).map(({ args }) => args.slice(0, 2).join(' '))).toEqual([
      'config current-context',
      'get deployment',
      'get pods',
      'rollout history',
    ]);
    expect(world.changes).toEqual([`kubectl set image deployment/checkout app=${fresh}`]);
    expect(world.value('PREVIOUS_IMAGE')).toBe(old);
    expect(world.value('REVISION')).toBe('41');
    const asked = ran.flatMap(({ check }) => (check === null ? [] : [check]));
    expect(asked.map(({ kind }) => kind).slice(0, 3)).toEqual(['rollout', 'logs', 'http']);
    expect(asked.filter(({ kind }) => kind === 'http')).toEqual(
      Array(6).fill({ kind: 'http', url: 'https://checkout.example.com/health', status: 200, json: [] }),
    );
  });

  it.each([
    ['registry.example.com/checkout@sha256:0123abcd', 'registry.example.com/checkout:v2.3.0'],
    ['registry.example.com/checkout:v1@sha256:0123abcd', 'registry.example.com/checkout:v2.3.0'],
    ['localhost:5000/checkout', 'localhost:5000/checkout:v2.3.0'],
    ['checkout', 'checkout:v2.3.0'],
  ])('gives %s the new tag', (from, to) => {
    world.change({ 'checkout image': from });
    walkThrough(shipped('hotfix'), world);
    expect(world.value('NEW_IMAGE')).toBe(to);
  });

  it('stops when the pull request is not approved', () => {
    world.change({ 'gh pr view': 'MERGED REVIEW_REQUIRED' });
    expect(walkThrough(shipped('hotfix'), world).at(-1)?.outcome.expected).toBe(false);
    expect(world.changes).toEqual([]);
  });

  it('is taken back to the revision from before it', () => {
    wentWell(walkThrough(shipped('hotfix'), world));
    wentWell(rollBack({ method: 'rolling' }));
    expect(world.changes.at(-1)).toBe('kubectl rollout undo deployment/checkout --to-revision=41');
    expect(world.world['checkout image']).toBe(old);
  });

  it('takes the last release back when nothing was deployed yet', () => {
    wentWell(rollBack({ method: 'rolling' }));
    expect(world.changes).toEqual(['kubectl rollout undo deployment/checkout --to-revision=0']);
    expect(world.world['checkout image']).toBe(older);
  });

  it('has an undo beside the change', () => {
    wentWell(walkThrough(shipped('hotfix'), world));
    const undo = shipped('hotfix').phases.flatMap((phase) => phase.steps.flatMap((step) => step.undo));
    expect(undo).toHaveLength(1);
    expect(world.run(undo[0] as never).exit).toBe(0);
    expect(world.world['checkout image']).toBe(old);
  });
});

describe('rollback.md', () => {
  beforeEach(() => {
    world.remove();
    enter('rollback', {}, { ...cluster(), ...deployment('checkout-blue', 10, old) });
  });

  it.each([
    [
      { method: 'blue-green', colour: 'blue' },
      [`kubectl patch service checkout -p {"spec":{"selector":{"version":"blue"}}}`],
    ],
    [
      { method: 'flag', flag: 'new-payment-form', 'flag-tool': 'launchdarkly' },
      ['ldcli flags toggle-off --project default --environment production --flag new-payment-form'],
    ],
    [{ method: 'flag', flag: 'new-payment-form' }, []],
    [
      { method: 'gitops', 'gitops-app': 'checkout-prod' },
      ['argocd app set checkout-prod --sync-policy none', 'argocd app rollback checkout-prod'],
    ],
    [
      { method: 'gitops', 'gitops-app': 'checkout-prod', revision: '12' },
      ['argocd app set checkout-prod --sync-policy none', 'argocd app rollback checkout-prod 12'],
    ],
    [
      { method: 'gitops', 'gitops-tool': 'flux', 'gitops-app': 'checkout', 'bad-commit': '5f1c2d7' },
      [
        'git switch main',
        'git pull --ff-only origin main',
        'git revert --no-edit 5f1c2d7',
        'git push origin main',
        'flux reconcile kustomization checkout --with-source --timeout=5m',
      ],
    ],
    [{ method: 'database' }, ['kubectl apply -f k8s/migration-down.yaml']],
  ])('%o runs its own commands only', (values, expected) => {
    wentWell(rollBack(values));
    expect(world.changes).toEqual(expected);
  });

  it('does not call it done while pods of the colour that has the traffic again are not ready', () => {
    world.change({ 'checkout-blue ready': '9' });
    const ran = rollBack({ method: 'blue-green', colour: 'blue' });
    expect(ran.at(-1)?.step.title).toBe('Bring that colour back to full strength');
    expect(world.changes).toEqual([]);
  });

  it('brings up a colour that was taken down before it sends the traffic there', () => {
    world.change({ 'checkout-blue replicas': '0', 'checkout-blue ready': '0' });
    wentWell(rollBack({ method: 'blue-green', colour: 'blue', replicas: '3' }));
    expect(world.changes).toEqual([
      scale('checkout-blue', 3),
      `kubectl patch service checkout -p {"spec":{"selector":{"version":"blue"}}}`,
    ]);
  });

  it('does not touch stable when a canary is taken back without a known revision', () => {
    world.change({ 'checkout replicas': '5', 'checkout ready': '5' });
    wentWell(rollBack({ method: 'canary', replicas: '10' }));
    expect(world.changes).toEqual([scale('checkout', 10), scale('checkout-canary', 0)]);
  });

  it('keeps the canary while stable is not ready', () => {
    world.change({ 'checkout broken': 'yes', 'checkout replicas': '5', 'checkout ready': '4' });
    const ran = rollBack({ method: 'canary', replicas: '10' });
    expect(ran.at(-1)?.step.title).toBe('Bring stable back to full strength');
    expect(world.changes).toEqual([scale('checkout', 10)]);
  });
});

describe('pre-deploy.md', () => {
  beforeEach(() => {
    world.remove();
    enter('pre-deploy');
  });

  const walk = () =>
    walkThrough(shipped('pre-deploy'), world, { inputs: { migration: 'false', 'gitops-tool': 'none' } });

  it.each([
    'checkout-1   0/1   CrashLoopBackOff   12 (30s ago)   5m\\n',
    'checkout-1   0/1   Running   0   5m\\n',
    'checkout-1   0/1   Pending   0   5m\\n',
    'checkout-1   1/1   Running   12 (4m30s ago)   5h\\n',
    '',
  ])('stops at a pod in staging that kubectl shows as %j', (pods) => {
    world.change({ 'staging pods': pods });
    expect(walk().at(-1)?.step.title).toBe('No pod in staging is in trouble');
  });

  it('takes no offence at pods that restarted long ago', () => {
    world.change({ 'staging pods': 'checkout-1   1/1   Running   3 (5h20m ago)   2d\\n' });
    wentWell(walk());
  });

  it('looks at everything and changes nothing', () => {
    wentWell(walk());
    const lines = world.calls.map(({ tool, args }) => [tool, ...args].join(' '));
    expect(lines).toContain('kubectl apply --dry-run=server -f k8s/ -n production');
    expect(lines).toContain('docker manifest inspect registry.example.com:5000/shop/checkout:v2.3.0');
    expect(lines).toContain('docker manifest inspect registry.example.com:5000/shop/checkout:v2.2.5');
    expect(lines.some((line) => line.startsWith('gh run list --repo company/checkout --commit 5f1c2d7'))).toBe(true);
    expect(world.changes).toEqual([]);
  });

  it.each([
    ['gh issue view', 'CLOSED, ready', 'The ticket is open and ready for production'],
    ['gh run list', 'completed failure, completed success', 'Every CI run of that commit is complete and green'],
    ['gh run list', '', 'Every CI run of that commit is complete and green'],
  ])('stops when %s says %j', (key, answer, title) => {
    world.change({ [key]: answer });
    const last = walk().at(-1);
    expect(last?.step.title).toBe(title);
    expect(last?.outcome.expected).toBe(false);
  });

  it.each([
    [{ 'staging/checkout image': old }, 'Staging runs exactly this version'],
    [{ 'staging/checkout replicas': '2' }, 'Its rollout is complete'],
    [{ 'top nodes': 'node-1   900m   91%   3Gi   40%\\n' }, 'Nodes have room (if the cluster measures them)'],
    [{ 'top nodes': '' }, 'Nodes have room (if the cluster measures them)'],
    [{ 'checkout ready': '9' }, 'This service is not being rolled out by somebody else'],
  ])('stops at %o', (change, title) => {
    world.change(change as FakeWorld);
    const last = walk().at(-1);
    expect(last?.step.title).toBe(title);
    expect(last?.outcome.expected).toBe(false);
  });
});
