import type { LogCount, LogCountRequest } from '../../ports/cluster.ts';
import type { SeenPod } from '../facts/seen-pod.ts';
import { type ApiProblem, isApiProblem } from './api-problem.ts';
import type { ApiConnection } from './connection.ts';
import { type LogSource, logLines, logPath, logProblem } from './logs.ts';
import { type KnownPods, nothingKnown, podsWorthReading } from './pods-worth-reading.ts';

const maxBytesPerLog = 4 * 1024 * 1024;
/** Of a log that is longer than that. */
const lastLines = '2000';
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

/** The logs of a pod that may hold lines since then: its containers, its sidecars, and what ran before a restart. */
const sourcesOf = ({ name: pod, containers }: SeenPod, namespace: string, since: number): readonly LogSource[] =>
  containers
    .filter(({ kind }) => kind !== 'init')
    .flatMap(({ name, lastAt }): readonly LogSource[] => {
      const source = { namespace, pod, container: name };
      const hasPrevious = lastAt !== null && lastAt >= since;
      return [...(hasPrevious ? [{ ...source, previous: true }] : []), { ...source, previous: false }];
    });

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

interface Read {
  readonly isCut: boolean;
  /** The time of its last line. */
  readonly until: number;
}

/** Counts the lines of a log after `after`: the first 4 MiB of them, or of the last lines. */
const readLines = async (
  source: LogSource,
  { connection, since, tally, signal }: Reading,
  { after, tailLines }: { readonly after: number; readonly tailLines: string | null },
): Promise<Read> => {
  const path = logPath(source, {
    // Whole seconds are all that the server takes.
    sinceTime: new Date(Math.floor(since / 1000) * 1000).toISOString().replace('.000Z', 'Z'),
    timestamps: 'true',
    limitBytes: String(maxBytesPerLog),
    tailLines,
  });
  let bytes = 0;
  let until = after;
  const chunks = await connection.stream(path, { signal, timeoutMs: readMs });
  const counted = (async function* () {
    for await (const chunk of chunks) {
      bytes += chunk.length;
      yield chunk;
    }
  })();
  for await (const line of logLines(counted)) {
    const { at, text } = parseTimed(line);
    if (at < since || at <= after) continue;
    tally.add(text, source.pod);
    if (Number.isFinite(at)) until = Math.max(until, at);
  }
  return { isCut: bytes >= maxBytesPerLog, until };
};

const isGone = async (
  connection: ApiConnection,
  { namespace, pod }: LogSource,
  signal: AbortSignal,
): Promise<boolean> => {
  const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(pod)}`;
  try {
    await connection.getJson(path, { signal });
    return false;
  } catch (error) {
    if (!isApiProblem(error) || error.kind === 'aborted') throw error;
    return error.kind === 'not-found';
  }
};

/** Not a fault: the container has not started yet. */
const hasNotStarted = ({ kind, apiMessage }: ApiProblem): boolean =>
  kind === 'invalid' && /waiting to start/i.test(apiMessage ?? '');

/** Why a log that answers with a problem proves nothing; null = there is nothing in it to miss. */
const whyUnread = async (source: LogSource, problem: ApiProblem, { connection, signal }: Reading) => {
  if (hasNotStarted(problem)) return null;
  if (source.previous && (problem.kind === 'not-found' || problem.kind === 'invalid'))
    return `${source.pod}: what it wrote before its restart is no longer kept`;
  if (problem.kind !== 'not-found') return `${source.pod}: ${logProblem(problem, source)}`;
  return (await isGone(connection, source, signal)) ? null : `${source.pod}: there is no log of it`;
};

/** `unread`: why something is missing; null = nothing is. Of a log that is too long, its end is read too. */
const readOne = async (
  source: LogSource,
  reading: Reading,
): Promise<{ readonly unread: string | null; readonly isCut: boolean }> => {
  try {
    const { isCut, until } = await readLines(source, reading, { after: Number.NEGATIVE_INFINITY, tailLines: null });
    if (isCut) await readLines(source, reading, { after: until, tailLines: lastLines });
    return { unread: null, isCut };
  } catch (error) {
    if (!isApiProblem(error) || error.kind === 'aborted') throw error;
    return { unread: await whyUnread(source, error, reading), isCut: false };
  }
};

/**
 * Counts the lines that match in the logs of the pods of a selector, of at most 50 of them: those most worth it.
 * Rejects with `ApiProblem` when they cannot be listed.
 */
export const countLogs = async (
  connection: ApiConnection,
  namespace: string,
  request: LogCountRequest,
  signal: AbortSignal,
  known: KnownPods = nothingKnown,
): Promise<LogCount> => {
  const { pods, total } = await podsWorthReading(connection, namespace, request, signal, known);
  const skew = connection.clockSkewMs() ?? 0;
  const since = request.since + (Math.abs(skew) > tolerableSkewMs ? skew : 0);
  const tally = new Tally(request.pattern);
  const reading: Reading = { connection, since, tally, signal };
  const left = pods.flatMap((pod) => sourcesOf(pod, namespace, since));
  const missing: string[] = [];
  let cut = 0;
  const reader = async (): Promise<void> => {
    for (let source = left.shift(); source !== undefined; source = left.shift()) {
      const { unread, isCut } = await readOne(source, reading);
      if (unread !== null) missing.push(unread);
      if (isCut) cut += 1;
    }
  };
  await Promise.all(Array.from({ length: readAtOnce }, reader));
  if (tally.isFull) missing.push(`more than ${maxGroups} different texts`);
  const more = missing.length > 1 ? ` (and ${missing.length - 1} more)` : '';
  return {
    pods: total,
    read: pods.length,
    cut,
    lines: tally.lines,
    matches: tally.matches,
    groups: tally.top(),
    incomplete: missing.length === 0 ? null : `${missing[0]}${more}`,
  };
};
