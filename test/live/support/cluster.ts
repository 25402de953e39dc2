import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { folderOf, programOf } from './binaries.ts';
import { type Authority, openAuthority } from './certificates.ts';
import type { ClusterOptions, KubectlOptions, LiveCluster, PodLines } from './cluster-model.ts';
import { openServers, type Servers } from './cluster-servers.ts';
import { kubeconfigText } from './kubeconfig.ts';
import { logText } from './kwok-configuration.ts';
import { freePorts, runCommand } from './processes.ts';
import { waitFor } from './wait.ts';

export type { ClusterOptions, KubeconfigOptions, LiveCluster, ServerName } from './cluster-model.ts';

const prefix = 'gonogo-live-';

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

/** A folder of our own; those that a killed test left behind are removed. */
const newFolder = (): string => {
  for (const name of readdirSync(tmpdir())) {
    const owner = Number(name.match(/^gonogo-live-(\d+)-/)?.[1]);
    if (owner > 0 && !isAlive(owner)) rmSync(join(tmpdir(), name), { recursive: true, force: true });
  }
  return mkdtempSync(join(tmpdir(), `${prefix}${process.pid}-`));
};

const openPorts = async (api?: number) => {
  const [etcd, etcdPeer, free, kubelet, controllers, scheduler] = (await freePorts(6)) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  return { etcd, etcdPeer, api: api ?? free, kubelet, controllers, scheduler };
};

const kubeconfigs = (folder: string, authority: Authority, server: string, ownContext: string) => {
  let count = 0;
  const write: LiveCluster['kubeconfigFor'] = async (user, options = {}) => {
    const { groups = [], context = ownContext, namespace, token } = options;
    const signed = await authority.issue(`user-${[user, ...groups].join('-').replaceAll(/\W/g, '-')}`, {
      user,
      groups,
    });
    const path = join(folder, `kubeconfig-${user}-${++count}.json`);
    const text = kubeconfigText({
      context,
      server: options.server ?? server,
      authority: authority.certificate,
      ...(token ? { token } : signed),
      ...(namespace ? { namespace } : {}),
    });
    writeFileSync(path, text, { mode: 0o600 });
    return path;
  };
  return write;
};

const commands = (folder: string, kubeconfig: string) => {
  const path = [folderOf('kubernetes'), folderOf('argo-rollouts'), process.env.PATH ?? ''].join(delimiter);
  const env = { ...process.env, KUBECONFIG: kubeconfig, PATH: path, KUBECACHEDIR: join(folder, 'kubectl-cache') };
  const kubectl = (args: readonly string[], options: KubectlOptions = {}) =>
    runCommand(programOf('kubernetes', 'kubectl'), args, {
      seconds: options.seconds ?? 60,
      env: options.kubeconfig ? { ...env, KUBECONFIG: options.kubeconfig } : env,
      ...(options.input === undefined ? {} : { input: options.input }),
    });
  const orThrow = async (args: readonly string[], options: KubectlOptions = {}): Promise<string> => {
    const { exit, stdout, stderr } = await kubectl(args, options);
    if (exit !== 0) throw new Error(`kubectl ${args.join(' ')} ended with ${exit}: ${stderr || stdout}`);
    return stdout;
  };
  return { env, kubectl, orThrow };
};

/** The revision etcd is at, by its HTTP gateway; then everything before it is compacted away. */
const compactHistory = async (etcdPort: number): Promise<number> => {
  const ask = async (path: string, body: object): Promise<{ header: { revision: string } }> => {
    const response = await fetch(`http://127.0.0.1:${etcdPort}/v3/${path}`, {
      method: 'POST',
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`etcd ${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as { header: { revision: string } };
  };
  const { revision } = (await ask('kv/range', { key: 'AA==' })).header;
  await ask('kv/compaction', { revision, physical: true });
  return Number(revision);
};

const nodeYaml = (index: number): string =>
  JSON.stringify({
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name: `node-${index}`,
      labels: { 'kubernetes.io/hostname': `node-${index}`, 'kubernetes.io/os': 'linux' },
    },
  });

const fill = async (cluster: LiveCluster, nodes: number): Promise<void> => {
  const crds = programOf('kwok', 'crds.yaml');
  await cluster.apply(Array.from({ length: nodes }, (_, index) => nodeYaml(index + 1)).join('\n---\n'));
  await cluster.apply(readFileSync(crds, 'utf8'), ['--server-side']);
};

const nodesAreReady = (cluster: LiveCluster): Promise<unknown> =>
  waitFor('the Nodes to be ready', async () => {
    const { items } = await cluster.json<{ items: { status: { conditions?: { type: string; status: string }[] } }[] }>([
      'get',
      'nodes',
    ]);
    return items.every(({ status }) =>
      status.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True'),
    );
  });

const writeLogs = async (cluster: LiveCluster, namespace: string, pod: string, lines: PodLines): Promise<void> => {
  const file = (kind: string, text: readonly string[]): string => {
    const path = join(cluster.folder, `${namespace}-${pod}.${kind}.log`);
    writeFileSync(path, logText(text));
    return path;
  };
  const one = {
    logsFile: file('current', lines.current),
    previousLogsFile: file('previous', lines.previous ?? []),
    follow: true,
  };
  const object = {
    apiVersion: 'kwok.x-k8s.io/v1alpha1',
    kind: 'Logs',
    metadata: { name: pod, namespace },
    spec: { logs: [one] },
  };
  const expected = lines.current.map((line) => `${line}\n`).join('');
  // kwok keeps what it read of these objects until their version changes, and may have read just before it did.
  await waitFor(`the lines of pod ${pod}`, async () => {
    const metadata = { ...object.metadata, annotations: { at: String(performance.now()) } };
    await cluster.apply(JSON.stringify({ ...object, metadata }));
    return (await cluster.kubectl(['logs', '-n', namespace, pod])).stdout === expected;
  });
};

const clusterOf = (parts: {
  readonly folder: string;
  readonly ports: Awaited<ReturnType<typeof openPorts>>;
  readonly context: string;
  readonly authority: Authority;
  readonly proxyAuthority: Authority;
  readonly kubeconfig: string;
  readonly kubeconfigFor: LiveCluster['kubeconfigFor'];
  readonly servers: Servers;
}): LiveCluster => {
  const { folder, ports, servers, kubeconfig } = parts;
  const { env, kubectl, orThrow } = commands(folder, kubeconfig);
  const stopApiServer = () => servers.get('kube-apiserver').stop(3);
  const startApiServer = async (): Promise<void> => {
    servers.start('kube-apiserver');
    await servers.apiIsReady();
    await servers.restartItsClients();
  };
  const cluster: LiveCluster = {
    ...parts,
    server: `https://127.0.0.1:${ports.api}`,
    port: ports.api,
    env,
    kubectl,
    json: async <T>(args: readonly string[]) => JSON.parse(await orThrow([...args, '-o', 'json'])) as T,
    apply: async (yaml, args = []) => {
      await orThrow(['apply', ...args, '-f', '-'], { input: yaml });
    },
    stopApiServer,
    startApiServer,
    pauseController: (name) => servers.get(name).pause(),
    resumeController: (name) => servers.get(name).resume(),
    compactEtcd: async () => {
      await stopApiServer();
      const revision = await compactHistory(ports.etcd);
      await startApiServer();
      return revision;
    },
    setLogs: (namespace, pod, lines) => writeLogs(cluster, namespace, pod, lines),
    log: (name) => servers.log(name, 100_000),
    start: (name, program, args, added) => servers.startOther(name, program, args, { ...env, ...added }),
    stop: async () => {
      await servers.stopAll();
      rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
    },
  };
  return cluster;
};

/** Starts the servers and waits until the API answers and the Nodes are ready; 5 to 10 s. */
export const startCluster = async (options: ClusterOptions = {}): Promise<LiveCluster> => {
  const folder = newFolder();
  const context = options.context ?? 'prod-eu';
  const authority = options.authority ?? (await openAuthority(join(folder, 'authority'), 'gonogo live'));
  const proxyAuthority = await openAuthority(join(folder, 'proxy-authority'), 'gonogo live front proxy');
  const ports = await openPorts(options.port);
  const server = `https://127.0.0.1:${ports.api}`;
  const serving = await authority.issue('server', {
    user: 'kube-apiserver',
    addresses: ['IP:127.0.0.1', 'DNS:localhost'],
  });
  const kubeconfigFor = kubeconfigs(folder, authority, server, context);
  const kubeconfig = await kubeconfigFor('admin', { groups: ['system:masters'] });
  const paths = { authority: authority.certificate, ...serving, proxyAuthority: proxyAuthority.certificate };
  const authorityText = readFileSync(authority.certificate, 'utf8');
  const servers = openServers({ folder, ports, paths, kubeconfig, options, authorityText });
  const cluster = clusterOf({ folder, ports, context, authority, proxyAuthority, kubeconfig, kubeconfigFor, servers });
  try {
    servers.start('etcd');
    servers.start('kube-apiserver');
    await servers.apiIsReady();
    await fill(cluster, options.nodes ?? 1);
    for (const name of ['kube-controller-manager', 'kube-scheduler', 'kwok']) servers.start(name);
    await nodesAreReady(cluster);
    return cluster;
  } catch (error) {
    const log = servers.log();
    await cluster.stop();
    throw new Error(`THE CLUSTER DID NOT START: ${error instanceof Error ? error.message : error}\n${log}`);
  }
};
