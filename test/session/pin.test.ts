import { describe, expect, test } from 'vitest';
import type { TargetIdentity } from '../../src/session/events.ts';
import { Operator } from './support.ts';

const identity: TargetIdentity = {
  context: 'prod-eu',
  namespace: 'shop',
  server: 'https://10.0.0.1:6443',
  caSha256: null,
  clusterUid: '41ab',
  user: 'alice',
  others: [],
};

/** A plain file with this one command, in a run pinned to prod-eu / shop. */
const pinned = (script: string): Operator => {
  const operator = new Operator(`# Deploy\n\n## Go\n\n1. Do it\n\n   \`\`\`sh\n   ${script}\n   \`\`\`\n`, {
    pinned: identity,
  });
  return operator;
};

const blocked = (script: string): string | null => {
  const { main } = pinned(script);
  return main.kind === 'run' || main.kind === 'confirm' ? (main.pending.blocked?.code ?? null) : null;
};

const because = (script: string): string | null => pinned(script).pending.blocked?.because ?? null;

describe('a command that leads elsewhere', () => {
  test.each([
    'kubectl --context dev get pods',
    'kubectl get pods --context=dev',
    'kubectl --kubeconfig ~/.kube/other get pods',
    'kubectl --kubeconfig "$HOME/other" get pods',
    'kubectl --server https://10.9.9.9:6443 get pods',
    'kubectl -s https://10.9.9.9:6443 get pods',
    'kubectl --cluster dev get pods',
    'kubectl --user admin get pods',
    'kubectl --as admin delete pod x',
    'helm --kube-context dev ls',
    'flux --context dev get all',
    'istioctl --context dev version',
    'KUBECONFIG=/tmp/other kubectl get pods',
    'KUBECONFIG=/tmp/other kubectl delete pod x',
    'KUBECONFIG=~/.kube/other kubectl get pods',
    'KUBECONFIG=~/.kube/other kubectl delete pod x',
    'env KUBECONFIG=/tmp/other kubectl get pods',
    'sudo -E KUBECONFIG=/tmp/other kubectl get pods',
    'unset KUBECONFIG; kubectl delete pod x',
    'env -u KUBECONFIG kubectl delete pod x',
    'env -i PATH="$PATH" kubectl delete pod x',
    'HELM_KUBEAPISERVER=https://10.9.9.9:6443 helm ls',
    'HELM_KUBECONTEXT=dev helm upgrade a b',
    'HELM_KUBETOKEN=abc helm upgrade a b',
    'export HELM_KUBECAFILE=/tmp/ca; helm ls',
    'env HELM_KUBEINSECURE_SKIP_TLS_VERIFY=true helm ls',
    'HELM_KUBEASUSER=admin helm ls',
    'sudo kubectl delete pod x',
    'sudo -u deploy helm upgrade a b',
  ])('is E416: %s', (script) => expect(blocked(script)).toBe('E416'));

  test.each([
    'kubectl --context prod-eu get pods',
    'kubectl --context "$CONTEXT" get pods',
    'kubectl --kubeconfig "$KUBECONFIG" get pods',
    'kubectl --server https://10.0.0.1:6443 get pods',
    'kubectl --as alice get pods',
    'kubectl create rolebinding x --clusterrole=view --user=bob',
    'kubectl exec web-0 -- psql --user app --cluster main',
    'helm --kube-context prod-eu ls',
    'KUBECONFIG="$KUBECONFIG" kubectl get pods',
    'HELM_KUBECONTEXT="$CONTEXT" helm ls',
    'HELM_KUBECONTEXT=prod-eu helm ls',
    'HELM_KUBEAPISERVER=https://10.0.0.1:6443 helm ls',
    'HELM_DEBUG=true helm ls',
    'LANG=C kubectl get pods',
    'env LANG=C kubectl get pods',
    'sudo -E kubectl get pods',
    'sudo systemctl restart app',
    'sudo kubeadm token list',
    'ssh web-1 sudo kubectl get pods',
    'unset TOKEN; kubectl get pods',
  ])('and one that does not, is not: %s', (script) => expect(blocked(script)).toBe(null));

  test('says both names', () => {
    expect(because('kubectl --context dev get pods')).toBe('step targets context "dev", run is pinned to "prod-eu"');
  });
});

describe('a target step of a plain file', () => {
  test.each([
    'kubectl config use-context prod-eu',
    'kubectx prod-eu',
    'kubens shop',
    'kubectl config set-context --current --namespace=shop',
    'aws eks update-kubeconfig --name prod-eu',
  ])('of the same target is ticked without running: %s', (script) => {
    const operator = pinned(script);
    expect(operator.main.kind).toBe('pass');
    expect(operator.does({ type: 'pass', step: '1.1' })).toBe(true);
  });

  test.each([
    'kubectl config use-context dev',
    'kubectx dev',
    'kubectx -',
    'kubens payments',
    'gcloud container clusters get-credentials dev --zone z',
    'export KUBECONFIG=/tmp/other',
  ])('of another one stops the step: %s', (script) => {
    const operator = pinned(script);
    expect(operator.pending.blocked?.code).toBe('E417');
    expect(operator.confirms('yes')).toBe(false);
    expect(operator.does({ type: 'pass', step: '1.1' })).toBe(false);
    expect(operator.does({ type: 'skip', step: '1.1', reason: 'looked at: not needed' })).toBe(true);
  });

  test('is ticked as before in a run without a pin', () => {
    const operator = new Operator('# Deploy\n\n1. Go\n\n   ```sh\n   kubectl config use-context dev\n   ```\n');
    expect(operator.main.kind).toBe('pass');
  });
});
