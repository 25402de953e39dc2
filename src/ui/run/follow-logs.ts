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

/** The newest lines; bounded also between two flushes, when it may be flooded. */
const lineRing = () => {
  let lines: string[] = [];
  let added = 0;
  return {
    push: (line: string): void => {
      lines.push(line);
      if (lines.length > mostLines * 2) lines = lines.slice(-mostLines);
      added += 1;
    },
    /** What there is, and how much of it came since the last time. */
    take: (): Pick<LogLines, 'lines' | 'added'> => {
      lines = lines.slice(-mostLines);
      const taken = { lines: [...lines], added };
      added = 0;
      return taken;
    },
    clear: (): void => {
      lines = [];
      added = 0;
    },
  };
};

export const createLogFollower = (engine: Engine, tell: (what: LogLines) => void): LogFollower => {
  let stream = 0;
  let stops: (() => void)[] = [];
  let ended: string[] = [];
  let timer: NodeJS.Timeout | null = null;
  const ring = lineRing();

  const halt = (): void => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
  };
  const flush = (): void => {
    halt();
    tell({ stream, ...ring.take(), ended: [...ended] });
  };
  const later = (): void => {
    timer ??= setTimeout(flush, flushMs);
  };
  const stop = (): void => {
    for (const end of stops.splice(0)) end();
    halt();
    ring.clear();
  };

  const follow = (source: LogSource, of: number, previous: boolean, several: boolean): (() => void) => {
    const { namespace, pod, container } = source;
    const short = several ? pod.slice(pod.lastIndexOf('-') + 1) : '';
    const line = (text: string): void => {
      if (of !== stream) return;
      ring.push(several ? `${short}  ${text}` : text);
      later();
    };
    const end = (because: string | null): void => {
      if (of !== stream) return;
      const why = because ?? (previous ? 'that was all' : 'the container ended');
      ended = [...ended, several ? `${short}: ${why}` : why];
      later();
    };
    const request = { namespace, pod, container, previous, tailLines: firstLines, follow: !previous };
    return engine.logs(request, { line, end });
  };

  return {
    start: (sources, previous) => {
      stop();
      stream += 1;
      ended = [];
      const of = stream;
      stops = sources.map((source) => follow(source, of, previous, sources.length > 1));
      return of;
    },
    show: flush,
    keep: (only) => {
      if (only === stream || stops.length === 0) return;
      stop();
      stream += 1;
    },
  };
};
