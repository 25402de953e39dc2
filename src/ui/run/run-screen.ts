import type { Engine } from '../../engine/view.ts';
import type { Intent } from '../../session/intents.ts';
import { safeText } from '../../text/safe-text.ts';
import { chordOf } from '../chord.ts';
import { framed, type Guard, initialGuard, judge } from '../guard.ts';
import { type Layout, layoutFor } from '../layout.ts';
import { initialScreen, reduceScreen, type ScreenAction, type ScreenState, topDialog } from '../screen-state.ts';
import type { Size } from '../stage.tsx';
import { hasPanels } from '../views/panels.ts';
import type { Acting, RunIo } from './acting.ts';
import { createLogFollower } from './follow-logs.ts';
import { dialogColumns, type Frame, frameOf } from './frame.ts';
import { type Look, lookAt } from './look.ts';
import { meaningOf } from './meaning.ts';
import { takeLogs } from './openings.ts';

/** The state of the run screen, and what the keys can do with it. */
export interface RunScreen extends Acting {
  /** What is shown may have changed: tells whoever draws it. */
  announce(): void;
  replace(screen: ScreenState): void;
  draw(size: Size): Frame | null;
  subscribe(listener: () => void): () => void;
  close(): void;
}

const frameIn = (layout: Layout, { engine, theme, brief }: RunIo, screen: ScreenState, look: Look): Frame | null =>
  layout.kind === 'too-small' ? null : frameOf({ view: engine.view(), screen, look, theme, layout, brief });

/** A refusal that may be gone past is asked about. */
const sent = async (engine: Engine, intent: Intent, act: Acting['act']): Promise<boolean> => {
  act({ type: 'close-all' });
  const refusal = await engine.dispatch(intent);
  if (refusal === null) return true;
  const { override } = refusal;
  if (override !== undefined)
    act({
      type: 'open',
      dialog: { kind: 'override', refusal: { ...refusal, override }, intent, field: null, reason: null },
    });
  return false;
};

const droppedWords = {
  burst: 'several keys at once never confirm: press it alone',
  changed: 'screen changed, press again',
};

export const createRunScreen = (io: RunIo): RunScreen => {
  const { engine } = io;
  const listeners = new Set<() => void>();
  let screen = initialScreen;
  let size: Size = { columns: 80, rows: 24 };
  let shown: Frame | null = null;
  let guard: Guard = initialGuard(io.clock());

  const layout = (): Layout => layoutFor(size.columns, size.rows, hasPanels(engine.view()));
  const look = (): Look => lookAt(engine.view(), screen, size.columns >= 120);
  const announce = (): void => {
    const top = topDialog(screen);
    logs.keep(top?.kind === 'logs' ? top.stream : null);
    guard = framed(guard, meaningOf(look(), screen), io.clock());
    for (const listener of listeners) listener();
  };
  const replace = (next: ScreenState): void => {
    screen = next;
    announce();
  };
  const act = (...actions: readonly ScreenAction[]): void => replace(actions.reduce(reduceScreen, screen));
  const say = (text: string): void => act({ type: 'say', text: safeText(text), at: engine.view().now });
  const logs = createLogFollower(engine, (lines) => takeLogs(own, lines));
  const own: RunScreen = {
    io,
    logs,
    view: engine.view,
    screen: () => screen,
    look,
    shown: () => shown,
    size: () => size,
    textColumns: () => {
      const now = layout();
      return now.kind === 'too-small' ? size.columns : dialogColumns(now);
    },
    act,
    say,
    send: (intent) => sent(engine, intent, act),
    allowed: (press) => {
      const { verdict, guard: next } = judge(guard, chordOf(press), press.burst, io.clock());
      guard = next;
      if (verdict === 'burst' || verdict === 'changed') say(droppedWords[verdict]);
      return verdict === 'act';
    },
    announce,
    replace,
    draw: (next) => {
      size = next;
      shown = frameIn(layout(), io, screen, look());
      return shown;
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: () => listeners.clear(),
  };
  guard = framed(guard, meaningOf(look(), screen), io.clock());
  return own;
};
