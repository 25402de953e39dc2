import type { CommandOptions, Runbook } from '../../src/runbook/model.ts';
import type { RunStarted } from '../../src/session/events.ts';
import { sha256 } from '../../src/session/exec-spec.ts';
import type { RunbookLibrary } from '../../src/session/state.ts';
import {
  changing,
  commandOf,
  inputOf,
  JournalWriter,
  libraryOf,
  phaseOf,
  reference,
  run,
  runbookOf,
  startOf,
  stepOf,
} from './support.ts';

/** Runs of one small emergency runbook, each ending in another way. */

const options = (more: Partial<CommandOptions>): CommandOptions => ({ ...commandOf('').options, ...more });

export const commands = {
  snapshot: commandOf(
    'kubectl get deployment "$SERVICE" -n "$NAMESPACE" -o wide\nkubectl get pods -n "$NAMESPACE" -l "app=$SERVICE"',
  ),
  image: commandOf(
    `kubectl get deployment "$SERVICE" -n "$NAMESPACE" -o jsonpath='{.spec.template.spec.containers[0].image}'`,
    {
      options: options({ capture: 'PREVIOUS_IMAGE' }),
    },
  ),
  set: changing(
    'kubectl set image "deployment/$SERVICE" "$SERVICE=registry.example.com/$SERVICE:$VERSION" -n "$NAMESPACE"',
  ),
  rollout: commandOf('kubectl rollout status "deployment/$SERVICE" -n "$NAMESPACE" --timeout=5m', {
    options: options({ expect: { exit: null, text: 'successfully rolled out', pattern: null, none: false } }),
  }),
  health: commandOf('curl -fsS --max-time 10 "$HEALTH_URL"', {
    options: options({ expect: { exit: 0, text: null, pattern: null, none: false } }),
  }),
  undo: changing('kubectl rollout undo "deployment/$SERVICE" -n "$NAMESPACE"'),
};

const inputs = {
  service: 'checkout',
  version: 'v2.3.1',
  issue: 'Card payments answer 503 for every customer',
  'health-url': 'https://checkout.example.com/health',
  environment: 'production',
};

export const values = {
  SERVICE: 'checkout',
  VERSION: 'v2.3.1',
  NAMESPACE: 'production',
  HEALTH_URL: inputs['health-url'],
  CONTEXT: 'prod-eu',
};

export const hotfix: Runbook = runbookOf(
  'Emergency hotfix',
  'hotfix',
  [
    phaseOf('What is happening', [
      stepOf('Status of the service right now', [run(commands.snapshot)]),
      stepOf('The fault is confirmed and somebody can make it happen again'),
      stepOf('The cause is known, or there is a strong suspicion', [], { owe: '24h' }),
    ]),
    phaseOf('Stop the damage', [
      stepOf('Choose what stops the damage soonest', [
        {
          kind: 'decide',
          line: 1,
          choices: [
            { label: 'Roll back the last release', target: 'rollback' },
            { label: 'Fix forward', target: 'next' },
          ],
        },
      ]),
      stepOf('The flag is off for everybody (if a flag controls it)', [], { optional: true }),
    ]),
    phaseOf('Approval and way back', [
      stepOf('What runs now is known', [run(commands.image)]),
      stepOf('A second person has read the plan', [], { owe: '24h' }),
      stepOf('Approved by the incident commander', [
        { kind: 'approve', line: 1, approve: { role: 'incident commander', reasonRequired: true, valid: 1_800_000 } },
      ]),
    ]),
    phaseOf(
      'Deploy the fix (T-0)',
      [
        stepOf('Set the image to ${version}', [run(commands.set)], { undo: [commands.undo] }),
        stepOf('Wait for the rollout', [run(commands.rollout)]),
      ],
      { at: 'T-0', atMs: 0 },
    ),
    phaseOf(
      'T+5m: is it fixed?',
      [
        stepOf('The health endpoint answers', [run(commands.health)]),
        stepOf('Error rate has fallen below 1 %'),
        stepOf('The critical function works again, tried from outside'),
        stepOf('Tell the channel', [
          {
            kind: 'message',
            line: 1,
            message: { name: 'status', to: '#incidents', send: null, text: '${service} runs ${version}.' },
          },
        ]),
      ],
      { at: 'T+5m', atMs: 300_000 },
    ),
    phaseOf(
      'T+2h: close the incident',
      [stepOf('Everything has been stable for two hours'), stepOf('Post-mortem is in the calendar')],
      { at: 'T+2h', atMs: 7_200_000 },
    ),
  ],
  { inputs: [...Object.keys(inputs).map((name) => inputOf(name)), inputOf('registry-token', { type: 'secret' })] },
);

export const rollback: Runbook = runbookOf(
  'Rollback',
  'rollback',
  [
    phaseOf('Go back', [
      stepOf('Back to the revision before', [run(commands.undo)]),
      stepOf('Wait for the rollout', [run(commands.rollout)]),
    ]),
    phaseOf('Validate', [stepOf('The health endpoint answers', [run(commands.health)]), stepOf('The channel knows')]),
  ],
  { inputs: ['service', 'health-url'].map((name) => inputOf(name)) },
);

export const hotfixPath = 'runbooks/hotfix.md';
export const rollbackPath = 'runbooks/rollback.md';
export const library: RunbookLibrary = libraryOf([hotfixPath, hotfix], [rollbackPath, rollback]);

const pods = [
  'NAME                        READY   STATUS    RESTARTS   AGE',
  'checkout-6c9d8f7b5c-4kx2p   1/1     Running   0          9d',
  'checkout-6c9d8f7b5c-9hq7m   1/1     Running   3          9d',
  '',
].join('\n');

export const begun = (start: Partial<RunStarted> = {}, session?: string): JournalWriter => {
  const journal = new JournalWriter(session);
  journal.add('run.started', startOf(start));
  journal.add('preflight.checked', {
    checks: [
      { id: 'trust', title: 'Runbook', level: 'ok', message: 'trusted', nextStep: null },
      { id: 'path', title: 'Commands', level: 'ok', message: 'kubectl, curl found', nextStep: null },
      {
        id: 'window',
        title: 'Change window',
        level: 'override',
        message: 'Friday is closed for changes',
        nextStep: 'Wait until Monday',
      },
    ],
  });
  journal.wait(8).add('override.given', { what: 'window', reason: 'customers cannot pay' });
  const reachable = [
    {
      from: sha256(hotfixPath),
      reference: 'rollback.md',
      purpose: 'rollback' as const,
      runbook: reference(rollbackPath, rollback),
      with: { service: '${service}' },
    },
  ];
  journal.open(hotfixPath, hotfix, inputs, { reachable });
  return journal;
};

/** Up to the approval: the status, what was decided, what runs now. */
export const prepared = (start: Partial<RunStarted> = {}, session?: string): JournalWriter => {
  const journal = begun(start, session);
  journal.ran('1.1', commands.snapshot, pods, 0.8, { values }).passed('1.1');
  journal.tick('1.2');
  journal.wait(5).add('step.owed', { step: '1.3', reason: 'found later', until: journal.now + 86_400_000 });
  journal
    .wait(20)
    .add('decision.made', { step: '2.1', action: 0, label: 'Fix forward', target: 'next', reason: null })
    .passed('2.1', 'itself');
  journal.wait(2).add('step.not-applicable', { step: '2.2', reason: null });
  journal.ran('3.1', commands.image, 'registry.example.com/checkout:v2.3.0', 0.3, { values }).passed('3.1');
  return journal;
};

/** Through the change and the first verification. */
export const deployed = (start: Partial<RunStarted> = {}, session?: string): JournalWriter => {
  const journal = prepared(start, session);
  journal.wait(4).add('step.skipped', { step: '3.2', reason: 'nobody else awake, read it aloud to bob' });
  journal.wait(40).add('approval.given', {
    step: '3.3',
    action: 0,
    role: 'incident commander',
    by: 'bob',
    how: 'attested',
    verified: false,
    fingerprint: null,
    reason: 'go, customers are waiting',
    covers: [],
    signature: null,
    until: null,
  });
  journal.passed('3.3', 'itself');
  journal
    .ran('4.1', commands.set, 'deployment.apps/checkout image updated\n', 0.6, {
      values,
      how: 'typed',
      typed: 'checkout',
    })
    .passed('4.1');
  journal.ran('4.2', commands.rollout, 'error: timed out waiting for the condition\n', 300, {
    values,
    outcome: { exit: 1, expectation: { met: false, because: 'the output does not hold "successfully rolled out"' } },
  });
  journal.add('note.added', {
    step: '4.2',
    text: 'image pull was slow, registry mirror at 100 %; @carol looks at `mirror-2`',
  });
  journal.wait(5).add('step.reopened', { step: '4.2', why: 'again' });
  journal.ran('4.2', commands.rollout, 'deployment "checkout" successfully rolled out\n', 41, {
    values,
    outcome: { expectation: { met: true, because: 'the output holds "successfully rolled out"' } },
  });
  return journal.passed('4.2', 'itself');
};

const verified = (journal: JournalWriter): JournalWriter => {
  journal
    .ran('5.1', commands.health, '{"status":"ok","version":"v2.3.1"}\n', 0.2, {
      values,
      outcome: { expectation: { met: true, because: 'exit 0' } },
    })
    .passed('5.1', 'itself');
  journal.tick('5.2', '5.3');
  const text = 'checkout runs v2.3.1.';
  journal
    .wait(9)
    .add('message.posted', { step: '5.4', action: 0, to: '#incidents', how: 'copied', text, sha256: sha256(text) });
  return journal.passed('5.4', 'itself');
};

const leftFor = (journal: JournalWriter, seconds: number): JournalWriter => {
  const from = journal.now;
  journal.add('run.left', { why: 'quit' }).wait(seconds);
  journal.add('run.resumed', { pid: 999, terminal: '/dev/pts/2', mode: 'screen' });
  return journal.add('run.gap', { from, to: journal.now, kind: 'left' });
};

/** All done, the owed item too. */
export const succeeded = (start: Partial<RunStarted> = {}, session?: string): JournalWriter => {
  const journal = leftFor(verified(deployed(start, session)), 6900);
  journal.tick('6.1', '6.2').tick('1.3');
  return journal.wait(3).add('run.finished', { outcome: 'partial', reason: null });
};

/** Ended by hand before anything changed. */
export const aborted = (): JournalWriter => {
  const journal = prepared();
  journal
    .wait(30)
    .add('approval.refused', { step: '3.3', action: 0, by: 'bob', reason: 'wait for the database owner' });
  return journal.wait(12).add('run.finished', { outcome: 'aborted', reason: 'no approval before the morning' });
};

export const rolledBack = (): JournalWriter => {
  const journal = deployed();
  journal.ran('5.1', commands.health, 'curl: (22) The requested URL returned error: 503\n', 0.4, {
    values,
    outcome: { exit: 22, expectation: { met: false, because: 'exit 22, wanted 0' } },
  });
  journal.wait(6).add('step.failed', { step: '5.1', reason: 'payments still fail' });
  journal.wait(3).add('rollback.started', { from: '5.1', plan: 'runbook' });
  journal.frame = 1;
  journal.open(
    rollbackPath,
    rollback,
    { service: 'checkout', 'health-url': inputs['health-url'] },
    { purpose: 'rollback', parent: { frame: 0, step: null }, source: 'runbook' },
  );
  journal.ran('1.1', commands.undo, 'deployment.apps/checkout rolled back\n', 0.5, { values }).passed('1.1');
  journal
    .ran('1.2', commands.rollout, 'deployment "checkout" successfully rolled out\n', 33, {
      values,
      outcome: { expectation: { met: true, because: 'the output holds "successfully rolled out"' } },
    })
    .passed('1.2', 'itself');
  journal
    .ran('2.1', commands.health, '{"status":"ok","version":"v2.3.0"}\n', 0.2, {
      values,
      outcome: { expectation: { met: true, because: 'exit 0' } },
    })
    .passed('2.1', 'itself');
  journal.tick('2.2');
  journal.wait(2).add('rollback.finished', { outcome: 'done' });
  journal.frame = 0;
  return journal.add('run.finished', { outcome: 'rolled-back', reason: null });
};

/** Left while the fix is watched. */
export const interim = (): JournalWriter => verified(deployed()).wait(2).add('run.left', { why: 'quit' });

/** Left while a command runs. */
export const interrupted = (): JournalWriter =>
  prepared().ran('4.1', commands.set, '', 0, { values, unfinished: true });
