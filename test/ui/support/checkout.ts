import type { CommandOptions, Runbook } from '../../../src/runbook/model.ts';
import type { Recorded, RunStarted } from '../../../src/session/events.ts';
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

/** Runs of one emergency runbook, stopped where a picture of the screen is worth looking at. */

const options = (more: Partial<CommandOptions>): CommandOptions => ({ ...commandOf('').options, ...more });

export const commands = {
  pods: commandOf('kubectl get pods -n "$NAMESPACE" -l "app=$SERVICE"'),
  set: changing(
    'kubectl set image "deployment/$SERVICE" \\\n  "$SERVICE=registry.example.com/shop/$SERVICE:$VERSION" \\\n  -n "$NAMESPACE"',
    { riskBecause: ['kubectl set image: changes what runs'], uses: ['SERVICE', 'VERSION', 'NAMESPACE'] },
  ),
  rollout: commandOf('kubectl rollout status "deployment/$SERVICE" -n "$NAMESPACE" --timeout=5m', {
    options: options({
      timeoutMs: 300_000,
      expect: { exit: null, text: 'successfully rolled out', pattern: null, none: false },
    }),
  }),
  undo: changing('kubectl rollout undo "deployment/$SERVICE" -n "$NAMESPACE"'),
  drop: commandOf('kubectl delete pod "$SERVICE-0" -n "$NAMESPACE"', {
    risk: 'destroy',
    riskBecause: ['kubectl delete: deletes objects'],
  }),
};

export const checkout: Runbook = runbookOf(
  'Emergency hotfix',
  'hotfix',
  [
    phaseOf('Stop it', [
      stepOf('Merge freeze announced', [], { prose: 'Tell **#deploys** that nothing is merged until this is over.' }),
      stepOf('On-call of the payment team knows'),
      stepOf('The fault can be seen'),
    ]),
    phaseOf('Deploy', [
      stepOf('Look at the pods', [run(commands.pods)], {
        prose: 'Every pod should be Running before the change, and none should have restarted in the last ten minutes.',
      }),
      stepOf('Set the image to ${version}', [run(commands.set)], { undo: [commands.undo], critical: true }),
      stepOf('Wait for the rollout', [run(commands.rollout)]),
      stepOf('Send the failing request again'),
    ]),
    phaseOf('Decide', [
      stepOf('Does the fix hold?', [
        {
          kind: 'decide',
          line: 1,
          choices: [
            { label: 'Keep v2.3.1', target: 'next' },
            { label: 'Look for another five minutes', target: 'stay' },
            { label: 'Roll back', target: 'rollback' },
            { label: 'Stop here', target: 'stop' },
          ],
        },
      ]),
    ]),
    phaseOf('Afterwards', [
      stepOf('Customer note', [], { owe: '24h' }),
      stepOf('Remove the old pod', [run(commands.drop)]),
    ]),
    phaseOf('Rollback', [stepOf('Undo the image', [run(commands.undo)]), stepOf('Pods are healthy')], {
      offPath: 'rollback',
    }),
    phaseOf('Troubleshooting', [stepOf('Pods do not start'), stepOf('Image cannot be pulled')], {
      offPath: 'reference',
    }),
  ],
  {
    inputs: [inputOf('service'), inputOf('version'), inputOf('previous-version')],
    links: [{ title: 'Grafana checkout', url: 'https://grafana.example.com/d/checkout?from=${from}' }],
    contacts: [{ role: 'payments on-call', how: '+44 20 7946 0001' }],
  },
);

export const path = 'runbooks/hotfix.md';
export const library: RunbookLibrary = libraryOf([path, checkout]);
const values = { SERVICE: 'checkout', VERSION: 'v2.3.1', NAMESPACE: 'production' };
const inputs = { service: 'checkout', version: 'v2.3.1', 'previous-version': 'v2.3.0' };

export const rolling = [
  'Waiting for deployment "checkout" rollout to finish: 2 out of 6 new replicas have been updated...',
  'Waiting for deployment "checkout" rollout to finish: 4 out of 6 new replicas have been updated...',
];
export const podList = [
  'NAME         READY   STATUS    RESTARTS   AGE',
  'checkout-0   1/1     Running   0          3d',
  'checkout-1   1/1     Running   0          3d',
].join('\n');

const begin = (more: Partial<RunStarted> = {}): JournalWriter =>
  new JournalWriter().add('run.started', startOf(more)).open(path, checkout, inputs);

const toDeploy = (): JournalWriter => begin().wait(12).tick('1.1', '1.2', '1.3');
const toChange = (): JournalWriter => toDeploy().ran('2.1', commands.pods, `${podList}\n`, 1, { values }).passed('2.1');
const changed = (): JournalWriter =>
  toChange().ran('2.2', commands.set, 'deployment.apps/checkout image updated\n', 2, { values }).passed('2.2');
const waited = (): JournalWriter =>
  changed().ran('2.3', commands.rollout, 'deployment "checkout" successfully rolled out\n', 131, {
    values,
    outcome: { expectation: { met: true, because: 'output holds "successfully rolled out"' } },
  });

/** Journals by what the operator sees at their end. */
export const runs = {
  card: (): readonly Recorded[] => begin().wait(8).tick('1.1').events,
  read: (): readonly Recorded[] => toDeploy().events,
  shown: (): readonly Recorded[] => toDeploy().ran('2.1', commands.pods, `${podList}\n`, 1, { values }).events,
  change: (): readonly Recorded[] => toChange().events,
  running: (): readonly Recorded[] =>
    changed().ran('2.3', commands.rollout, '', 0, { values, unfinished: true }).wait(141).events,
  trouble: (): readonly Recorded[] =>
    changed().ran('2.3', commands.rollout, 'error: deployment "checkout" exceeded its progress deadline\n', 131, {
      values,
      outcome: {
        exit: 1,
        expectation: { met: false, because: 'exit 1; output does not hold "successfully rolled out"' },
      },
    }).events,
  decision: (): readonly Recorded[] => waited().tick('2.4').events,
  destroy: (): readonly Recorded[] =>
    waited()
      .tick('2.4')
      .wait(30)
      .add('decision.made', { step: '3.1', action: 0, label: 'Keep v2.3.1', target: 'next', reason: null })
      .passed('3.1', 'itself')
      .add('step.owed', { step: '4.1', reason: 'somebody else does it', until: Date.UTC(2026, 10, 21, 3, 0, 0) })
      .events,
} as const;

export const nowOf = (events: readonly Recorded[], seconds = 2): number => (events.at(-1)?.at ?? 0) + seconds * 1000;
