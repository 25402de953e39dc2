import { bad, failedToAsk, good, noData, type Sample } from '../../../src/gates/sample.ts';
import type { Gate, Runbook } from '../../../src/runbook/model.ts';
import type { Recorded } from '../../../src/session/events.ts';
import type { RunbookLibrary } from '../../../src/session/state.ts';
import {
  changing,
  commandOf,
  inputOf,
  JournalWriter,
  libraryOf,
  phaseOf,
  run,
  runbookOf,
  startOf,
  stepOf,
} from '../../record/support.ts';

/** Runs with gates and rollback criteria, stopped where a picture of the screen is worth looking at. */

const path = 'runbooks/rolling.md';
const look = commandOf('kubectl get deployment checkout -o wide');
const set = changing('kubectl set image deployment/checkout web=shop/checkout:"$VERSION"');

const check = (source: string, body: Gate['checks'][number]['body']): Gate['checks'][number] => ({
  source,
  body,
  expression: null,
  line: 1,
});

const gateOf = (checks: Gate['checks'], more: Partial<Gate> = {}): Gate => ({
  name: null,
  critical: true,
  checks,
  else: [],
  forMs: null,
  withinMs: null,
  settleMs: null,
  everyMs: null,
  breach: null,
  floor: null,
  minLooks: null,
  holdTimeoutMs: null,
  shift: null,
  ...more,
});

const soak = gateOf(
  [
    check('pods', 'app=checkout ready'),
    check('http', 'https://shop.example.com/health'),
    check('logs', { selector: 'app=checkout', none: '/panic|FATAL/' }),
  ],
  { name: 'Soak: pods, health, logs', forMs: 600_000 },
);

const gate = (own: Gate) => ({ kind: 'gate', gate: own, line: 1 }) as const;

export const rolling: Runbook = runbookOf(
  'Rolling update',
  'deploy',
  [
    phaseOf('Set up', [stepOf('Merge freeze announced')]),
    phaseOf('Roll out', [
      stepOf('Set the image', [run(set)], { undo: [set] }),
      stepOf('Wait for the rollout', [gate(gateOf([check('rollout', 'deployment/checkout')]))]),
      stepOf('Look at the dashboard'),
    ]),
    phaseOf('Soak', [stepOf('Soak: pods, health, logs', [gate(soak)]), stepOf('Tell the team')]),
  ],
  {
    inputs: [inputOf('service'), inputOf('version'), inputOf('previous-version')],
    rollback: {
      runbook: null,
      with: {},
      line: 1,
      when: [
        check('pods', 'failing'),
        check('restarts', '> 5 in 5m'),
        check('rollout', 'deadline'),
        check('http', 'https://shop.example.com/health'),
      ],
    },
  },
);

export const gateLibrary: RunbookLibrary = libraryOf([path, rolling]);

const identity = {
  context: 'prod-eu',
  namespace: 'production',
  clusterUid: '41ab',
  server: 'https://10.0.0.1:6443',
  caSha256: 'ab',
  user: 'alice@example.com',
  others: [],
};

const allInputs = { service: 'checkout', version: 'v2.3.1', 'previous-version': 'v2.3.0' };

const begin = (inputs: Readonly<Record<string, string>> = allInputs): JournalWriter =>
  new JournalWriter()
    .add(
      'run.started',
      startOf({
        target: {
          context: 'prod-eu',
          namespace: 'production',
          workloads: ['deployment/checkout'],
          production: true,
          pinned: true,
        },
      }),
    )
    .add('target.pinned', { identity, kubeconfigSha256: null })
    .open(path, rolling, inputs);

const armed = (journal: JournalWriter = begin()): JournalWriter => {
  journal
    .tick('1.1')
    .add('lock.acquired', { scope: 'deployment-checkout', epoch: 3, where: 'cluster' })
    .ran('2.1', set, 'deployment.apps/checkout image updated\n', 1)
    .passed('2.1');
  for (const criterion of [0, 1, 2, 3]) journal.add('criterion.armed', { criterion, reference: null });
  return journal;
};

const rollout = { step: '2.2', action: 0 } as const;
const soaking = { step: '3.1', action: 0 } as const;

const atRollout = (): JournalWriter =>
  armed()
    .add('step.started', { step: '2.2' })
    .add('gate.started', { ...rollout, try: 1, checks: ['rollout'], hash: null });

const sampled = (journal: JournalWriter, samples: readonly Sample[], at: typeof rollout | typeof soaking = rollout) =>
  journal.add('gate.sampled', { ...at, samples: samples.map((sample, index) => ({ check: index, sample })) });

const manifest = 'checkout-7d9f8c6b54-x2x1v: manifest for registry.example.com/shop/checkout:v2.3.1 not found';

const atSoak = (): JournalWriter =>
  atRollout()
    .add('gate.verdict', { ...rollout, verdict: 'PASS', because: '', checks: [] })
    .passed('2.2', 'itself')
    .tick('2.3')
    .add('step.started', { step: '3.1' })
    .add('gate.started', { ...soaking, try: 1, checks: ['pods', 'http', 'logs'], hash: null });

const fine = (at: number): readonly Sample[] => [good(at, '6 of 6 ready'), good(at, 'HTTP 200'), good(at, '0 lines')];

const heldFor = (looks: number): JournalWriter => {
  let journal = atSoak();
  for (let i = 0; i < looks; i += 1) {
    journal = journal.wait(15);
    journal = sampled(journal, fine(journal.now), soaking);
  }
  return journal;
};

const verdictOf = (
  journal: JournalWriter,
  verdict: 'FAIL' | 'ERROR' | 'NO-DATA',
  because: string,
  at: typeof rollout | typeof soaking,
) => journal.add('gate.verdict', { ...at, verdict, because, checks: [] });

const failed = (): JournalWriter => {
  const journal = atRollout().wait(21);
  sampled(journal, [bad(journal.now, 'UPDATING 2/6', manifest, 'terminal')]);
  return verdictOf(journal, 'FAIL', manifest, rollout);
};

const blinded = (): JournalWriter => {
  const journal = heldFor(8);
  const refused = 'connect ECONNREFUSED 10.0.0.7:443';
  for (let i = 0; i < 3; i += 1) {
    journal.wait(5);
    journal.add('gate.sampled', { ...soaking, samples: [{ check: 1, sample: failedToAsk(journal.now, refused) }] });
  }
  return verdictOf(journal, 'ERROR', `http shop.example.com/health: ${refused}`, soaking);
};

const lostSight = (): JournalWriter => {
  const journal = heldFor(8);
  const silent = noData(journal.now, 'stale', 'no news since 14:45:03 (connection refused)');
  journal.add('gate.sampled', { ...soaking, samples: [{ check: 0, sample: silent }] });
  return verdictOf(journal, 'NO-DATA', `pods of the target: ${silent.because}`, soaking);
};

const rolled = (): JournalWriter => {
  const journal = atRollout().wait(18);
  return sampled(journal, [bad(journal.now, 'UPDATING 4/6', '2 pods are not replaced yet', 'underway')]);
};

/** Nobody has said which version was there before. */
const unnoted = (): JournalWriter => begin({ service: 'checkout', version: 'v2.3.1' });

/** What the workload's spec was before the first change. */
const storing = (journal: JournalWriter): JournalWriter =>
  journal.add('workload.stored', {
    workload: 'deployment/checkout',
    revision: '41',
    images: ['registry.example.com/shop/checkout:v2.2.9'],
    replicas: 6,
    containers: [{ name: 'web', image: 'registry.example.com/shop/checkout:v2.2.9' }],
    sha256: 'x',
  });

/** The runbook's own command has found what was there before, and its revision. */
const found = (journal: JournalWriter): JournalWriter => {
  for (const [name, text] of [
    ['PREVIOUS_IMAGE', 'registry.example.com/shop/checkout:v2.2.5'],
    ['REVISION', '41'],
  ] as const)
    journal.ran('1.1', look, text, 1, { outcome: { captures: { [name]: text } } });
  return journal;
};

const setByOthers = (journal: JournalWriter): JournalWriter =>
  journal.wait(5).add('change.foreign', {
    workload: 'deployment/checkout',
    by: 'kubectl-set',
    what: 'image web v2.3.1 -> v9',
    changedAt: journal.now,
  });

/** Journals by what the operator sees at their end. */
export const gateRuns = {
  before: (): readonly Recorded[] => begin().tick('1.1').events,
  rolling: (): readonly Recorded[] => rolled().events,
  failed: (): readonly Recorded[] => failed().events,
  soak: (): readonly Recorded[] => heldFor(17).events,
  blind: (): readonly Recorded[] => blinded().events,
  stale: (): readonly Recorded[] => lostSight().events,
  breached: (): readonly Recorded[] =>
    heldFor(4).wait(3).add('criterion.breached', { criterion: 3, value: 'HTTP 503' }).events,
  /** Before this process began: its own watch has seen nothing of it. */
  changed: (): readonly Recorded[] =>
    rolled().add('change.foreign', {
      workload: 'deployment/checkout',
      by: 'kubectl-set',
      what: 'image checkout v2.3.1 -> v9',
      changedAt: 1_000,
    }).events,
  unnoted: (): readonly Recorded[] => unnoted().events,
  stored: (): readonly Recorded[] => armed(storing(unnoted())).events,
  found: (): readonly Recorded[] => found(unnoted()).events,
  foreign: (): readonly Recorded[] => setByOthers(armed(storing(unnoted()))).events,
  foundForeign: (): readonly Recorded[] => setByOthers(armed(storing(found(unnoted())))).events,
  unlocked: (): readonly Recorded[] =>
    rolled().add('lock.unlocked', {
      scope: 'deployment-checkout',
      because: 'no permission (create leases)',
      holder: null,
    }).events,
  lost: (): readonly Recorded[] =>
    rolled().add('lock.lost', { scope: 'deployment-checkout', because: 'bob@bastion-2 took it over' }).events,
  notFreed: (): readonly Recorded[] =>
    rolled()
      .add('lock.lost', {
        scope: 'deployment-checkout',
        because: 'it could not be given free: connection refused',
        isNotFreed: true,
      })
      .add('run.finished', { outcome: 'succeeded', reason: null }).events,
  mismatch: (): readonly Recorded[] =>
    rolled().add('target.mismatch', { code: 'E602', expected: '41ab', found: '7c1e' }).events,
} as const;
