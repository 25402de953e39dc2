import { describe, expect, test } from 'vitest';
import { foreignChange, type OwnWindow } from '../../../src/cluster/facts/foreign.ts';
import type { SeenWorkload } from '../../../src/cluster/facts/seen-workload.ts';
import { captured } from './captured.ts';

const base = captured('complete').workload;
const made = Date.parse('2026-11-20T14:46:00Z');

const known: SeenWorkload = {
  ...base,
  generation: 12,
  images: [{ container: 'checkout', image: 'registry.example:5000/shop/checkout:v2.3.0' }],
  managers: [
    { name: 'kubectl-client-side-apply', subresource: null, at: made - 60_000, ownsSpec: true },
    { name: 'kube-controller-manager', subresource: 'scale', at: made - 90_000, ownsSpec: true },
  ],
};
const changed = (
  change: Partial<SeenWorkload>,
  manager = 'kubectl-set',
  subresource: string | null = null,
): SeenWorkload => ({
  ...known,
  generation: 13,
  managers: [
    known.managers[0] as SeenWorkload['managers'][number],
    { name: manager, subresource, at: made, ownsSpec: true },
  ],
  ...change,
});
const image = (text: string) => [{ container: 'checkout', image: text }];
const change = (next: SeenWorkload | null, own: Parameters<typeof foreignChange>[4] = [], now = made + 500) =>
  foreignChange('deployment/checkout', known, next, now, own);

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
    const managers = [...known.managers, { name: 'kubectl', subresource: 'scale', at: null, ownsSpec: true }];
    const again = foreignChange(
      'deployment/checkout',
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
    expect(change(changed({ desired: 9 }), [{ from: made - 10_000, to: null }])).toBeNull();
    expect(change(changed({ desired: 9 }), [{ from: made - 10_000, to: made - 1_900 }])).toBeNull();
    expect(change(changed({ desired: 9 }), [{ from: made - 10_000, to: made - 2_100 }])).not.toBeNull();
    expect(change(changed({ desired: 9 }), [{ from: made + 5_000, to: null }])).not.toBeNull();
  });

  test.each([
    ['argocd-controller', null],
    ['argocd-application-controller', null],
    ['kustomize-controller', null],
    ['helm-controller', null],
    ['flux', null],
    ['kube-controller-manager', 'scale'],
  ])("is %s's while one of our commands runs, unless that asks it to act", (manager, subresource) => {
    const window = { from: made - 1_000, to: null };
    expect(change(changed({ desired: 9 }, manager, subresource), [window])?.by).toContain(manager);
    expect(change(changed({ desired: 9 }, manager, subresource), [{ ...window, drives: [manager] }])).toBeNull();
  });

  test("in a command of more than a minute only the manager that wrote first is the command's", () => {
    const window: OwnWindow = { from: made - 10_000, to: null };
    expect(change(changed({ desired: 9 }, 'helm'), [window])).toBeNull();
    expect(change(changed({ desired: 8 }, 'kubectl-edit'), [window], made + 40_000)).toBeNull();
    expect(change(changed({ desired: 7 }, 'helm'), [window], made + 300_000)).toBeNull();
    expect(change(changed({ desired: 8 }, 'kubectl-edit'), [window], made + 300_000)?.by).toBe('kubectl-edit');
  });

  test('seen late is ours by the time it was made', () => {
    expect(change(changed({ desired: 9 }), [{ from: made - 1_000, to: made + 1_000 }], made + 40_000)).toBeNull();
  });

  test('deleted, or deleted and made anew', () => {
    expect(change(null)).toMatchObject({ by: 'unknown', what: 'deleted' });
    expect(change(changed({ uid: 'another', generation: 1 }))).toMatchObject({ what: 'deleted and made anew' });
  });
});

test.each([-300_000, 300_000])('whose it is does not depend on a server clock %i ms from ours', (skewMs) => {
  const own = [{ from: made - skewMs - 1_000, to: made - skewMs + 1_000 }];
  const found = (windows: typeof own) =>
    foreignChange('deployment/checkout', known, changed({ desired: 9 }), made - skewMs + 60_000, windows, skewMs);
  expect(found(own)).toBeNull();
  expect(found([])?.at).toBe(made - skewMs);
});
