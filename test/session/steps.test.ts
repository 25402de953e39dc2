import { describe, expect, test } from 'vitest';
import { Operator } from './support.ts';

const front = (lines = '', phase = '## P\n\n'): string => `---\ngonogo: 1\ntitle: T\n${lines}---\n# T\n\n${phase}`;

describe('a step passes', () => {
  test('by Enter after its output was shown, since exit 0 is not health', () => {
    const alice = new Operator('# T\n\n## P\n\n1. Look\n\n   ```sh\n   kubectl get pods\n   ```\n');
    expect(alice.main.kind).toBe('run');
    alice.runs('enter');
    expect(alice.status('1.1')).toBe('active');
    expect(alice.main).toMatchObject({ kind: 'pass', what: 'as-expected' });
    expect(alice.does({ type: 'pass', step: '1.1' })).toBe(true);
    expect(alice.status('1.1')).toBe('passed');
    expect(alice.main.kind).toBe('finish');
  });

  test('by itself when its last command states an expectation that is met', () => {
    const alice = new Operator(
      `${front()}1. Wait\n\n   \`\`\`sh {expect="rolled out"}\n   kubectl rollout status deployment/x\n   \`\`\`\n`,
    );
    alice.runs('enter', { expectation: { met: true, because: 'shows "rolled out"' } });
    expect(alice.status('1.1')).toBe('passed');
    expect(alice.state.frames[0]?.steps['1.1']?.how).toBe('itself');
  });

  test('only after its sub steps, by its own Enter', () => {
    const alice = new Operator('# T\n\n## P\n\n- [ ] Outer\n  - [ ] Inner\n');
    expect(alice.main).toMatchObject({ kind: 'pass', what: 'tick', at: { step: { id: '1.1.1' } } });
    expect(alice.does({ type: 'pass', step: '1.1' })).toBe(false);
    alice.does({ type: 'pass', step: '1.1.1' });
    expect(alice.main).toMatchObject({ kind: 'pass', what: 'parent', at: { step: { id: '1.1' } } });
  });

  test('and reads 2nd try after a fail', () => {
    const alice = new Operator('# T\n\n## P\n\n- [ ] Check\n');
    alice.does({ type: 'fail', step: '1.1', reason: 'red' });
    expect(alice.main).toMatchObject({ kind: 'nothing' });
    alice.does({ type: 'again', step: '1.1' });
    alice.does({ type: 'pass', step: '1.1' });
    expect(alice.state.frames[0]?.steps['1.1']).toMatchObject({ status: 'passed', tries: 2 });
  });
});

describe('attention', () => {
  const changing = `${front()}1. Scale\n\n   \`\`\`sh\n   kubectl scale deployment/x --replicas=2\n   \`\`\`\n\n1. Next\n\n   \`\`\`sh\n   kubectl get pods\n   \`\`\`\n`;

  test('a changing command that exits with 1 is accepted only with a reason', () => {
    const alice = new Operator(changing);
    alice.runs('yes', { exit: 1 });
    expect(alice.main).toMatchObject({ kind: 'accept', because: 'exit 1' });
    expect(alice.does({ type: 'pass', step: '1.1' })).toBe(false);
    expect(alice.does({ type: 'accept', step: '1.1', reason: ' ' })).toBe(false);
    expect(alice.does({ type: 'accept', step: '1.1', reason: 'known quota warning' })).toBe(true);
    expect(alice.state.frames[0]?.steps['1.1']).toMatchObject({
      status: 'passed',
      how: 'accepted',
      reason: 'known quota warning',
    });
  });

  test('trying again asks for a new confirmation', () => {
    const alice = new Operator(changing);
    alice.runs('yes', { exit: 1 });
    alice.does({ type: 'again', step: '1.1' });
    expect(alice.main.kind).toBe('confirm');
    alice.runs('yes');
    expect(alice.events.filter(({ type }) => type === 'command.confirmed')).toHaveLength(2);
  });

  test('a read command of a plain file that exits with 1 only informs', () => {
    const alice = new Operator(
      '# T\n\n## P\n\n1. Look for errors\n\n   ```sh\n   kubectl logs deploy/x | grep -i error\n   ```\n',
    );
    alice.runs('enter', { exit: 1 });
    expect(alice.main).toMatchObject({ kind: 'pass', what: 'as-expected' });
    expect(alice.state.frames[0]?.steps['1.1']?.actions[0]?.result).toMatchObject({
      summary: 'exit 1: grep found nothing',
    });
  });
});

describe('order', () => {
  const two = '# T\n\n## A\n\n- [ ] one\n- [ ] two\n\n## B\n\n1. Look\n\n   ```sh\n   date\n   ```\n';

  test('manual items of a card are ticked in any order, each with its own event', () => {
    const alice = new Operator(two);
    expect(alice.main).toMatchObject({ kind: 'card' });
    expect(
      alice.does({ type: 'pass', step: alice.main.kind === 'card' ? (alice.main.items[1]?.step.id ?? '') : '' }),
    ).toBe(true);
    expect(alice.main).toMatchObject({ kind: 'pass', what: 'tick' });
  });

  test('a later step cannot be done before', () => {
    const alice = new Operator(two);
    const later = alice.mainFor('2.1');
    expect(later).toMatchObject({ kind: 'nothing', because: 'steps before it are open' });
    expect(alice.does({ type: 'pass', step: '2.1' })).toBe(false);
  });

  test('after a fail nothing later proceeds', () => {
    const alice = new Operator('# T\n\n## P\n\n- [ ] one\n\n1. Look\n\n   ```sh\n   date\n   ```\n');
    alice.does({ type: 'fail', step: '1.1', reason: null });
    expect(alice.main.kind).toBe('nothing');
    expect(alice.does({ type: 'finish' })).toBe(false);
    alice.does({ type: 'skip', step: '1.1', reason: 'agreed with the lead' });
    expect(alice.main.kind).toBe('run');
  });

  test('going back reopens every step from the target on and keeps the attempts', () => {
    const alice = new Operator(
      '# T\n\n## P\n\n1. Look\n\n   ```sh\n   date\n   ```\n\n1. More\n\n   ```sh\n   uptime\n   ```\n',
    );
    alice.runs('enter');
    alice.does({ type: 'pass', step: '1.1' });
    alice.runs('enter');
    alice.does({ type: 'pass', step: '1.2' });
    alice.does({ type: 'back', step: '1.1' });
    expect([alice.status('1.1'), alice.status('1.2')]).toEqual(['open', 'open']);
    expect(alice.state.frames[0]?.steps['1.1']).toMatchObject({ tries: 2, actions: [{ attempts: [1] }] });
  });

  test('undo takes the last tick back by an event', () => {
    const alice = new Operator('# T\n\n## P\n\n- [ ] one\n- [ ] two\n');
    alice.does({ type: 'pass', step: '1.1' });
    alice.does({ type: 'undo' });
    expect(alice.status('1.1')).toBe('open');
    expect(alice.types().at(-1)).toBe('step.reopened');
  });
});

describe('what is left out', () => {
  test('owed steps block closing until they are done', () => {
    const alice = new Operator(`${front()}- [ ] Later {owe=2h}\n- [ ] Now\n`);
    expect(alice.does({ type: 'owe', step: '1.2', reason: null })).toBe(false);
    expect(alice.does({ type: 'owe', step: '1.1', reason: 'tomorrow' })).toBe(true);
    alice.does({ type: 'pass', step: '1.2' });
    expect(alice.does({ type: 'finish' })).toBe(false);
    expect(alice.lastRefusal).toContain('1 owed: Later');
    expect(alice.does({ type: 'pass', step: '1.1' })).toBe(true);
    expect(alice.does({ type: 'finish' })).toBe(true);
    expect(alice.state.finished?.outcome).toBe('succeeded');
  });

  test('a phase whose condition is false is left out in one go', () => {
    const alice = new Operator(
      `${front('inputs:\n  mode: { type: choice, choices: [a, b] }\n', '')}## Only a {when=mode==a}\n\n- [ ] one\n- [ ] two\n\n## Then\n\n- [ ] three\n`,
      { inputs: { mode: 'b' } },
    );
    expect(alice.does({ type: 'not-applicable', step: '1.1', phase: 1, reason: null })).toBe(true);
    expect([alice.status('1.1'), alice.status('1.2')]).toEqual(['not-applicable', 'not-applicable']);
  });

  test('a step whose condition is false never runs on Enter', () => {
    const step = '1. Scale {when=mode==a}\n\n   ```sh\n   kubectl scale deployment/x --replicas=2\n   ```\n';
    const alice = new Operator(`${front('inputs:\n  mode: { type: choice, choices: [a, b] }\n')}${step}`, {
      inputs: { mode: 'b' },
    });
    expect(alice.main).toMatchObject({
      kind: 'nothing',
      because: 'this step is only for mode==a',
      notApplicable: { phase: null },
    });
    expect(alice.does({ type: 'not-applicable', step: '1.1', phase: null, reason: null })).toBe(true);
  });

  test('skipping makes the run partial', () => {
    const alice = new Operator('# T\n\n## P\n\n- [ ] one\n');
    expect(alice.does({ type: 'skip', step: '1.1', reason: '' })).toBe(false);
    alice.does({ type: 'skip', step: '1.1', reason: 'not today' });
    alice.does({ type: 'finish' });
    expect(alice.state.finished?.outcome).toBe('partial');
  });
});

test('a hold stops forward actions until it is lifted', () => {
  const alice = new Operator('# T\n\n## P\n\n- [ ] one\n');
  alice.does({ type: 'hold', reason: 'incident elsewhere' });
  expect(alice.main).toMatchObject({ kind: 'nothing', because: 'on hold: incident elsewhere' });
  expect(alice.does({ type: 'pass', step: '1.1' })).toBe(false);
  alice.does({ type: 'lift-hold', reason: null });
  expect(alice.does({ type: 'pass', step: '1.1' })).toBe(true);
});

test('a runbook that is not trusted is walked by hand', () => {
  const alice = new Operator('# T\n\n## P\n\n1. Look\n\n   ```sh\n   date\n   ```\n', { restricted: true });
  expect(alice.main).toMatchObject({ kind: 'pass', what: 'tick' });
});
