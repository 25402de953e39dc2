import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildRecord } from '../../src/record/build.ts';
import { renderJson } from '../../src/record/json.ts';
import { renderMarkdown } from '../../src/record/markdown.ts';
import type { DeploymentRecord } from '../../src/record/record.ts';
import { ExpectedError } from '../../src/text/errors.ts';
import * as runs from './hotfix-runs.ts';
import { changing, commandOf, JournalWriter, libraryOf, phaseOf, run, runbookOf, startOf, stepOf } from './support.ts';

const { library } = runs;
const recordOf = (journal: JournalWriter): DeploymentRecord => buildRecord(journal.events, library);
const stepOfRecord = (record: DeploymentRecord, id: string, frame = 0) =>
  record.frames[frame]?.steps.find((step) => step.id === id);

describe('buildRecord', () => {
  it('says who deployed what where and when', () => {
    const record = recordOf(runs.succeeded());
    expect(record.identity).toMatchObject({
      tool: '0.1.0',
      ticket: 'INC-4711',
      runbook: { path: runs.hotfixPath, kind: 'hotfix' },
    });
    expect(record.people).toMatchObject({
      operators: [{ name: 'alice' }],
      user: 'alice',
      host: 'bastion-1',
      confirmedBy: ['alice'],
    });
    expect(record.target).toMatchObject({
      environment: 'production',
      context: 'prod-eu',
      namespace: 'production',
      pinned: false,
    });
    expect(record.change).toMatchObject({
      service: { value: 'checkout', from: 'input service' },
      version: { value: 'v2.3.1', from: 'input version' },
      previousVersion: { value: 'registry.example.com/checkout:v2.3.0', from: 'capture PREVIOUS_IMAGE' },
      commit: null,
    });
    expect(record.times).toMatchObject({
      created: '2026-11-20T03:09:12.000Z',
      firstChange: '2026-11-20T03:10:56.140Z',
      unwatched: 6_900_000,
      operatorUtcOffset: 60,
    });
    expect(record.outcome).toMatchObject({ result: 'partial', changes: 1, overrides: 1, intervention: null });
  });

  it('has the audit log object of a deployment', () => {
    expect(recordOf(runs.rolledBack()).audit).toEqual({
      timestamp: '2026-11-20T03:18:00.800Z',
      event: 'deployment',
      environment: 'production',
      service: 'checkout',
      version: 'v2.3.1',
      deployed_by: 'alice',
      commit_sha: null,
      rollback: true,
      status: 'rolled-back',
    });
    expect(recordOf(runs.interim()).audit).toMatchObject({ status: 'in-progress', rollback: false });
  });

  it('gives a step its state, who settled it, how long it was open, its tries and earlier results', () => {
    const record = recordOf(runs.succeeded());
    expect(stepOfRecord(record, '1.2')).toMatchObject({
      status: 'passed',
      open: 7000,
      result: { by: 'alice', how: 'tick' },
    });
    expect(stepOfRecord(record, '4.2')).toMatchObject({ state: 'passed (2nd try)', tries: 2, attempts: [4, 5] });
    expect(stepOfRecord(record, '1.3')).toMatchObject({
      state: 'passed',
      earlier: [{ status: 'owed', reason: 'found later' }],
    });
  });

  it('leaves the time nobody watched out of how long an item was open', () => {
    const record = recordOf(runs.succeeded());
    expect(stepOfRecord(record, '6.1')?.open).toBe(7000);
  });

  it('keeps the exact command with its values, confirmation, result and output', () => {
    const [, , set] = recordOf(runs.succeeded()).commands;
    expect(set).toMatchObject({
      script: runs.commands.set.script,
      risk: 'change',
      confirmed: { by: 'alice', how: 'typed', typed: 'checkout' },
      exit: 0,
      duration: 600,
      result: 'exit 0',
      output: { bytes: 39, tail: 'deployment.apps/checkout image updated\n' },
    });
    expect(set?.values).toEqual([
      { name: 'SERVICE', value: 'checkout' },
      { name: 'VERSION', value: 'v2.3.1' },
      { name: 'NAMESPACE', value: 'production' },
    ]);
    expect(set?.hash).toMatch(/^[0-9a-f]{64}$/);
  });

  it('names a secret input and never has its value', () => {
    const journal = runs.prepared();
    journal.add('secret.provided', { input: 'registry-token', source: 'typed' });
    journal.ran('4.1', runs.commands.set, 'done\n', 1, { values: { ...runs.values, REGISTRY_TOKEN: null } });
    const record = recordOf(journal);
    expect(record.frames[0]?.secrets).toEqual(['registry-token']);
    expect(record.commands.at(-1)?.values).toContainEqual({ name: 'REGISTRY_TOKEN', value: null });
  });

  it('says how an approver is known', () => {
    const journal = runs.prepared();
    const data = { step: '3.3', action: 0, role: 'lead', reason: null, covers: [], signature: 'x', until: null };
    const fingerprint = 'SHA256:abc';
    journal.add('approval.given', { ...data, by: 'bob', how: 'ssh-key', verified: true, fingerprint });
    journal.add('approval.given', { ...data, by: 'someone', how: 'ssh-key', verified: false, fingerprint });
    journal
      .wait(1)
      .add('approval.given', { ...data, by: 'carol', how: 'attested', verified: false, fingerprint: null });
    journal.add('approval.voided', { step: '3.3', action: 0, because: 'the version was changed' });
    const approvals = recordOf(journal).approvals;
    expect(approvals.map(({ known }) => known)).toEqual([
      'bob, by ssh key SHA256:abc',
      'attested by SHA256:abc (unverified)',
      'attested by carol (unverified)',
    ]);
    expect(approvals.at(-1)?.voided).toBe('the version was changed');
  });

  it('tells what R would do, filled in, and once it was begun what it did', () => {
    const { plan } = recordOf(runs.interim()).rollback;
    expect(plan).toMatchObject({
      source: 'runbook',
      runbook: { path: runs.rollbackPath },
      values: { SERVICE: 'checkout', NAMESPACE: 'production' },
    });
    expect(plan?.steps[0]?.commands).toEqual([runs.commands.undo.script]);
    const { rollback, outcome } = recordOf(runs.rolledBack());
    expect(rollback.plan).toBeNull();
    expect(rollback.performed).toMatchObject({ source: 'runbook', from: '5.1', by: 'alice', outcome: 'done' });
    expect(outcome.intervention).toMatchObject({ kind: 'rolled back', step: '5.1' });
  });

  it('lists what is owed, and what is due later only while the run goes on', () => {
    const interim = recordOf(runs.interim());
    expect(interim.owed).toMatchObject([{ step: '1.3', due: '2026-11-21T03:09:39.800Z', reason: 'found later' }]);
    expect(interim.followUps).toMatchObject([{ title: 'T+2h: close the incident', due: '2026-11-20T05:10:56.140Z' }]);
    expect(recordOf(runs.succeeded())).toMatchObject({ owed: [], followUps: [] });
  });

  it('takes the service from the workloads and leaves out what nobody said', () => {
    const restart = changing('kubectl rollout restart deployment/queue');
    const plain = runbookOf(
      'Restart the queue',
      'deploy',
      [phaseOf('Restart', [stepOf('Restart it', [run(restart)])])],
      { plain: true },
    );
    const journal = new JournalWriter().add(
      'run.started',
      startOf({
        target: { context: null, namespace: null, workloads: ['deployment/queue'], production: false, pinned: false },
        git: null,
        ticket: null,
      }),
    );
    journal.open('queue.md', plain, {}).ran('1.1', restart, '', 1).passed('1.1');
    const record = buildRecord(journal.events, libraryOf(['queue.md', plain]));
    expect(record.change).toMatchObject({
      service: { value: 'queue', from: 'workload deployment/queue' },
      version: null,
      previousVersion: null,
      commit: null,
      description: null,
    });
    expect(record.target.environment).toBeNull();
    expect(renderMarkdown(record)).toContain('**Previous version:** not recorded');
  });

  it('reads placeholders and the pull request of the fix', () => {
    const plain = runbookOf('Release', 'deploy', [phaseOf('Release', [stepOf('Ship')])]);
    const journal = new JournalWriter().add('run.started', startOf());
    journal.open('release.md', plain, {
      P_NEW_VERSION: '4.0.1',
      repo: 'company/checkout',
      'pull-request': '4712',
      'commit-sha': '9f8e7d6',
    });
    expect(buildRecord(journal.events, libraryOf(['release.md', plain])).change).toMatchObject({
      version: { value: '4.0.1', from: 'input P_NEW_VERSION' },
      pullRequest: { value: 'company/checkout#4712' },
      commit: { value: '9f8e7d6' },
    });
  });

  it('gives the same bytes for the same events', () => {
    for (const make of [runs.succeeded, runs.aborted, runs.rolledBack, runs.interim, runs.interrupted]) {
      const [a, b] = [recordOf(make()), recordOf(make())];
      expect(renderMarkdown(a)).toBe(renderMarkdown(b));
      expect(renderJson(a)).toBe(renderJson(b));
    }
  });

  it('does not depend on whether the answers came from the screen or from plain mode', () => {
    const screen = recordOf(runs.succeeded({ mode: 'screen' }, 'a'));
    const plain = recordOf(runs.succeeded({ mode: 'plain' }, 'b'));
    const withoutHead = (record: DeploymentRecord): string =>
      renderMarkdown({ ...record, journal: { ...record.journal, head: '0'.repeat(64) } });
    expect(screen.journal.head).not.toBe(plain.journal.head);
    expect(withoutHead(plain)).toBe(withoutHead(screen));
  });

  it('refuses a journal without a run, in words', () => {
    expect(() => buildRecord([], library)).toThrow(ExpectedError);
  });

  it('can be written at every point of a run', () => {
    const { events } = runs.rolledBack();
    fc.assert(
      fc.property(fc.integer({ min: 1, max: events.length }), (end) => {
        const record = buildRecord(events.slice(0, end), library);
        expect(record.journal.head).toBe(events[end - 1]?.h);
        expect(renderMarkdown(record)).toMatch(end === events.length ? /^## ROLLED BACK/ : /^## INTERIM/);
      }),
      { numRuns: 60 },
    );
  });
});

describe('deviations', () => {
  const kinds = (journal: JournalWriter) =>
    recordOf(journal).deviations.map(({ kind, step, reason }) => ({ kind, step, reason }));

  it('are overrides, skips, failures, later tries and refused approvals, in order', () => {
    expect(kinds(runs.rolledBack())).toEqual([
      { kind: 'override', step: null, reason: 'customers cannot pay' },
      { kind: 'skipped', step: '3.2', reason: 'nobody else awake, read it aloud to bob' },
      {
        kind: 'passed (2nd try)',
        step: '4.2',
        reason: 'the first ended with exit 1, the output does not hold "successfully rolled out"',
      },
      { kind: 'failed', step: '5.1', reason: 'payments still fail' },
    ]);
    expect(kinds(runs.aborted()).at(-1)).toMatchObject({ kind: 'approval refused', step: '3.3' });
  });

  it('name a changed command with both texts', () => {
    const journal = runs
      .prepared()
      .ran('4.1', runs.commands.set, '', 1, { script: 'kubectl set image deployment/checkout checkout=other' });
    expect(kinds(journal).at(-1)).toMatchObject({ kind: 'edited', step: '4.1' });
    expect(recordOf(journal).commands.at(-1)).toMatchObject({
      script: 'kubectl set image deployment/checkout checkout=other',
      original: runs.commands.set.script,
    });
  });

  it('keep an unknown result and what the operator said of it', () => {
    const journal = runs.prepared().ran('4.1', runs.commands.set, '', 0, { unfinished: true });
    journal.add('command.unknown', { attempt: 3, startedAt: journal.now, survivors: [{ pid: 7, command: 'sleep' }] });
    journal.add('command.unknown', { attempt: 3, startedAt: journal.now, survivors: [] });
    journal
      .wait(30)
      .add('command.resolved', { attempt: 3, as: 'succeeded', evidence: 'the image is v2.3.1 in kubectl get' });
    expect(kinds(journal).slice(-2)).toEqual([
      { kind: 'UNKNOWN', step: '4.1', reason: 'the command was started, no result was recorded' },
      { kind: 'said to be succeeded', step: '4.1', reason: 'the image is v2.3.1 in kubectl get' },
    ]);
  });

  it('sum up a jump back in one entry, and do not list an undone tick', () => {
    const journal = runs.deployed();
    const before = kinds(journal).length;
    for (const step of ['3.1', '3.2', '3.3', '4.1', '4.2']) journal.add('step.reopened', { step, why: 'back' });
    journal.tick('1.2').add('step.reopened', { step: '1.2', why: 'undo' });
    expect(kinds(journal).slice(before)).toEqual([{ kind: 'went back', step: '3.1', reason: '5 steps done again' }]);
  });

  it('say once that changes were confirmed by --auto', () => {
    const journal = runs
      .prepared()
      .ran('4.1', runs.commands.set, '', 1, { how: 'auto' })
      .ran('4.1', runs.commands.set, '', 1, { how: 'auto' });
    expect(
      recordOf(journal)
        .deviations.filter(({ kind }) => kind === 'auto')
        .map(({ text }) => text),
    ).toEqual(['2 changing commands were confirmed by --auto, not by a person']);
  });
});

describe('the sample output of a plain runbook', () => {
  const record = (output: string) => {
    const sample = { text: 'deployment.apps/api restarted\n', lines: [[2, 2]] } as const;
    const command = commandOf('kubectl rollout restart deployment/api', { sample });
    const runbook = runbookOf('Restart', 'deploy', [phaseOf('Do it', [stepOf('Restart', [run(command)])])]);
    const { events } = new JournalWriter()
      .add('run.started', startOf())
      .open('plain.md', runbook, {})
      .ran('1.1', command, output, 1);
    return buildRecord(events, libraryOf(['plain.md', runbook]));
  };

  it('is compared with the real output, in the record as on the screen', () => {
    const like = record('deployment.apps/api restarted\n');
    expect(like.commands[0]?.sample).toEqual({ like: true, because: 'the output looks like it' });
    expect(renderMarkdown(like)).toContain('Beside the sample in the runbook: the output looks like it.');
    const other = record('error: no such thing\n');
    expect(other.commands[0]?.sample).toEqual({
      like: false,
      because: 'nothing in the output looks like "deployment.apps/api restarted"',
    });
    expect(renderMarkdown(other)).toMatch(/Beside the sample in the runbook: nothing in the output looks like/);
    expect(JSON.parse(renderJson(other)).commands[0].sample.like).toBe(false);
  });
});
