import { describe, expect, test } from 'vitest';
import { rollbackLine } from '../../src/session/overview.ts';
import { Operator } from './support.ts';

const head = (lines = ''): string => `---\ngonogo: 1\ntitle: Deploy\n${lines}---\n# Deploy\n\n`;
const change = (title: string, replicas: number): string =>
  `1. ${title}\n\n   \`\`\`sh\n   kubectl scale deployment/x --replicas=${replicas}\n   \`\`\`\n\n`;
const undo = (replicas: number): string =>
  `   \`\`\`sh {undo}\n   kubectl scale deployment/x --replicas=${replicas}\n   \`\`\`\n\n`;

describe('rollback', () => {
  const back = {
    path: 'rollback.md',
    purpose: 'rollback' as const,
    with: { service: '${service}' },
    text: `---\ngonogo: 1\ntitle: Back\nkind: rollback\ninputs:\n  service: { prompt: Service }\n---\n# Back\n\n## Undo\n\n1. Undo it\n\n   \`\`\`sh\n   kubectl rollout undo "deployment/$SERVICE"\n   \`\`\`\n\n- [ ] Healthy again\n`,
  };
  const deploy = `${head('inputs:\n  service: { prompt: Service }\nrollback: { runbook: rollback.md, with: { service: "${service}" } }\n')}## P\n\n${change('Scale', 2)}- [ ] Fine\n`;

  test('takes two keys: it opens its runbook and starts the first command', () => {
    const alice = new Operator(deploy, { inputs: { service: 'checkout' }, others: [back] });
    alice.runs('yes');
    alice.does({ type: 'pass', step: '1.1' });
    expect(rollbackLine(alice.state, alice.now)).toMatchObject({
      source: 'runbook',
      title: 'Back',
      commands: 1,
      ready: true,
    });
    expect(alice.does({ type: 'rollback' })).toBe(true);
    expect(alice.types().slice(-4)).toEqual(['rollback.started', 'frame.opened', 'step.started', 'command.confirmed']);
    expect(alice.state.attempts[2]?.spec.env.find(({ name }) => name === 'SERVICE')).toBeDefined();
    alice.ends();
    alice.does({ type: 'pass', step: '1.1' });
    alice.does({ type: 'pass', step: '1.2' });
    expect(alice.main.kind).toBe('finish');
    alice.does({ type: 'finish' });
    expect(alice.state.finished?.outcome).toBe('rolled-back');
  });

  test.each([
    ['aborted', false],
    ['failed', true],
  ] as const)('that was left out took nothing back: the run ends as %s', (outcome, failed) => {
    const alice = new Operator(deploy, { inputs: { service: 'checkout' }, others: [back] });
    alice.runs('yes');
    if (failed) alice.does({ type: 'fail', step: '1.1', reason: 'it is slow' });
    alice.does({ type: 'rollback' });
    alice.ends({ exit: 1 });
    for (const step of ['1.1', '1.2']) alice.does({ type: 'skip', step, reason: 'restored by hand' });
    expect(alice.does({ type: 'finish' })).toBe(true);
    expect(alice.state.finished?.outcome).toBe(outcome);
    expect(alice.events.find(({ type }) => type === 'rollback.finished')?.data).toEqual({ outcome: 'abandoned' });
  });

  test('asks for what it is given a value that is not known yet: no default, and nothing of the same name, stands in', () => {
    const colours = {
      path: 'rollback.md',
      purpose: 'rollback' as const,
      with: { colour: '${COLOUR}' },
      text: `---\ngonogo: 1\ntitle: Back\nkind: rollback\ninputs:\n  colour: { type: choice, choices: [blue, green], default: blue }\n  revision: { type: integer, default: 0 }\n---\n# Back\n\n1. Up\n\n   \`\`\`sh\n   kubectl scale "deployment/x-$COLOUR" --replicas="$REVISION"\n   \`\`\`\n`,
    };
    const text = `${head('rollback: { runbook: rollback.md, with: { colour: "${COLOUR}" } }\n')}## P\n\n1. Which\n\n   \`\`\`sh {capture=COLOUR}\n   kubectl get service x\n   \`\`\`\n\n${change('Scale', 2)}`;
    const alice = new Operator(text, { others: [colours] });
    expect(rollbackLine(alice.state, alice.now)).toMatchObject({ missing: ['colour'], ready: false });
    expect(alice.does({ type: 'rollback' })).toBe(true);
    expect(alice.main).toMatchObject({ kind: 'ask', inputs: [{ name: 'colour' }] });
    expect(alice.state.frames[1]?.inputs).toEqual({ revision: '0' });
  });

  test('is not stopped by a hold or by owed items', () => {
    const alice = new Operator(deploy, { inputs: { service: 'checkout' }, others: [back] });
    alice.runs('yes');
    alice.does({ type: 'hold', reason: 'thinking' });
    expect(alice.does({ type: 'rollback' })).toBe(true);
    expect(alice.state.paused).toBeNull();
  });

  test('without a runbook uses the rollback phases of the file', () => {
    const alice = new Operator(`# Deploy\n\n## Go\n\n${change('Scale', 2)}## Rollback\n\n${change('Scale back', 1)}`);
    alice.runs('yes');
    expect(rollbackLine(alice.state, alice.now)).toMatchObject({ source: 'phases', commands: 1 });
    alice.does({ type: 'rollback' });
    expect(alice.state.attempts[2]?.spec.script).toContain('--replicas=1');
  });

  test('else undoes what ran, the last first, and nothing that did not run', () => {
    const alice = new Operator(
      `${head()}## P\n\n${change('One', 2)}${undo(1)}${change('Two', 4)}${undo(3)}${change('Three', 6)}${undo(5)}`,
    );
    expect(rollbackLine(alice.state, alice.now).source).toBeNull();
    alice.runs('yes');
    alice.does({ type: 'pass', step: '1.1' });
    alice.runs('yes');
    alice.does({ type: 'pass', step: '1.2' });
    alice.does({ type: 'rollback' });
    expect(alice.state.attempts[3]?.spec.script).toContain('--replicas=3');
    alice.ends();
    alice.does({ type: 'pass', step: '1.1' });
    expect(alice.pending.spec.script).toContain('--replicas=1');
    alice.runs('yes');
    alice.does({ type: 'pass', step: '1.2' });
    expect(alice.main.kind).toBe('finish');
  });

  test('never asks for a typed word', () => {
    const alice = new Operator(
      `# Deploy\n\n## Go\n\n${change('Scale', 2)}## Rollback\n\n1. Remove\n\n   \`\`\`sh\n   kubectl delete deployment/canary\n   \`\`\`\n\n1. Remove more\n\n   \`\`\`sh\n   kubectl delete service/canary\n   \`\`\`\n`,
      { production: true },
    );
    alice.runs('yes');
    alice.does({ type: 'rollback' });
    alice.ends();
    alice.does({ type: 'pass', step: '2.1' });
    expect(alice.pending.level).toEqual({ kind: 'yes' });
  });
});

describe('handoff', () => {
  test('walks the other runbook and comes back to its step', () => {
    const after = { path: 'after.md', purpose: 'handoff' as const, text: `${head()}## Q\n\n- [ ] Looks good\n` };
    const alice = new Operator(
      `${head()}## P\n\n1. Then\n\n   \`\`\`handoff\n   runbook: after.md\n   \`\`\`\n\n- [ ] Last\n`,
      { others: [after] },
    );
    expect(alice.main).toMatchObject({ kind: 'handoff', title: 'Deploy' });
    alice.does({ type: 'handoff', step: '1.1', action: 0 });
    expect(alice.state.frame).toBe(1);
    alice.does({ type: 'pass', step: '1.1' });
    expect(alice.state.frame).toBe(0);
    expect(alice.status('1.1')).toBe('passed');
    expect(alice.main).toMatchObject({ kind: 'pass', at: { step: { title: 'Last' } } });
  });
});

describe('decisions', () => {
  const decide = `${head()}## A\n\n- [ ] Before\n\n1. Go?\n\n   \`\`\`decide\n   Proceed: next\n   Hold: stay\n   Skip to the end: '#c'\n   Again: '#a'\n   No go: stop\n   \`\`\`\n\n## B\n\n- [ ] Between\n\n## C\n\n- [ ] End\n`;
  const atDecision = (): Operator => {
    const alice = new Operator(decide);
    alice.does({ type: 'pass', step: '1.1' });
    return alice;
  };
  const choose = (alice: Operator, label: string): boolean =>
    alice.does({ type: 'decide', step: '1.2', action: 0, label, reason: null });

  test('next goes on', () => {
    const alice = atDecision();
    choose(alice, 'Proceed');
    expect(alice.main).toMatchObject({ at: { step: { title: 'Between' } } });
  });

  test('stay records the decision and stays', () => {
    const alice = atDecision();
    choose(alice, 'Hold');
    expect(alice.types()).toContain('decision.made');
    expect(alice.main.kind).toBe('decide');
  });

  test('a jump forwards leaves out what is between, by this decision', () => {
    const alice = atDecision();
    choose(alice, 'Skip to the end');
    expect(alice.status('2.1')).toBe('skipped');
    expect(alice.main).toMatchObject({ at: { step: { title: 'End' } } });
  });

  test('a jump forwards leaves optional steps out as not applicable, so the run stays whole', () => {
    const alice = new Operator(
      `${head()}## A\n\n1. Go?\n\n   \`\`\`decide\n   On: '#c'\n   Hold: stay\n   \`\`\`\n\n- [ ] Only sometimes (if it rains)\n\n## C\n\n- [ ] End\n`,
    );
    alice.does({ type: 'decide', step: '1.1', action: 0, label: 'On', reason: null });
    expect(alice.status('1.2')).toBe('not-applicable');
    alice.does({ type: 'pass', step: '2.1' });
    alice.does({ type: 'finish' });
    expect(alice.state.finished?.outcome).toBe('succeeded');
  });

  test('a jump back reopens', () => {
    const alice = atDecision();
    choose(alice, 'Again');
    expect(alice.main).toMatchObject({ at: { step: { title: 'Before' } } });
  });

  test('a decision that leads back is asked again when the run comes to it', () => {
    const alice = atDecision();
    choose(alice, 'Again');
    alice.does({ type: 'pass', step: '1.1' });
    expect(alice.main).toMatchObject({ kind: 'decide', at: { step: { id: '1.2' } } });
    choose(alice, 'Proceed');
    expect(alice.main).toMatchObject({ at: { step: { title: 'Between' } } });
  });

  test('stop ends the run as aborted', () => {
    const alice = atDecision();
    choose(alice, 'No go');
    expect(alice.state.finished).toMatchObject({ outcome: 'aborted', reason: 'No go' });
  });
});

describe('approval', () => {
  const text = `${head('inputs:\n  version: { prompt: Version }\n')}## P\n\n1. Approve\n\n   \`\`\`approve\n   role: commander\n   valid: 15m\n   \`\`\`\n\n1. Set\n\n   \`\`\`sh\n   kubectl set image deployment/x x=y:$VERSION\n   \`\`\`\n`;
  const by = (name: string) => ({
    by: name,
    how: 'attested' as const,
    verified: false,
    fingerprint: null,
    reason: null,
    signature: null,
  });

  test('needs a second person', () => {
    const alice = new Operator(text, { inputs: { version: 'v2' } });
    expect(alice.does({ type: 'approve', step: '1.1', action: 0, approval: by('alice') })).toBe(false);
    expect(alice.does({ type: 'approve', step: '1.1', action: 0, approval: by('Bob') })).toBe(true);
    expect(alice.pending.blocked).toBeNull();
    expect(alice.confirms('yes')).toBe(true);
  });

  test('is void when a value changes', () => {
    const alice = new Operator(text, { inputs: { version: 'v2' } });
    alice.does({ type: 'approve', step: '1.1', action: 0, approval: by('Bob') });
    alice.record([
      { type: 'input.given', frame: 0, data: { input: 'version', value: 'v3', source: 'form', step: null } },
    ]);
    expect(alice.pending.blocked?.because).toBe('what was approved has changed since');
    expect(alice.confirms('yes')).toBe(false);
  });

  test('expires', () => {
    const alice = new Operator(text, { inputs: { version: 'v2' } });
    alice.does({ type: 'approve', step: '1.1', action: 0, approval: by('Bob') });
    alice.now += 16 * 60_000;
    expect(alice.confirms('yes')).toBe(false);
    expect(alice.lastRefusal).toBe('the approval has expired');
  });
});

test('alternatives become a choice that rules the others out', () => {
  const alice = new Operator(
    '# T\n\n## Option A: fast\n\n- [ ] a\n\n## Option B: slow\n\n- [ ] b\n\n## Then\n\n- [ ] c\n',
  );
  expect(alice.main).toMatchObject({ kind: 'choose-phase' });
  alice.does({ type: 'choose-phase', phase: 2 });
  expect(alice.status('1.1')).toBe('not-applicable');
  expect(alice.main).toMatchObject({ at: { step: { title: 'b' } } });
});
