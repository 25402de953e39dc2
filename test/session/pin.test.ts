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
    'kubectl-argo-rollouts --kubeconfig /tmp/other promote web',
    'kubectl-argo-rollouts promote web --context dev',
    'kubectl argo rollouts promote web --context dev',
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

describe('a command of another pinned tool', () => {
  const others = [
    { kind: 'aws', identity: 'account 123456789012, region eu-west-1' },
    { kind: 'gcp', identity: 'account deploy@example.com, project shop-prod' },
    { kind: 'azure', identity: 'subscription 11-22' },
    { kind: 'docker', identity: 'host unix:///var/run/docker.sock, engine e1' },
    { kind: 'argocd', identity: 'server argocd.example.com' },
  ] as const;
  const codeOf = (script: string, pinned: TargetIdentity): string | null => {
    const text = `# Deploy\n\n## Go\n\n1. Do it\n\n   \`\`\`sh\n   ${script}\n   \`\`\`\n`;
    return new Operator(text, { pinned }).pending.blocked?.code ?? null;
  };

  const elsewhere = [
    'aws --profile other ecs list-services',
    'aws ecs update-service --service web --region us-east-1',
    'AWS_PROFILE=other aws ecs list-services',
    'env AWS_REGION=us-east-1 aws ecs list-services',
    'gcloud run deploy web --project shop-dev',
    'gcloud --account=me@example.com run services list',
    'CLOUDSDK_CORE_PROJECT=shop-dev gcloud run services list',
    'az webapp list --subscription 33-44',
    'docker -H tcp://10.0.0.9:2375 ps',
    'docker --host=tcp://10.0.0.9:2375 stop web',
    'docker --context staging compose up -d',
    'DOCKER_HOST=tcp://10.0.0.9:2375 docker ps',
    'argocd app sync web --server argocd.dev.example.com',
  ];

  test.each(elsewhere)('that leads elsewhere is E416: %s', (script) => {
    expect(codeOf(script, { ...identity, others })).toBe('E416');
  });

  test.each(elsewhere)('is none of our business where nothing of it is pinned: %s', (script) => {
    expect(codeOf(script, identity)).toBe(null);
  });

  test.each([
    'aws ecs list-services',
    'aws --region eu-west-1 ecs list-services',
    'REGION="$(cat region)"; aws --region "$REGION" ecs list-services',
    'gcloud run deploy web --project=shop-prod',
    'az webapp list --subscription 11-22',
    'docker run --name web -h web nginx',
    'docker -H unix:///var/run/docker.sock ps',
    'argocd app sync web --server argocd.example.com',
  ])('that stays there is not: %s', (script) => {
    expect(codeOf(script, { ...identity, others })).toBe(null);
  });

  test('says what it would reach, and what the run is pinned to', () => {
    const text = '# Deploy\n\n## Go\n\n1. Do it\n\n   ```sh\n   aws --region us-east-1 ecs list-services\n   ```\n';
    expect(new Operator(text, { pinned: { ...identity, others } }).pending.blocked?.because).toBe(
      'step targets aws region "us-east-1", run is pinned to account 123456789012, region eu-west-1',
    );
  });
});
