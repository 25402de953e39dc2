import { describe, expect, test } from 'vitest';
import { criterionPhase } from '../../src/session/criterion-state.ts';
import { decideCriteria } from '../../src/session/criterion-tick.ts';
import { criteriaSummary, criterionRows } from '../../src/session/criterion-view.ts';
import { Operator } from './support.ts';

const text = `---
gonogo: 1
rollback:
  runbook: rollback.md
  when:
    - pods: failing
    - http: https://api.example.com/health
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
- [ ] Go on?
  \`\`\`decide
  Proceed: next
  Hold: stay
  \`\`\`
`;
const back =
  '---\ngonogo: 1\nkind: rollback\n---\n# Back\n\n- [ ] Undo\n  ```sh\n  kubectl rollout undo deployment/checkout\n  ```\n';

const armed = (): Operator => {
  const operator = new Operator(text, { others: [{ path: 'rollback.md', text: back, purpose: 'rollback' }] });
  operator.runs();
  operator.does({ type: 'pass', step: '0.1' });
  operator.record(
    [0, 1].map((criterion) => ({ type: 'criterion.armed', frame: 0, data: { criterion, reference: null } })),
  );
  return operator;
};
const breaches = (operator: Operator): void =>
  operator.record([{ type: 'criterion.breached', frame: 0, data: { criterion: 0, value: '2 failing' } }]);

describe('rollback criteria', () => {
  test('are armed by the first change, and recover with the first command of a rollback', () => {
    const operator = new Operator(text, { others: [{ path: 'rollback.md', text: back, purpose: 'rollback' }] });
    expect(criterionPhase(operator.state)).toBe('BEFORE');
    operator.runs();
    expect(criterionPhase(operator.state)).toBe('ARMED');
    operator.does({ type: 'rollback' });
    expect(criterionPhase(operator.state)).toBe('RECOVERING');
    operator.ends();
    operator.does({ type: 'end', reason: 'called off' });
    expect(criterionPhase(operator.state)).toBe('OVER');
  });

  test('hold changes and decisions to go on after a breach, never a rollback', () => {
    const operator = armed();
    breaches(operator);
    expect(operator.pending.blocked).toMatchObject({ because: 'pods failing is a reason to roll back: 2 failing' });
    expect(operator.confirms('yes')).toBe(false);
    expect(operator.does({ type: 'rollback' })).toBe(true);
    expect(operator.types().at(-1)).toBe('command.confirmed');
    operator.record([{ type: 'criterion.phase', frame: 0, data: { criterion: 0, phase: 'RECOVERING' } }]);
    expect(criterionRows(operator.state, operator.now)[0]).toMatchObject({
      state: 'not back yet',
      word: 'wait',
      asks: false,
    });
    operator.record([{ type: 'criterion.recovered', frame: 0, data: { criterion: 0, value: '0 failing' } }]);
    expect(criterionRows(operator.state, operator.now)[0]).toMatchObject({ state: 'ok' });
  });

  test('stay breached when the value is good again, until somebody gives a reason', () => {
    const operator = armed();
    breaches(operator);
    operator.record([{ type: 'criterion.recovered', frame: 0, data: { criterion: 0, value: '0 failing' } }]);
    expect(criterionRows(operator.state, operator.now)[0]).toMatchObject({
      state: 'RECOVERED',
      word: 'FAIL',
      asks: true,
    });
    expect(operator.confirms('yes')).toBe(false);
    expect(operator.does({ type: 'acknowledge-breach', criterion: 0, reason: ' ' })).toBe(false);
    expect(operator.does({ type: 'acknowledge-breach', criterion: 0, reason: 'one node was drained' })).toBe(true);
    expect(operator.confirms('yes')).toBe(true);
  });

  test('need ten characters while the breach is still there', () => {
    const operator = armed();
    breaches(operator);
    expect(operator.does({ type: 'acknowledge-breach', criterion: 0, reason: 'known' })).toBe(false);
    expect(operator.does({ type: 'acknowledge-breach', criterion: 0, reason: 'one node was drained' })).toBe(true);
    operator.runs('yes');
    operator.does({ type: 'pass', step: '0.2' });
    breaches(operator);
    expect(operator.does({ type: 'decide', step: '0.3', action: 0, label: 'Proceed', reason: null })).toBe(false);
    expect(operator.does({ type: 'decide', step: '0.3', action: 0, label: 'Hold', reason: null })).toBe(true);
  });

  test('that are blind are louder than ok', () => {
    const operator = armed();
    expect(criteriaSummary(operator.state, operator.now)).toEqual({
      text: 'rollback criteria: 0 of 2 reached, all 2 visible',
      word: 'ok',
    });
    operator.record([{ type: 'criterion.blind', frame: 0, data: { criterion: 1, because: 'connection refused' } }]);
    expect(criteriaSummary(operator.state, operator.now)).toMatchObject({
      text: 'rollback criteria: 0 of 2 reached, 1 BLIND',
      word: 'BLIND',
    });
    operator.record([{ type: 'criterion.recovered', frame: 0, data: { criterion: 1, value: 'HTTP 200' } }]);
    expect(criterionRows(operator.state, operator.now)[1]).toMatchObject({ state: 'ok' });
  });

  test('of a handoff join those of the first runbook once, in an order that stays; a rollback brings none', () => {
    const when = (url: string, kind = 'deploy'): string =>
      `---\ngonogo: 1\nkind: ${kind}\nrollback:\n  when:\n    - http: ${url}\n---\n# R\n\n- [ ] Look\n`;
    const main = `---\ngonogo: 1\nrollback:\n  runbook: rollback.md\n  when:\n    - pods: failing\n---\n# Deploy\n\n1. Then\n\n   \`\`\`handoff\n   runbook: after.md\n   \`\`\`\n\n1. Go on?\n\n   \`\`\`decide\n   Proceed: next\n   Hold: stay\n   \`\`\`\n`;
    const operator = new Operator(main, {
      others: [
        { path: 'after.md', purpose: 'handoff', text: when('https://after.example.com') },
        { path: 'rollback.md', purpose: 'rollback', text: when('https://back.example.com', 'rollback') },
      ],
    });
    const titles = (): readonly string[] => criterionRows(operator.state, operator.now).map(({ title }) => title);
    expect(titles()).toEqual(['pods failing']);
    operator.does({ type: 'handoff', step: '0.1', action: 0 });
    expect(titles()).toEqual(['pods failing', 'http after.example.com/']);
    operator.record([{ type: 'criterion.breached', frame: 0, data: { criterion: 1, value: 'HTTP 503' } }]);
    operator.does({ type: 'pass', step: '0.1' });
    operator.does({ type: 'back', step: '0.1' });
    operator.does({ type: 'handoff', step: '0.1', action: 0 });
    expect(operator.state.frames.filter(({ purpose }) => purpose === 'handoff')).toHaveLength(2);
    expect(titles()).toEqual(['pods failing', 'http after.example.com/']);
    expect(operator.state.criteria[1]).toMatchObject({ status: 'breached', value: 'HTTP 503' });
    operator.does({ type: 'rollback' });
    expect(titles()).toEqual(['pods failing', 'http after.example.com/']);
  });

  test('are OVER for a track that this run has taken away, unless a breach of it waits for a word', () => {
    const operator = armed();
    const gone = {
      criterion: 0,
      watch: { status: 'ok', blind: null },
      value: '',
      reference: null,
      over: true,
    } as const;
    const typesOf = (seen: Parameters<typeof decideCriteria>[1]): readonly string[] => {
      const decision = decideCriteria(operator.state, seen);
      if (decision.ok) operator.record(decision.events);
      return decision.ok ? decision.events.map(({ type }) => type) : [];
    };
    expect(typesOf([gone])).toEqual(['criterion.phase']);
    expect(criterionRows(operator.state, operator.now)[0]).toMatchObject({ state: 'over', word: 'ok' });
    expect(typesOf([gone])).toEqual([]);
    expect(typesOf([{ ...gone, over: false }])).toEqual(['criterion.armed']);
    breaches(operator);
    expect(typesOf([{ ...gone, watch: { status: 'breached', blind: null } }])).toEqual([]);
    expect(criterionRows(operator.state, operator.now)[0]).toMatchObject({ state: 'BREACHED' });
  });
});
