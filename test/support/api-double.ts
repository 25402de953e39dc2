import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PracticeApi } from './practice-api.ts';

/** What the double answers with; change it while it runs. */
export interface ApiAnswers {
  uid: string;
  /** 200, or 403 without permission to read `kube-system`. */
  identityStatus: number;
  user: string;
  /** By `verb resource`; anything else is allowed. `null`: the server cannot say. What is not to be listed, is not. */
  denied: Record<string, string | null>;
  namespaces: Record<string, 'Active' | 'Terminating'>;
  /** Images of Deployments in `production`, as it begins; without any, nothing about workloads is answered. */
  deployments: Record<string, string>;
}

export interface ApiDouble {
  readonly url: string;
  readonly port: number;
  readonly answers: ApiAnswers;
  /** `GET /api/v1/namespaces/kube-system`, in order. */
  readonly asked: readonly string[];
  /** Null without Deployments. */
  readonly workloads: PracticeApi | null;
  close(): Promise<void>;
}

const bodyOf = async (request: IncomingMessage): Promise<string> => {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return text;
};

/** An API server over plain HTTP that knows who it is, whom it talks to, and what that user may do. */
export const startApi = async (change: Partial<ApiAnswers> = {}, port = 0): Promise<ApiDouble> => {
  const answers: ApiAnswers = {
    uid: '41ab0000-0000-4000-8000-000000000000',
    identityStatus: 200,
    user: 'alice@example.com',
    denied: {},
    namespaces: { production: 'Active', shop: 'Active' },
    deployments: {},
    ...change,
  };
  const workloads = Object.keys(answers.deployments).length === 0 ? null : new PracticeApi(answers.deployments);
  const asked: string[] = [];
  const leases: Leases = new Map();
  const server: Server = createServer((request, response) => {
    void bodyOf(request).then((text) => {
      const url = request.url ?? '';
      const listed = /\/namespaces\/[^/]+\/([a-z]+)\?/.exec(url)?.[1];
      if (listed !== undefined && `list ${listed}` in answers.denied) {
        const [status, body] = refusal(
          403,
          'Forbidden',
          `${listed} is forbidden: User cannot list resource "${listed}"`,
        );
        response.writeHead(status, { 'content-type': 'application/json', connection: 'close' });
        return void response.end(JSON.stringify(body));
      }
      if (workloads?.takes(request, response)) return;
      const [status, body] = leasePath.test(url)
        ? leaseAnswer(leases, request.method ?? 'GET', url, text)
        : answer(answers, url, text);
      asked.push(`${request.method} ${request.url}`);
      response.writeHead(status, { 'content-type': 'application/json', connection: 'close' });
      response.end(JSON.stringify(body));
    });
  });
  await new Promise<void>((done) => server.listen(port, '127.0.0.1', done));
  const { port: actual } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${actual}`,
    port: actual,
    answers,
    asked,
    workloads,
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
};

interface Lease {
  readonly metadata: { readonly name: string; readonly resourceVersion?: string };
}
type Leases = Map<string, Lease>;

const leasePath = /^\/apis\/coordination\.k8s\.io\/v1\/namespaces\/[^/]+\/leases/;
let version = 0;

/** Leases with their versions: what is written on an old one is refused. */
const leaseAnswer = (leases: Leases, method: string, path: string, text: string): [number, object] => {
  const lease = method === 'GET' || method === 'DELETE' ? null : (JSON.parse(text) as Lease);
  const key = method === 'POST' ? `${path}/${lease?.metadata.name}` : path;
  const known = leases.get(key);
  const keep = (): Lease => {
    version += 1;
    const kept = { ...lease, metadata: { ...(lease as Lease).metadata, resourceVersion: String(version) } };
    leases.set(key, kept);
    return kept;
  };
  if (method === 'POST')
    return known === undefined ? [201, keep()] : refusal(409, 'AlreadyExists', 'leases already exists');
  if (known === undefined) return refusal(404, 'NotFound', 'leases not found');
  if (method === 'GET') return [200, known];
  if (method === 'DELETE') {
    leases.delete(key);
    return [200, known];
  }
  return lease?.metadata.resourceVersion === known.metadata.resourceVersion
    ? [200, keep()]
    : refusal(409, 'Conflict', 'the object has been modified');
};

const refusal = (code: number, reason: string, message: string): [number, object] => [
  code,
  { kind: 'Status', apiVersion: 'v1', status: 'Failure', code, reason, message },
];

const answer = (answers: ApiAnswers, path: string, text: string): [number, object] => {
  if (path === '/api/v1/namespaces/kube-system')
    return answers.identityStatus === 200
      ? [200, { metadata: { name: 'kube-system', uid: answers.uid } }]
      : refusal(answers.identityStatus, 'Forbidden', 'namespaces "kube-system" is forbidden');
  if (path.endsWith('/selfsubjectreviews')) return [201, { status: { userInfo: { username: answers.user } } }];
  if (path.endsWith('/selfsubjectaccessreviews')) return review(answers, text);
  const namespace = /^\/api\/v1\/namespaces\/([^/?]+)$/.exec(path)?.[1];
  if (namespace !== undefined) {
    const phase = answers.namespaces[namespace];
    return phase === undefined
      ? refusal(404, 'NotFound', `namespaces "${namespace}" not found`)
      : [200, { metadata: { name: namespace }, status: { phase } }];
  }
  return refusal(404, 'NotFound', 'the server could not find the requested resource');
};

const review = (answers: ApiAnswers, text: string): [number, object] => {
  const { spec } = JSON.parse(text) as { spec: { resourceAttributes: Record<string, string> } };
  const { verb, resource, subresource } = spec.resourceAttributes;
  const key = `${verb} ${resource}${subresource === undefined ? '' : `/${subresource}`}`;
  if (!(key in answers.denied)) return [201, { spec, status: { allowed: true } }];
  const reason = answers.denied[key];
  return reason === null
    ? [201, { spec, status: { allowed: false, evaluationError: 'webhook did not answer' } }]
    : [201, { spec, status: { allowed: false, reason } }];
};
