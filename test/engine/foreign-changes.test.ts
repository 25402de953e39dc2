import { expect, test } from 'vitest';
import { drivenBy } from '../../src/engine/foreign-changes.ts';

test.each([
  ['argocd app sync checkout --timeout 300', ['argocd-controller', 'argocd-application-controller']],
  ['flux reconcile helmrelease checkout', ['kustomize-controller', 'helm-controller', 'flux']],
  ['helm upgrade checkout ./chart --wait', []],
  ['kubectl -n argocd-system get pods', []],
])('%s asks %j to act', (script, managers) => {
  expect(drivenBy(script)).toEqual(managers);
});
