import { safeText } from '../../text/safe-text.ts';
import { chordOf } from '../chord.ts';
import { framed, type Guard, initialGuard, judge } from '../guard.ts';
import { isNavigation, keyFor } from '../keys.ts';
import { layoutFor } from '../layout.ts';
import type { Press } from '../press.ts';
import {
  backOnce,
  type Dialog,
  initialScreen,
  isConfirmation,
  isPager,
  reduceScreen,
  type ScreenAction,
  type ScreenState,
  topDialog,
} from '../screen-state.ts';
import type { Size } from '../stage.tsx';
import { hasPanels } from '../views/panels.ts';
import type { Acting, Handled, RunIo } from './acting.ts';
import { askTails } from './cluster-keys.ts';
import { pressInDialog } from './dialog-keys.ts';
import { chooseInDialog } from './dialog-menus.ts';
import { pasteInDialog } from './dialog-paste.ts';
import { createLogFollower } from './follow-logs.ts';
import { dialogColumns, type Frame, frameOf } from './frame.ts';
import { type Look, lookAt } from './look.ts';
import { takeLogs } from './openings.ts';
import { perform } from './perform.ts';

/** The run screen without its drawing: takes keys, changes its state, sends intents. */
export interface RunController extends Acting {
  press(press: Press): void;
  paste(text: string): void;
  /** Could this key run, pass or confirm something where it is typed now? */
  confirms(press: Press): boolean;
  /** A menu's entry was taken; it counts once the key that did it has passed the guard. */
  choose(value: string): void;
  frame(size: Size): Frame | null;
  subscribe(listener: () => void): () => void;
  close(): void;
}

export const createController = (io: RunIo): RunController => {
  const { engine } = io;
  const listeners = new Set<() => void>();
  let screen = initialScreen;
  let size: Size = { columns: 80, rows: 24 };
  let shown: Frame | null = null;
  let guard: Guard = initialGuard(io.clock());
  let chosen: string | null = null;
  let closed = false;

  const look = (): Look => lookAt(engine.view(), screen, size.columns >= 120);
  const announce = (): void => {
    const top = topDialog(screen);
    logs.keep(top?.kind === 'logs' ? top.stream : null);
    guard = framed(guard, meaningOf(look(), screen), io.clock());
    for (const listener of listeners) listener();
  };
  const act = (...actions: readonly ScreenAction[]): void => {
    screen = actions.reduce(reduceScreen, screen);
    announce();
  };
  const logs = createLogFollower(engine, (lines) => takeLogs(acting, lines));
  const acting: Acting = {
    io,
    logs,
    view: engine.view,
    screen: () => screen,
    look,
    shown: () => shown,
    size: () => size,
    textColumns: () => {
      const layout = layoutFor(size.columns, size.rows, hasPanels(engine.view()));
      return layout.kind === 'too-small' ? size.columns : dialogColumns(layout);
    },
    act,
    send: async (intent) => {
      act({ type: 'close-all' });
      const refusal = await engine.dispatch(intent);
      const { override } = refusal ?? {};
      if (refusal !== null && override !== undefined)
        act({
          type: 'open',
          dialog: { kind: 'override', refusal: { ...refusal, override }, intent, field: null, reason: null },
        });
      return refusal === null;
    },
    say: (text) => act({ type: 'say', text: safeText(text), at: engine.view().now }),
    allowed: (press) => {
      const { verdict, guard: next } = judge(guard, chordOf(press), press.burst, io.clock());
      guard = next;
      if (verdict === 'act') return true;
      if (verdict !== 'held')
        acting.say(
          verdict === 'burst' ? 'several keys at once never confirm: press it alone' : 'screen changed, press again',
        );
      return false;
    },
  };

  const onKey = (press: Press): Handled => {
    const key = keyFor(press);
    const at = look();
    if (key === null) return;
    // Several letters at once are text that was meant for something else: its first letter must not open anything.
    if (press.burst && press.name === 'char' && !isNavigation(key) && !acting.allowed(press)) return;
    if (!key.available(at)) {
      const stopped = engine.view().session.mismatch !== null;
      return acting.say(
        `${key.label}: not ${stopped ? 'at another target. Choose q, a or Q' : 'here. ? shows all keys'}`,
      );
    }
    if (key.danger === 'confirms' && !acting.allowed(press)) return;
    if (screen.notice !== null) act({ type: 'hush' });
    if (key.id === 'back') {
      const back = backOnce(screen);
      if (back !== null) screen = back;
      announce();
      return;
    }
    perform(acting, key.id, press, at);
  };

  let gaps = engine.view().session.gaps.length;
  const stop = engine.subscribe(() => {
    const count = engine.view().session.gaps.length;
    const open = count > gaps && screen.dialogs.some(isConfirmation);
    gaps = count;
    askTails(acting);
    if (!open) return announce();
    act({ type: 'void-confirmations' });
    acting.say('nobody watched for a while: look again, then confirm again');
  });
  guard = framed(guard, meaningOf(look(), screen), io.clock());

  return {
    ...acting,
    press: (press) => {
      if (closed) return;
      engine.noteKey();
      const dialog = topDialog(screen);
      const menuValue = chosen;
      chosen = null;
      if (dialog === null) return onKey(press);
      // Only the key that takes an entry: an Enter that was dropped as held must not act by the next key.
      if (menuValue !== null && (press.name === 'enter' || /^[1-9]$/.test(press.char))) {
        if (acting.allowed(press)) chooseInDialog(acting, dialog, menuValue);
        return;
      }
      pressInDialog(acting, dialog, press);
    },
    confirms: (press) => {
      const dialog = topDialog(screen);
      if (dialog === null) return keyFor(press)?.danger === 'confirms';
      if (dialog.kind === 'edit' || dialog.kind === 'status' || isPager(dialog) || dialog.kind === 'cluster')
        return false;
      return press.name === 'enter' || (!hasField(dialog) && /^[ys1-9]$/.test(press.char));
    },
    paste: (text) => {
      const dialog = topDialog(screen);
      if (dialog === null || !pasteInDialog(acting, dialog, text)) acting.say('pasted text does nothing here');
    },
    choose: (value) => {
      chosen = value;
    },
    frame: (next) => {
      size = next;
      const view = engine.view();
      const layout = layoutFor(next.columns, next.rows, hasPanels(view));
      shown =
        layout.kind === 'too-small'
          ? null
          : frameOf({ view, screen, look: look(), theme: io.theme, layout, brief: io.brief });
      return shown;
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: () => {
      closed = true;
      stop();
      listeners.clear();
    },
  };
};

/** Letters are typed into it. */
const hasField = (dialog: Dialog): boolean => {
  if (dialog.kind === 'confirm') return dialog.pending.level.kind === 'type';
  if (dialog.kind === 'reason' || dialog.kind === 'override') return dialog.field !== null;
  if (dialog.kind === 'resolve') return dialog.as !== null;
  if (dialog.kind === 'approve') return 'field' in dialog.part && dialog.part.kind !== 'signature';
  return dialog.kind === 'note' || dialog.kind === 'ask' || dialog.kind === 'attest';
};

/** Everything that decides what a confirming key does: another text means that the keys changed their meaning. */
const meaningOf = ({ main, card, at }: Look, screen: ScreenState): string => {
  const dialog = topDialog(screen);
  if (dialog !== null) {
    const part =
      'part' in dialog
        ? dialog.part.kind
        : dialog.kind === 'reason' || dialog.kind === 'override' || dialog.kind === 'attest'
          ? `${dialog.field === null} ${'reason' in dialog && dialog.reason !== null}`
          : dialog.kind === 'resolve'
            ? String(dialog.as)
            : dialog.kind === 'confirm'
              ? dialog.pending.hash
              : '';
    return `${screen.dialogs.length} ${dialog.kind} ${part}`;
  }
  if (card !== null) return `card ${card[0]?.step.id ?? ''}`;
  const hash =
    main.kind === 'run' || main.kind === 'confirm' ? main.pending.hash : 'action' in main ? String(main.action) : '';
  return `${main.kind} ${at?.frame ?? ''} ${at?.step.id ?? ''} ${hash}`;
};
