import type { Engine, EngineView } from '../../../src/engine/view.ts';
import { decide } from '../../../src/session/decide.ts';
import type { Recorded, RunEvent } from '../../../src/session/events.ts';
import type { Effect, Intent } from '../../../src/session/intents.ts';
import { fold, reduce } from '../../../src/session/reduce.ts';
import type { RunbookLibrary } from '../../../src/session/state.ts';
import { safeText } from '../../../src/text/safe-text.ts';

/** An engine in memory: the real rules decide, nothing is run; what it would have to do is kept. */
export interface MemoryEngine extends Engine {
  readonly intents: readonly Intent[];
  readonly effects: readonly Effect[];
  /** Changes the view as data that came in. */
  put(change: Partial<EngineView>): void;
  /** Events as the world would report them. */
  report(...events: readonly RunEvent[]): void;
  readonly secrets: Readonly<Record<string, string>>;
  /** Log streams that are open: `pod`, `pod previous`. */
  readonly following: ReadonlySet<string>;
  /** Lines that objects and pods (`pod`, `pod previous`) have to tell. */
  readonly described: Record<string, readonly string[]>;
  readonly logged: Record<string, readonly string[]>;
}

export const memoryEngine = (
  library: RunbookLibrary,
  events: readonly Recorded[],
  more: Partial<EngineView> = {},
  outputs: Readonly<Record<number, string>> = {},
): MemoryEngine => {
  const intents: Intent[] = [];
  const effects: Effect[] = [];
  const secrets: Record<string, string> = {};
  const described: Record<string, readonly string[]> = {};
  const logged: Record<string, readonly string[]> = {};
  const following = new Set<string>();
  const listeners = new Set<() => void>();
  let view: EngineView = {
    session: fold(library, events),
    tails: {},
    health: { kind: 'ok' },
    now: events.at(-1)?.at ?? 0,
    notice: null,
    panels: [],
    cluster: null,
    metrics: [],
    criteria: [],
    carried: {},
    overdue: [],
    unsaved: [],
    observing: null,
    ended: null,
    ...more,
  };
  const put = (change: Partial<EngineView>): void => {
    view = { ...view, ...change };
    for (const listener of listeners) listener();
  };
  const report = (...added: readonly RunEvent[]): void => {
    let { session } = view;
    for (const event of added) {
      session = reduce(session, {
        ...event,
        seq: session.seq + 1,
        at: view.now,
        mono: 0,
        boot: 'boot',
        session: 'test',
        actor: 'alice',
        h: session.head,
      });
    }
    put({ session });
  };
  return {
    intents,
    effects,
    secrets,
    described,
    logged,
    following,
    put,
    report,
    view: () => view,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    dispatch: async (intent) => {
      intents.push(intent);
      const decision = decide(view.session, intent, view.now);
      if (!decision.ok) {
        const { message, nextStep } = decision.refusal;
        const next = nextStep === null ? null : safeText(nextStep);
        put({ notice: { level: 'refused', text: safeText(message), nextStep: next, at: view.now } });
        return decision.refusal;
      }
      report(...decision.events);
      effects.push(...decision.effects);
      for (const effect of decision.effects) if (effect.type === 'end-session') put({ ended: { why: effect.why } });
      return null;
    },
    keepSecret: (input, value) => {
      secrets[input] = value;
    },
    output: async (attempt) => {
      const text = outputs[attempt];
      return text === undefined ? null : { text, bytes: Buffer.byteLength(text), omitted: 0, binary: false };
    },
    describe: async (reference) => described[reference] ?? [`Name: ${reference}`],
    logs: (request, sink) => {
      const key = `${request.pod}${request.previous ? ' previous' : ''}`;
      for (const line of (logged[key] ?? []).slice(-request.tailLines)) sink.line(line);
      if (!request.follow) sink.end(null);
      following.add(key);
      return () => following.delete(key);
    },
    onInteractive: () => () => undefined,
    noteKey: () => undefined,
    onRing: () => () => undefined,
    lastRecord: () => null,
    close: async () => undefined,
  };
};
