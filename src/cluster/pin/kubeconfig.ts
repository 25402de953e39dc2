import { readFileSync, statSync } from 'node:fs';
import { delimiter, dirname, join, resolve } from 'node:path';
import { parse } from 'yaml';
import { ExpectedError } from '../../text/errors.ts';
import {
  type ClusterEntry,
  type ContextEntry,
  type KubeconfigFile,
  kubeconfigShape,
  type UserEntry,
} from './kubeconfig-shape.ts';

/** Entries with the folder that their relative paths start from. */
interface Placed<Entry> {
  readonly value: Entry;
  readonly folder: string;
}

/** The kubeconfig of this user: every file of the list, the first entry of a name counts. */
export interface Kubeconfig {
  readonly contexts: ReadonlyMap<string, Placed<ContextEntry>>;
  readonly clusters: ReadonlyMap<string, Placed<ClusterEntry>>;
  readonly users: ReadonlyMap<string, Placed<UserEntry>>;
  readonly current: string | null;
  /** Files that were read; empty = there is no kubeconfig. */
  readonly files: readonly string[];
  /** Of these, the ones that others on this machine can read (W604). */
  readonly exposed: readonly string[];
}

/** A kubeconfig larger than this is none. */
const mostBytes = 4 << 20;

/** The files `kubectl` would read. */
export const kubeconfigPaths = (
  environment: Readonly<Record<string, string | undefined>>,
  home: string,
): readonly string[] => {
  const listed = (environment.KUBECONFIG ?? '').split(delimiter).filter((path) => path !== '');
  return listed.length > 0 ? listed.map((path) => resolve(path)) : [join(home, '.kube', 'config')];
};

/** Reads and merges; files that do not exist are passed over. Throws `ExpectedError` E603. */
export const readKubeconfig = (paths: readonly string[]): Kubeconfig => {
  const contexts = new Map<string, Placed<ContextEntry>>();
  const clusters = new Map<string, Placed<ClusterEntry>>();
  const users = new Map<string, Placed<UserEntry>>();
  const files: string[] = [];
  const exposed: string[] = [];
  let current: string | null = null;
  for (const path of paths) {
    const file = readOne(path);
    if (file === null) continue;
    files.push(path);
    if (file.exposed) exposed.push(path);
    const folder = dirname(path);
    const add = <Entry>(
      to: Map<string, Placed<Entry>>,
      list: readonly { readonly name: string; readonly value: Entry }[],
    ): void => {
      for (const { name, value } of list) if (!to.has(name)) to.set(name, { value, folder });
    };
    add(contexts, file.content.contexts);
    add(clusters, file.content.clusters);
    add(users, file.content.users);
    current ??= file.content['current-context'];
  }
  return { contexts, clusters, users, current, files, exposed };
};

const readOne = (path: string): { readonly content: KubeconfigFile; readonly exposed: boolean } | null => {
  let bytes: string;
  let exposed: boolean;
  try {
    const { mode, size } = statSync(path);
    if (size > mostBytes) throw malformed(path, `it is ${Math.round(size / 2 ** 20)} MB large`);
    exposed = (mode & 0o044) !== 0;
    bytes = readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof ExpectedError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return null;
    throw malformed(path, `it cannot be read (${code ?? String(error)})`);
  }
  return { content: parseKubeconfig(bytes, path), exposed };
};

/** One file's content. Throws `ExpectedError` E603. */
export const parseKubeconfig = (source: string, path: string): KubeconfigFile => {
  let data: unknown;
  try {
    data = parse(source, { maxAliasCount: 0 });
  } catch (error) {
    throw malformed(path, `not YAML: ${error instanceof Error ? (error.message.split('\n')[0] ?? '') : ''}`);
  }
  const read = kubeconfigShape.safeParse(data ?? {});
  if (read.success) return read.data;
  const issue = read.error.issues[0];
  const where = issue === undefined || issue.path.length === 0 ? '' : `${issue.path.join('.')}: `;
  throw malformed(path, `${where}${issue?.message ?? 'not a kubeconfig'}`);
};

const malformed = (path: string, what: string): ExpectedError =>
  new ExpectedError(`the kubeconfig is malformed: ${what}`, {
    code: 'E603',
    place: path,
    nextStep: 'Correct it, or point KUBECONFIG to another file',
  });
