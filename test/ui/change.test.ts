import { expect, test } from 'vitest';
import type { ClusterFacts } from '../../src/gates/workload.ts';
import { changeOf } from '../../src/ui/change.ts';
import * as facts from './support/cluster-facts.ts';
import { drawn } from './support/gate-frames.ts';
import type { gateRuns } from './support/gate-runs.ts';

const image = (tag: string): string => `registry.example.com:5000/shop/checkout:${tag}`;

const headOf = (run: keyof typeof gateRuns, state: (now: number) => ClusterFacts, columns = 160): readonly string[] =>
  drawn(run, state).lines(columns, 48).slice(0, 4);

test('without an input for it, what runs before the first change is the version before', () => {
  const [target, , , back] = headOf('unnoted', facts.running(image('v2.2.9')));
  expect(target).toContain('checkout  v2.2.9 → v2.3.1');
  // Nobody has noted where a rollback leads: the one before is another than the one that runs.
  expect(back).not.toContain('back to');
});

test('what the runbook found is where a rollback leads, with its revision', () => {
  const [target, , , back] = headOf('found', facts.running(image('v2.2.5')));
  expect(target).toContain('checkout  v2.2.5 → v2.3.1');
  expect(target).not.toContain('runs');
  expect(changeOf(drawn('found', facts.rolledOut).engine.view()).back).toBe('v2.2.5 (rev 41)');
  expect(back).not.toContain('v2.3.1');
});

test('after the first change the stored spec says what was before', () => {
  const [target, , , back] = headOf('stored', facts.rolledOut);
  expect(target).toContain('checkout  v2.2.9 → v2.3.1');
  expect(back).toMatch(/^ R {6}back to v2\.2\.9: ready, 1 command/);
});

test.each([160, 120, 100, 80, 60])('at %i columns line 1 says what runs when others have changed it', (columns) => {
  const [target] = headOf('foreign', facts.running(image('v9')), columns);
  expect(target).toMatch(/v2\.2\.9 → v2\.3\.1 \(runs v9\)/);
});

test('a change by others after ours is the first thing to know, and what takes it on', () => {
  const [, , worst] = headOf('foreign', facts.running(image('v9')));
  expect(worst).toMatch(/^ wait {3}checkout changed outside this run, .* -> v9 +A acknowledges it $/);
  const narrow = drawn('foreign', facts.running(image('v9'))).lines(100, 30);
  expect(narrow[2]).toMatch(/^ wait {3}checkout changed outside this run, .* -> v9/);
  expect(narrow.at(-1)).toContain('A acknowledge');
});

test('a way back that was not noted leads elsewhere once others have changed it: nothing is promised', () => {
  expect(headOf('foreign', facts.running(image('v9')))[3]).not.toContain('back to');
  expect(headOf('foundForeign', facts.running(image('v9')))[3]).toContain('back to v2.2.5 (rev 41): ready');
});

test('the rollback page goes from what runs now to where it leads', () => {
  const own = drawn('foundForeign', facts.running(image('v9')));
  own.controller.press({ name: 'char', char: 'R', ctrl: false, burst: false });
  expect(own.lines(100, 30).join('\n')).toContain('From, to  v9 → v2.2.5 (rev 41)');
});

test('nothing is said of what runs while nobody knows, by a digest, or of a tag with or without its v', () => {
  expect(headOf('foreign', facts.stale)[0]).not.toContain('runs');
  expect(headOf('stored', facts.running(`shop/checkout@sha256:${'a'.repeat(64)}`))[0]).not.toContain('runs');
  expect(headOf('stored', facts.running(image('2.3.1')))[0]).not.toContain('runs');
  expect(headOf('stored', facts.running('istio/proxy:1.2', image('v2.3.1')))[0]).not.toContain('runs');
});

test('of several workloads a version that is not known is told of only where the spec before the change is', () => {
  const two = (tag: string) => (now: number) => {
    const state = facts.running(image(tag))(now);
    const [first] = state.workloads;
    if (first === undefined) throw new Error('no workload');
    const idle = { ...first, reference: 'deployment/checkout-green', name: 'checkout-green' };
    const other = { ...idle, revisions: first.revisions.map((each) => ({ ...each, images: [image('v1')] })) };
    return { ...state, workloads: [first, other] };
  };
  expect(headOf('stored', two('v2.3.1'))[0]).not.toContain('runs');
  expect(headOf('stored', two('v9'))[0]).toContain('(runs v9 in checkout)');
  expect(headOf('unnoted', two('v2.2.9'))[0]).not.toContain('→');
});
