import { expect, test } from 'vitest';
import { leaseName, lockScope } from '../../../src/cluster/lock/scope.ts';

test.each([
  ['checkout', ['deployment/cart'], 'checkout'],
  ['Shop EU', [], 'shop-eu'],
  [null, ['deployment/checkout', 'deployment/cart'], 'deployment-checkout'],
  [null, ['deploy/checkout'], 'deployment-checkout'],
  [null, ['deployments.apps/checkout'], 'deployment-checkout'],
  [null, ['Deployments.v1.apps/checkout'], 'deployment-checkout'],
  [null, ['sts/db'], 'statefulset-db'],
  [null, ['ro/checkout'], 'rollout-checkout'],
  [null, ['rollouts.argoproj.io/checkout'], 'rollout-checkout'],
  ['deploy/checkout', [], 'deployment-checkout'],
  ['deploy-checkout', ['deployment/checkout'], 'deploy-checkout'],
  ['team.a/x', [], 'team-a-x'],
  ['team.b/x', [], 'team-b-x'],
  ['constructor/x', [], 'constructor-x'],
  [null, [], 'deploy-md'],
  ['..', [], 'default'],
  ['ä'.repeat(80), [], 'default'],
  [`${'a'.repeat(62)}-b`, [], 'a'.repeat(62)],
])('the scope of %s with %s is %s', (given, workloads, scope) => {
  expect(lockScope(given, workloads, 'runbooks/deploy.md')).toBe(scope);
});

test('the Lease is named after it', () => {
  expect(leaseName('deployment-checkout')).toBe('gonogo-lock-deployment-checkout');
});
