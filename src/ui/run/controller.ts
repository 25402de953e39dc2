import { isNavigation, keyFor } from '../keys.ts';
import type { Press } from '../press.ts';
import { backOnce, isConfirmation, topDialog } from '../screen-state.ts';
import type { Size } from '../stage.tsx';
import type { Acting, Handled, RunIo } from './acting.ts';
import { askTails } from './cluster-keys.ts';
import { pressInDialog } from './dialog-keys.ts';
import { chooseInDialog } from './dialog-menus.ts';
import { pasteInDialog } from './dialog-paste.ts';
import type { Frame } from './frame.ts';
import { confirmsIn } from './meaning.ts';
import { perform } from './perform.ts';
import { createRunScreen, type RunScreen } from './run-screen.ts';

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

/** A key while no dialog is open. */
const onKey = (own: RunScreen, press: Press): Handled => {
  const key = keyFor(press);
  const look = own.look();
  if (key === null) return;
  // Several letters at once are text that was meant for something else: its first letter must not open anything.
  if (press.burst && press.name === 'char' && !isNavigation(key) && !own.allowed(press)) return;
  if (!key.available(look)) {
    const stopped = own.view().session.mismatch !== null;
    return own.say(`${key.label}: not ${stopped ? 'at another target. Choose q, a or Q' : 'here. ? shows all keys'}`);
  }
  if (key.danger === 'confirms' && !own.allowed(press)) return;
  if (own.screen().notice !== null) own.act({ type: 'hush' });
  if (key.id === 'back') return own.replace(backOnce(own.screen()) ?? own.screen());
  perform(own, key.id, press, look);
};

/** What comes from the engine: drawn again; what was asked before a gap is not confirmed after it. */
const followEngine = (own: RunScreen): (() => void) => {
  const { engine } = own.io;
  let gaps = engine.view().session.gaps.length;
  return engine.subscribe(() => {
    const count = engine.view().session.gaps.length;
    const open = count > gaps && own.screen().dialogs.some(isConfirmation);
    gaps = count;
    askTails(own);
    if (!open) return own.announce();
    own.act({ type: 'void-confirmations' });
    own.say('nobody watched for a while: look again, then confirm again');
  });
};

export const createController = (io: RunIo): RunController => {
  const own = createRunScreen(io);
  const stop = followEngine(own);
  let chosen: string | null = null;
  let closed = false;
  return {
    ...own,
    press: (press) => {
      if (closed) return;
      io.engine.noteKey();
      const dialog = topDialog(own.screen());
      const menuValue = chosen;
      chosen = null;
      if (dialog === null) return onKey(own, press);
      // Only the key that takes an entry: an Enter that was dropped as held must not act by the next key.
      if (menuValue !== null && (press.name === 'enter' || /^[1-9]$/.test(press.char))) {
        if (own.allowed(press)) chooseInDialog(own, dialog, menuValue);
        return;
      }
      pressInDialog(own, dialog, press);
    },
    confirms: (press) => confirmsIn(topDialog(own.screen()), press),
    paste: (text) => {
      const dialog = topDialog(own.screen());
      if (dialog === null || !pasteInDialog(own, dialog, text)) own.say('pasted text does nothing here');
    },
    choose: (value) => {
      chosen = value;
    },
    frame: own.draw,
    close: () => {
      closed = true;
      stop();
      own.close();
    },
  };
};
