import { join } from 'node:path';

/** Loopback ports of one cluster. */
export interface Ports {
  readonly etcd: number;
  readonly etcdPeer: number;
  readonly api: number;
  readonly kubelet: number;
  readonly controllers: number;
  readonly scheduler: number;
}

export interface CertificatePaths {
  readonly authority: string;
  readonly certificate: string;
  readonly key: string;
  readonly proxyAuthority: string;
}

export const etcdArguments = (folder: string, ports: Ports): string[] => {
  const [client, peer] = [`http://127.0.0.1:${ports.etcd}`, `http://127.0.0.1:${ports.etcdPeer}`];
  return [
    '--name=live',
    `--data-dir=${join(folder, 'etcd')}`,
    `--listen-client-urls=${client}`,
    `--advertise-client-urls=${client}`,
    `--listen-peer-urls=${peer}`,
    `--initial-advertise-peer-urls=${peer}`,
    `--initial-cluster=live=${peer}`,
    '--unsafe-no-fsync',
    '--log-level=warn',
  ];
};

export const apiServerArguments = (ports: Ports, paths: CertificatePaths, tokens: string): string[] => [
  '--bind-address=127.0.0.1',
  '--advertise-address=127.0.0.1',
  `--secure-port=${ports.api}`,
  `--etcd-servers=http://127.0.0.1:${ports.etcd}`,
  `--tls-cert-file=${paths.certificate}`,
  `--tls-private-key-file=${paths.key}`,
  `--client-ca-file=${paths.authority}`,
  `--token-auth-file=${tokens}`,
  `--service-account-key-file=${paths.certificate}`,
  `--service-account-signing-key-file=${paths.key}`,
  '--service-account-issuer=https://kubernetes.default.svc',
  // Who comes through the fault proxy is who the proxy says, if it shows its own certificate.
  `--requestheader-client-ca-file=${paths.proxyAuthority}`,
  '--requestheader-allowed-names=front-proxy',
  '--requestheader-username-headers=X-Remote-User',
  '--requestheader-group-headers=X-Remote-Group',
  '--requestheader-extra-headers-prefix=X-Remote-Extra-',
  '--authorization-mode=RBAC',
  '--service-cluster-ip-range=127.64.0.0/24',
  '--endpoint-reconciler-type=none',
  // No service accounts are made here, and nobody would take the taint of a new Node away.
  '--disable-admission-plugins=ServiceAccount,TaintNodesByCondition',
  '--kubelet-preferred-address-types=InternalIP',
];

const controllers = [
  'deployment-controller',
  'replicaset-controller',
  'statefulset-controller',
  'daemonset-controller',
  'job-controller',
  'cronjob-controller',
  'disruption-controller',
  'resourcequota-controller',
  'garbage-collector-controller',
  'namespace-controller',
  'endpointslice-controller',
];

export const controllerArguments = (ports: Ports, kubeconfig: string, qps: number, burst: number): string[] => [
  `--kubeconfig=${kubeconfig}`,
  '--bind-address=127.0.0.1',
  `--secure-port=${ports.controllers}`,
  '--leader-elect=false',
  `--controllers=${controllers.join(',')}`,
  `--kube-api-qps=${qps}`,
  `--kube-api-burst=${burst}`,
];

export const schedulerArguments = (ports: Ports, kubeconfig: string, qps: number, burst: number): string[] => [
  `--kubeconfig=${kubeconfig}`,
  `--authentication-kubeconfig=${kubeconfig}`,
  `--authorization-kubeconfig=${kubeconfig}`,
  '--bind-address=127.0.0.1',
  `--secure-port=${ports.scheduler}`,
  '--leader-elect=false',
  `--kube-api-qps=${qps}`,
  `--kube-api-burst=${burst}`,
];

export const kwokArguments = (ports: Ports, kubeconfig: string, stages: string, paths: CertificatePaths): string[] => [
  `--kubeconfig=${kubeconfig}`,
  '--manage-all-nodes=true',
  '--cidr=127.65.0.0/16',
  '--node-ip=127.0.0.1',
  `--node-port=${ports.kubelet}`,
  `--server-address=127.0.0.1:${ports.kubelet}`,
  `--tls-cert-file=${paths.certificate}`,
  `--tls-private-key-file=${paths.key}`,
  `--config=${stages}`,
  '--enable-crds=Logs,ClusterPortForward',
  // With leases, one that starts anew leaves the Nodes alone until the lease of the one before has ended.
  '--node-lease-duration-seconds=0',
];
