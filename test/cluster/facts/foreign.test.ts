import { describe, expect, test } from 'vitest';
import { judgeChange } from '../../../src/cluster/facts/foreign.ts';
import type { OwnWindow } from '../../../src/cluster/facts/own-doing.ts';
import type { SeenWorkload } from '../../../src/cluster/facts/seen-workload.ts';
import type { SpecWrite } from '../../../src/gates/workload.ts';
import { captured } from './captured.ts';

const base = captured('complete').workload;
const made = Date.parse('2026-11-20T14:46:00Z');

const known: SeenWorkload = {
  ...base,
  generation: 12,
  images: [{ container: 'checkout', image: 'registry.example:5000/shop/checkout:v2.3.0' }],
  managers: [
    { name: 'kubectl-client-side-apply', subresource: null, at: made - 60_000 },
    { name: 'kube-controller-manager', subresource: 'scale', at: made - 90_000 },
  ],
};
const changed = (
  change: Partial<SeenWorkload>,
  manager = 'kubectl-set',
  subresource: string | null = null,
): SeenWorkload => ({
  ...known,
  generation: 13,
  managers: [known.managers[0] as SeenWorkload['managers'][number], { name: manager, subresource, at: made }],
  ...change,
});
const image = (text: string) => [{ container: 'checkout', image: text }];
const ours = (from: number, to: number | null, more: Partial<OwnWindow> = {}): OwnWindow => ({
  attempt: 7,
  from,
  to,
  drives: [],
  writes: null,
  seen: new Map(),
  ...more,
});
const foreignChange = (
  before: SeenWorkload,
  after: SeenWorkload | null,
  now: number,
  own: readonly OwnWindow[],
  skewMs = 0,
) => {
  const judged = judgeChange({ reference: 'deployment/checkout', before, after, now, own, skewMs, since: null });
  return judged.kind === 'theirs' ? judged.change : null;
};
const change = (next: SeenWorkload | null, own: readonly OwnWindow[] = [], now = made + 500) =>
  foreignChange(known, next, now, own);

describe('a change of the spec that is not ours', () => {
  test.each([
    [{ images: image('registry.example:5000/shop/checkout:v2.2.9') }, 'image checkout v2.3.0 -> v2.2.9'],
    [
      { images: image('mirror.example/checkout:v2.3.0') },
      'image checkout registry.example:5000/shop/checkout:v2.3.0 -> mirror.example/checkout:v2.3.0',
    ],
    [{ desired: 9 }, 'replicas 2 -> 9'],
    [{ isPaused: true }, 'paused'],
    [{}, 'spec, generation 12 -> 13'],
  ])('%o: %s', (next, what) => {
    expect(change(changed(next))).toEqual({ at: made, workload: 'deployment/checkout', by: 'kubectl-set', what });
  });

  test('names who scaled for an autoscaler', () => {
    expect(change(changed({ desired: 4 }, 'kube-controller-manager', 'scale'))?.by).toBe(
      'kube-controller-manager (autoscaler)',
    );
  });

  test('names who scales a second time: the entry of kubectl scale has no time and stays as it was', () => {
    const managers = [...known.managers, { name: 'kubectl', subresource: 'scale', at: null }];
    const again = foreignChange(
      { ...known, managers },
      { ...known, generation: 13, desired: 3, managers },
      made + 500,
      [],
    );
    expect(again).toMatchObject({ by: 'kubectl', at: made + 500, what: 'replicas 2 -> 3' });
  });

  test("is none while the generation is the same: status and annotations are the controllers'", () => {
    expect(change({ ...known, resourceVersion: '999', available: 0 })).toBeNull();
  });

  test('is none while one of our commands runs, and 2 s after', () => {
    expect(change(changed({ desired: 9 }), [ours(made - 10_000, null)])).toBeNull();
    expect(change(changed({ desired: 9 }), [ours(made - 10_000, made - 1_900)])).toBeNull();
    expect(change(changed({ desired: 9 }), [ours(made - 10_000, made - 2_100)])).not.toBeNull();
    expect(change(changed({ desired: 9 }), [ours(made + 5_000, null)])).not.toBeNull();
  });

  test.each([
    ['argocd-controller', null],
    ['argocd-application-controller', null],
    ['kustomize-controller', null],
    ['helm-controller', null],
    ['flux', null],
    ['kube-controller-manager', 'scale'],
  ])("is %s's while one of our commands runs, unless that asks it to act", (manager, subresource) => {
    const window = ours(made - 1_000, null);
    expect(change(changed({ desired: 9 }, manager, subresource), [window])?.by).toContain(manager);
    expect(change(changed({ desired: 9 }, manager, subresource), [{ ...window, drives: [manager] }])).toBeNull();
  });

  test("in a command of more than a minute only the manager that wrote first is the command's", () => {
    const window = ours(made - 10_000, null);
    expect(change(changed({ desired: 9 }, 'helm'), [window])).toBeNull();
    expect(change(changed({ desired: 8 }, 'kubectl-edit'), [window], made + 40_000)).toBeNull();
    expect(change(changed({ desired: 7 }, 'helm'), [window], made + 300_000)).toBeNull();
    expect(change(changed({ desired: 8 }, 'kubectl-edit'), [window], made + 300_000)?.by).toBe('kubectl-edit');
  });

  test('seen late it is ours though its second began before the command', () => {
    const next = changed({ images: image('registry.example:5000/shop/checkout:v2.4.0') });
    expect(change(next, [ours(made + 700, made + 900)], made + 9_000)).toBeNull();
    expect(change(next, [ours(made + 1_000, made + 1_200)], made + 9_000)).not.toBeNull();
  });

  test('seen late is ours by the time it was made', () => {
    expect(change(changed({ desired: 9 }), [ours(made - 1_000, made + 1_000)], made + 40_000)).toBeNull();
  });

  test('deleted, or deleted and made anew', () => {
    expect(change(null)).toMatchObject({ by: 'unknown', what: 'deleted' });
    expect(change(changed({ uid: 'another', generation: 1 }))).toMatchObject({ what: 'deleted and made anew' });
  });
});

test.each([-300_000, 300_000])('whose it is does not depend on a server clock %i ms from ours', (skewMs) => {
  const own = [ours(made - skewMs - 1_000, made - skewMs + 1_000)];
  const found = (windows: typeof own) =>
    foreignChange(known, changed({ desired: 9 }), made - skewMs + 60_000, windows, skewMs);
  expect(found(own)).toBeNull();
  expect(found([])?.at).toBe(made - skewMs);
});

describe('a command whose writes are known', () => {
  const names = ['deployment', 'checkout'];
  const set = (...images: string[]): SpecWrite => ({ names, changes: 'images', images });
  const anything: SpecWrite = { names, changes: 'anything', images: null };
  const running = (...writes: SpecWrite[]) => [ours(made - 1_000, null, { writes })];
  const v3 = { images: image('shop/checkout:v3'), templateHash: 'v3' };
  const v6 = { images: image('shop/checkout:v6'), templateHash: 'v6' };

  test('made the image it names, and no other', () => {
    expect(change(changed(v3), running(set('shop/checkout:v3')))).toBeNull();
    expect(change(changed(v6), running(set('shop/checkout:v3')))?.what).toContain('shop/checkout:v6');
    expect(change(changed(v6), running({ ...set(), images: null }))).toBeNull();
  });

  test('made it once: a second change meanwhile is not its doing, by whichever manager', () => {
    const own = running(anything);
    expect(change(changed(v3), own)).toBeNull();
    const after = { ...changed(v3), managers: [{ name: 'kubectl-set', subresource: null, at: made }] };
    const again = { ...after, ...v6, generation: 14 };
    expect(foreignChange(after, again, made + 5_000, own)?.what).toContain('v3 -> v6');
  });

  test('is not told of when the two are seen as one', () => {
    expect(change({ ...changed(v6), generation: 14 }, running(set('shop/checkout:v6')))).not.toBeNull();
    expect(change({ ...changed(v6), generation: 14 }, running(anything, anything))).toBeNull();
  });

  test('may write as often as it has writes, also for more than a minute', () => {
    const own = [
      ours(made - 300_000, null, { writes: [set('shop/checkout:v3'), { ...anything, changes: 'replicas' }] }),
    ];
    expect(change(changed(v3), own)).toBeNull();
    const before = changed(v3);
    const scaled: SeenWorkload = {
      ...before,
      generation: 14,
      desired: 9,
      managers: [...before.managers, { name: 'kubectl', subresource: 'scale', at: null }],
    };
    expect(foreignChange(before, scaled, made + 80_000, own)).toBeNull();
    expect(foreignChange(scaled, { ...scaled, generation: 15, desired: 3 }, made + 90_000, own)).not.toBeNull();
  });

  test('does nothing else, and nothing to another workload', () => {
    expect(change(changed({ desired: 9 }), running(set('shop/checkout:v3')))?.what).toBe('replicas 2 -> 9');
    expect(change(changed({ isPaused: true }), running({ ...anything, changes: 'paused' }))).toBeNull();
    expect(change(changed({ templateHash: 'again' }), running({ ...anything, changes: 'template' }))).toBeNull();
    expect(change(changed(v3), running({ ...anything, names: ['service', 'other'] }))).not.toBeNull();
    expect(change(changed(v3), running({ ...anything, names: null }))).toBeNull();
    expect(change(changed(v3), running())).not.toBeNull();
  });
});
