import { describe, expect, onTestFinished, test } from 'vitest';
import { connectApi } from '../../../../src/cluster/api/connect.ts';
import type { Endpoint } from '../../../../src/cluster/api/connection.ts';
import type { ResourceWatch } from '../../../../src/cluster/api/resource.ts';
import { watchResource } from '../../../../src/cluster/api/resource-watch.ts';
import { metaOf } from '../../../../src/cluster/api/watch-events.ts';
import { systemClock } from '../../../../src/engine/clock.ts';
import type { SourceHealth } from '../../../../src/gates/workload.ts';
import { until } from './until.ts';

/** A server that keeps objects of one kind, the double or a real one behind a proxy; each test has names of its own. */
export interface Subject {
  readonly endpoint: Endpoint;
  /** Of the collection. */
  readonly path: string;
  /** Makes an object with the label `set`, or changes it. */
  put(set: string, name: string): Promise<void>;
  remove(name: string): Promise<void>;
  endWatches(how: 'cleanly' | 'reset' | 410): void;
  /** Watches stay open, and can be opened, but deliver nothing. */
  silence(isSilent: boolean): void | Promise<void>;
  /** The next question meets this status. */
  refuse(question: 'list' | 'watch', status: number, retryAfterSeconds?: number): void;
  count(question: 'list' | 'watch'): number;
}

export class Watcher {
  /** Name and version by uid. */
  readonly rows = new Map<string, { readonly name: string; readonly resourceVersion: string }>();
  readonly pages: number[] = [];
  readonly healths: SourceHealth[] = [];
  lists = 0;
  readonly watch: ResourceWatch;

  constructor(endpoint: Endpoint, path: string, labelSelector: string) {
    const connection = connectApi(endpoint, systemClock);
    const { rows } = this;
    const set = (row: { uid: string; name: string; resourceVersion: string }): unknown => rows.set(row.uid, row);
    this.watch = watchResource(
      connection,
      { path, labelSelector, fieldSelector: null },
      (object) => {
        const { uid, name, resourceVersion } = metaOf(object);
        return uid === null || name === null || resourceVersion === null ? null : { uid, name, resourceVersion };
      },
      {
        page: (added) => {
          this.pages.push(added.length);
          for (const row of added) set(row);
        },
        listed: (uids) => {
          for (const uid of rows.keys()) if (!uids.has(uid)) rows.delete(uid);
          this.lists += 1;
        },
        put: set,
        remove: (uid) => rows.delete(uid),
        health: (health) => this.healths.push(health),
      },
      systemClock,
    );
    onTestFinished(async () => {
      this.watch.stop();
      await connection.close();
    });
  }

  get health(): SourceHealth {
    return this.healths.at(-1) as SourceHealth;
  }

  get names(): readonly string[] {
    return [...this.rows.values()].map(({ name }) => name).sort();
  }

  reaches(state: SourceHealth['state']): Promise<void> {
    return until(`state ${state}`, () => this.health.state === state);
  }

  shows(...names: readonly string[]): Promise<void> {
    return until(`rows ${names}`, () => this.names.join() === names.join());
  }
}

/** Of a source whose stream does not tell what the server knows. */
export const muteWords = 'the watch delivers nothing: asking instead';

const watching = async (subject: Subject, set: string, names: readonly string[]): Promise<Watcher> => {
  for (const name of names) await subject.put(set, name);
  const watcher = new Watcher(subject.endpoint, subject.path, `set=${set}`);
  await watcher.reaches('live');
  return watcher;
};

const contractOfChanges = (subject: () => Subject): void => {
  test('shows what is added, changed, deleted, and made again under its name', async () => {
    const watcher = await watching(subject(), 'changes', ['a-1', 'a-2']);
    await subject().put('changes', 'a-3');
    await watcher.shows('a-1', 'a-2', 'a-3');
    const versions = JSON.stringify([...watcher.rows]);
    await subject().put('changes', 'a-2');
    await until('a new version', () => JSON.stringify([...watcher.rows]) !== versions);
    const [uid] = [...watcher.rows].find(([, { name }]) => name === 'a-1') ?? [];
    await subject().remove('a-1');
    await subject().put('changes', 'a-1');
    await until('the second a-1', () => [...watcher.rows].some(([id, row]) => row.name === 'a-1' && id !== uid));
    expect(watcher.names).toEqual(['a-1', 'a-2', 'a-3']);
  });

  test('lists more than a page, in pages', async () => {
    const names = Array.from({ length: 602 }, (_, i) => `page-${1000 + i}`);
    for (let from = 0; from < names.length; from += 50) {
      await Promise.all(names.slice(from, from + 50).map((name) => subject().put('pages', name)));
    }
    const watcher = await watching(subject(), 'pages', []);
    expect({ pages: watcher.pages, names: watcher.names }).toEqual({ pages: [500, 102], names });
  });

  test('goes on from its version when a watch ends or is cut', async () => {
    const watcher = await watching(subject(), 'ends', ['b-1']);
    const lists = subject().count('list');
    subject().endWatches('cleanly');
    await subject().put('ends', 'b-2');
    await watcher.shows('b-1', 'b-2');
    subject().endWatches('reset');
    await subject().put('ends', 'b-3');
    await watcher.shows('b-1', 'b-2', 'b-3');
    await watcher.reaches('live');
    expect(subject().count('list')).toBe(lists);
  });
};

const contractOfFaults = (subject: () => Subject): void => {
  test('lists again when its version is too old, without a word', async () => {
    const watcher = await watching(subject(), 'old', ['c-1']);
    subject().endWatches(410);
    await until('the second list', () => watcher.lists === 2);
    await subject().put('old', 'c-2');
    await watcher.shows('c-1', 'c-2');
    expect(new Set(watcher.healths.map(({ state }) => state))).toEqual(new Set(['loading', 'live']));
  });

  test('waits as long as a server that throttles says, and does not list again', async () => {
    const watcher = await watching(subject(), 'throttled', ['d-1']);
    const lists = subject().count('list');
    subject().refuse('watch', 429, 2);
    const from = performance.now();
    subject().endWatches('cleanly');
    await watcher.reaches('reconnecting');
    await watcher.reaches('live');
    expect(performance.now() - from).toBeGreaterThanOrEqual(1_900);
    expect(subject().count('list')).toBe(lists);
  });

  test('does not take a stream that delivers nothing for news, and asks instead', async () => {
    const watcher = await watching(subject(), 'silent', ['e-1', 'e-2']);
    await subject().silence(true);
    onTestFinished(() => subject().silence(false));
    await subject().put('silent', 'e-3');
    await subject().remove('e-1');
    const from = Date.now();
    watcher.watch.proveSince(from);
    await watcher.shows('e-2', 'e-3');
    await until('a proof', () => (watcher.health.provenAt ?? 0) >= from);
    expect(watcher.health).toMatchObject({ state: 'reconnecting', tries: 1, because: muteWords });
    await subject().silence(false);
    await subject().put('silent', 'e-4');
    await watcher.shows('e-2', 'e-3', 'e-4');
    await watcher.reaches('live');
  });

  test('is denied by name of the permission', async () => {
    subject().refuse('list', 403);
    const watcher = new Watcher(subject().endpoint, subject().path, 'set=denied');
    await watcher.reaches('denied');
    expect(watcher.health.because).toMatch(/^no permission \(list \w+\)$/);
    watcher.watch.doubt();
    await watcher.reaches('live');
  });
};

/** What the loop does with any server that speaks the protocol: the double is held to what the real one does. */
export const watchContract = (server: string, subject: () => Subject): void => {
  describe(`watching ${server}`, () => {
    contractOfChanges(subject);
    contractOfFaults(subject);
  });
};
