import type { LogCount, LogCountRequest } from '../../ports/cluster.ts';
import { ApiProblem, isApiProblem } from './api-problem.ts';
import type { ApiConnection } from './connection.ts';
import { type ListPage, pageOf, queryPath } from './list-pages.ts';
import { type LogSource, logLines, logPath, logProblem } from './logs.ts';
import { deniedWords } from './refusals.ts';
import type { ResourceQuery } from './resource.ts';

const maxPods = 50;
const maxBytesPerLog = 4 * 1024 * 1024;
const readAtOnce = 4;
const maxGroups = 1_000;
const shownGroups = 20;
const maxGroupText = 300;
const readMs = 20_000;
/** Our clock may be off; beyond it the server's is taken for what "since" means. */
const tolerableSkewMs = 30_000;

/** Two lines that differ in numbers alone are one: counts, durations, addresses, ids in hex. */
export const groupText = (line: string): string =>
  line
    .replace(/\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/gi, '#')
    .replace(/\b0x[0-9a-f]+\b|\b(?=[0-9a-f]*\d)(?=[0-9a-f]*[a-f])[0-9a-f]{8,}\b/gi, '#')
    .replace(/\d+(?:[.,:]\d+)*/g, '#')
    .slice(0, maxGroupText);

/** Counts matching lines by their text, in bounded memory. */
class Tally {
  readonly #pattern: RegExp;
  readonly #groups = new Map<string, { count: number; pod: string }>();
  lines = 0;
  matches = 0;
  isFull = false;

  constructor({ source, flags }: LogCountRequest['pattern']) {
    this.#pattern = new RegExp(source, flags.replace(/[gy]/g, ''));
  }

  add(line: string, pod: string): void {
    this.lines += 1;
    if (!this.#pattern.test(line)) return;
    this.matches += 1;
    const text = groupText(line);
    const group = this.#groups.get(text);
    if (group !== undefined) group.count += 1;
    else if (this.#groups.size < maxGroups) this.#groups.set(text, { count: 1, pod });
    else this.isFull = true;
  }

  top(): LogCount['groups'] {
    return [...this.#groups]
      .map(([text, { count, pod }]) => ({ text, count, pod }))
      .sort((a, b) => b.count - a.count)
      .slice(0, shownGroups);
  }
}

interface ContainerStatus {
  readonly name?: string;
  readonly lastState?: { readonly terminated?: { readonly finishedAt?: string } };
}

interface PodObject {
  readonly metadata?: { readonly name?: string };
  readonly spec?: {
    readonly containers?: readonly { readonly name?: string }[];
    readonly initContainers?: readonly { readonly name?: string; readonly restartPolicy?: string }[];
  };
  readonly status?: {
    readonly containerStatuses?: readonly ContainerStatus[];
    readonly initContainerStatuses?: readonly ContainerStatus[];
  };
}

/** The logs of a pod that may hold lines since then: its containers, its sidecars, and what ran before a restart. */
const sourcesOf = (object: unknown, namespace: string, since: number): readonly LogSource[] => {
  const { metadata, spec, status } = object as PodObject;
  const sidecars = (spec?.initContainers ?? []).filter(({ restartPolicy }) => restartPolicy === 'Always');
  const states = [...(status?.containerStatuses ?? []), ...(status?.initContainerStatuses ?? [])];
  return [...(spec?.containers ?? []), ...sidecars].flatMap(({ name }): readonly LogSource[] => {
    if (name === undefined || metadata?.name === undefined) return [];
    const source = { namespace, pod: metadata.name, container: name };
    const ended = states.find((state) => state.name === name)?.lastState?.terminated?.finishedAt;
    const hasPrevious = ended !== undefined && Date.parse(ended) >= since;
    return [...(hasPrevious ? [{ ...source, previous: true }] : []), { ...source, previous: false }];
  });
};

/** Not a fault: the container has not started yet, or what ran before is no longer kept. */
const hasNoLog = ({ kind, apiMessage }: ApiProblem): boolean =>
  kind === 'not-found' || (kind === 'invalid' && /waiting to start|not found|is terminated/i.test(apiMessage ?? ''));

/** `2026-01-02T03:04:05.678901234Z text`; a line without a time counts. */
const parseTimed = (line: string): { readonly at: number; readonly text: string } => {
  const space = line.indexOf(' ');
  const at = space === -1 ? Number.NaN : Date.parse(line.slice(0, space));
  return Number.isNaN(at) ? { at: Number.POSITIVE_INFINITY, text: line } : { at, text: line.slice(space + 1) };
};

interface Reading {
  readonly connection: ApiConnection;
  readonly since: number;
  readonly tally: Tally;
  readonly signal: AbortSignal;
}

/** What could not be read of one log; null = all of it was. */
const readOne = async (source: LogSource, { connection, since, tally, signal }: Reading): Promise<string | null> => {
  const path = logPath(source, {
    // Whole seconds are all that the server takes.
    sinceTime: new Date(Math.floor(since / 1000) * 1000).toISOString().replace('.000Z', 'Z'),
    timestamps: 'true',
    limitBytes: String(maxBytesPerLog),
  });
  let bytes = 0;
  try {
    const chunks = await connection.stream(path, { signal, timeoutMs: readMs });
    const counted = (async function* () {
      for await (const chunk of chunks) {
        bytes += chunk.length;
        yield chunk;
      }
    })();
    for await (const line of logLines(counted)) {
      const { at, text } = parseTimed(line);
      if (at >= since) tally.add(text, source.pod);
    }
    return bytes >= maxBytesPerLog ? `log of ${source.pod} cut at 4 MiB` : null;
  } catch (error) {
    if (!isApiProblem(error) || error.kind === 'aborted') throw error;
    return hasNoLog(error) ? null : `${source.pod}: ${logProblem(error, source)}`;
  }
};

const podsOf = async (connection: ApiConnection, query: ResourceQuery, signal: AbortSignal): Promise<ListPage> => {
  try {
    return pageOf(await connection.getJson(queryPath(query, { limit: String(maxPods) }), { signal }));
  } catch (error) {
    throw isApiProblem(error, 'forbidden') ? new ApiProblem({ ...deniedWords(error, query), status: 403 }) : error;
  }
};

/** Counts the lines that match in the logs of the pods of a selector. Rejects with `ApiProblem` when they cannot be listed. */
export const countLogs = async (
  connection: ApiConnection,
  namespace: string,
  request: LogCountRequest,
  signal: AbortSignal,
): Promise<LogCount> => {
  const query = {
    path: `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods`,
    labelSelector: request.selector,
    fieldSelector: null,
  };
  const page = await podsOf(connection, query, signal);
  const skew = connection.clockSkewMs() ?? 0;
  const since = request.since + (Math.abs(skew) > tolerableSkewMs ? skew : 0);
  const tally = new Tally(request.pattern);
  const reading: Reading = { connection, since, tally, signal };
  const left = page.items.flatMap((pod) => sourcesOf(pod, namespace, since));
  const missing: string[] = page.next === null ? [] : [`only the first ${maxPods} pods were read`];
  const reader = async (): Promise<void> => {
    for (let source = left.shift(); source !== undefined; source = left.shift()) {
      const because = await readOne(source, reading);
      if (because !== null) missing.push(because);
    }
  };
  await Promise.all(Array.from({ length: readAtOnce }, reader));
  if (tally.isFull) missing.push(`more than ${maxGroups} different texts`);
  const more = missing.length > 1 ? ` (and ${missing.length - 1} more)` : '';
  return {
    pods: page.items.length,
    lines: tally.lines,
    matches: tally.matches,
    groups: tally.top(),
    incomplete: missing.length === 0 ? null : `${missing[0]}${more}`,
  };
};
