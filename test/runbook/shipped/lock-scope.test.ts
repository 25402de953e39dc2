import { expect, test } from 'vitest';
import { lockScope } from '../../../src/cluster/lock/scope.ts';
import { interpolate } from '../../../src/runbook/interpolate.ts';
import { shipped, shippedNames } from './walk-through.ts';

const values: Readonly<Record<string, string>> = { service: 'payment', environment: 'production' };
const filled = (text: string): string => interpolate(text, (name) => values[name], 'plain').text;

const scopeFor = (name: string): string => {
  const { lockScope: given, target } = shipped(name);
  return lockScope(given === null ? null : filled(given), (target?.workloads ?? []).map(filled), `${name}.md`);
};

const forward = shippedNames.filter((name) =>
  ['deploy', 'canary', 'blue-green', 'hotfix'].includes(shipped(name).kind),
);

test('a deployment and a rollback of the same service keep each other out', () => {
  expect(forward).toEqual(['blue-green', 'canary', 'canary-argo-rollouts', 'hotfix', 'recreate', 'rolling']);
  const scopes = Object.fromEntries(forward.map((name) => [name, scopeFor(name)]));
  expect(scopes).toEqual(Object.fromEntries(forward.map((name) => [name, scopeFor('rollback')])));
});
