import { describe, expect, test } from 'vitest';
import { specWrites } from '../../../src/runbook/shell/spec-writes.ts';

const values = { SERVICE: 'checkout', CONTAINER: 'app', NEW_IMAGE: 'shop/checkout:v3', NAMESPACE: 'prod', N: '3' };
const writes = (script: string) => specWrites(script, 'bash', values);
const anything = (names: readonly string[] | null = null) => ({ names, changes: 'anything', images: null });
const names = ['deployment', 'checkout'];

describe('what a script writes into the specs of workloads', () => {
  test.each([
    ['kubectl set image "deployment/$SERVICE" "$CONTAINER=$NEW_IMAGE" -n "$NAMESPACE"', 'shop/checkout:v3'],
    ['kubectl -n prod set image deployment "${SERVICE}" app=shop/checkout:v4', 'shop/checkout:v4'],
    ['timeout 5m kubectl set image deployment/checkout app=x:${N:-9}', 'x:3'],
    [
      'kubectl set image deployment/$SERVICE *="$NEW_IMAGE"\nkubectl rollout status deployment/$SERVICE\nsleep 12',
      values.NEW_IMAGE,
    ],
  ])('%s: an image, by name', (script, image) => {
    expect(writes(script)).toEqual([{ names, changes: 'images', images: [image] }]);
  });

  test('the plugin of Argo Rollouts names its rollout alone', () => {
    expect(writes('kubectl argo rollouts set image "$SERVICE" "$CONTAINER=$NEW_IMAGE" -n "$NAMESPACE"')).toEqual([
      { names: ['checkout'], changes: 'images', images: ['shop/checkout:v3'] },
    ]);
    expect(writes('kubectl argo rollouts promote "$SERVICE"')).toBeNull();
  });

  test.each([
    ['kubectl scale "deployment/$SERVICE" --replicas="$N"', [{ names, changes: 'replicas', images: null }]],
    ['kubectl rollout pause deployment/checkout', [{ names, changes: 'paused', images: null }]],
    ['kubectl rollout restart deploy/checkout', [{ names: ['deploy', 'checkout'], changes: 'template', images: null }]],
    ['kubectl rollout undo "deployment/$SERVICE" --to-revision=4', [anything(names)]],
    ['kubectl patch deployment/checkout -p \'{"spec":{}}\'', [anything(names)]],
    ['kubectl apply -f x.yaml -n prod', [anything()]],
    ['kubectl apply -f a.yaml && kubectl apply -f b.yaml', [anything(), anything()]],
    ['helm upgrade checkout ./chart --wait', [anything()]],
    ['helm upgrade checkout ./chart --atomic', [anything(), anything()]],
    ['kubectl rollout undo "deployment/$OTHER"', [anything()]],
    ['kubectl patch service "$SERVICE" -p "{}"', []],
    ['kubectl get pods; sleep 3; echo done > out.txt', []],
    ['kubectl apply --dry-run=server -f x.yaml', []],
  ])('%s: %j', (script, expected) => {
    expect(writes(script)).toEqual(expected);
  });

  test('an image that is known only when it runs is not known', () => {
    expect(writes('kubectl set image deployment/checkout app="$(cat image)"')).toMatchObject([{ images: null }]);
    expect(writes('NEW_IMAGE=x; kubectl set image deployment/checkout app="$NEW_IMAGE"')).toMatchObject([
      { images: null },
    ]);
  });

  test.each([
    './deploy.sh',
    'make deploy',
    'for s in a b; do kubectl rollout restart deployment/$s; done',
    'f() { kubectl apply -f x.yaml; }; f; f',
    'kubectl patch checkoutapp/checkout -p "{}"',
    '$TOOL apply',
    'ssh host kubectl apply -f x.yaml',
    'argocd app sync checkout',
    'git push',
    'kubectl set image (',
  ])('%s: cannot be told', (script) => {
    expect(writes(script)).toBeNull();
  });

  test('nor can the text of another interpreter', () => {
    expect(specWrites('print(1)', 'python3', {})).toBeNull();
  });
});
