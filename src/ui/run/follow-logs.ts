import type { Engine } from '../../engine/view.ts';
import type { LogSource } from '../log-sources.ts';

/** Lines of logs that are kept; older ones are dropped. */
export const mostLines = 2000;
const flushMs = 100;
const firstLines = 200;

export interface LogLines {
  readonly stream: number;
  /** Oldest first; a pod's name before each when there are several. */
  readonly lines: readonly string[];
  /** Lines since it was told last. */
  readonly added: number;
  /** Why streams ended by themselves, one entry a pod. */
  readonly ended: readonly string[];
}

/** One set of log streams at a time, in a bounded ring; told of at most every 100 ms. */
export interface LogFollower {
  /** Ends the streams before and begins these; its number. */
  start(sources: readonly LogSource[], previous: boolean): number;
  /** Tells at once what there is. */
  show(): void;
  /** Ends the streams unless they are this one. */
  keep(stream: number | null): void;
}

export const createLogFollower = (engine: Engine, tell: (what: LogLines) => void): LogFollower => {
  let stream = 0;
  let stops: (() => void)[] = [];
  let ring: string[] = [];
  let added = 0;
  let ended: string[] = [];
  let timer: NodeJS.Timeout | null = null;

  const flush = (): void => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    if (ring.length > mostLines) ring = ring.slice(-mostLines);
    const what = { stream, lines: [...ring], added, ended: [...ended] };
    added = 0;
    tell(what);
  };
  const later = (): void => {
    timer ??= setTimeout(flush, flushMs);
  };
  const stop = (): void => {
    for (const end of stops.splice(0)) end();
    if (timer !== null) clearTimeout(timer);
    timer = null;
  };

  const follow = (source: LogSource, of: number, previous: boolean, several: boolean): (() => void) => {
    const { namespace, pod, container } = source;
    const short = pod.slice(pod.lastIndexOf('-') + 1);
    return engine.logs(
      { namespace, pod, container, previous, tailLines: firstLines, follow: !previous },
      {
        line: (text) => {
          if (of !== stream) return;
          ring.push(several ? `${short}  ${text}` : text);
          // Between two flushes it may be flooded.
          if (ring.length > mostLines * 2) ring = ring.slice(-mostLines);
          added += 1;
          later();
        },
        end: (because) => {
          if (of !== stream) return;
          const why = because ?? (previous ? 'that was all' : 'the container ended');
          ended = [...ended, several ? `${short}: ${why}` : why];
          later();
        },
      },
    );
  };

  return {
    start: (sources, previous) => {
      stop();
      stream += 1;
      ring = [];
      ended = [];
      added = 0;
      const of = stream;
      stops = sources.map((source) => follow(source, of, previous, sources.length > 1));
      return of;
    },
    show: flush,
    keep: (only) => {
      if (only === stream || stops.length === 0) return;
      stop();
      stream += 1;
      ring = [];
    },
  };
};
