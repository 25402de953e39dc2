import type { FaceOptions } from '../../engine/face.ts';
import type { Engine, EngineView } from '../../engine/view.ts';
import type { Intent } from '../../session/intents.ts';
import type { Press } from '../press.ts';
import type { ScreenAction, ScreenState } from '../screen-state.ts';
import type { Size } from '../stage.tsx';
import type { Theme } from '../theme.ts';
import type { LogFollower } from './follow-logs.ts';
import type { Frame } from './frame.ts';
import type { Look } from './look.ts';

/** What the keys of the run screen can do besides changing what is shown. */
export interface RunIo {
  readonly engine: Engine;
  readonly options: FaceOptions;
  readonly theme: Theme;
  readonly brief: boolean;
  copy(text: string): void;
  /** Ends the scene without a word in the journal: the run is over, or only looked at. */
  quit(): void;
  /** Prints a text plainly on the normal screen until a key. */
  printOut(text: string): Promise<void>;
  editElsewhere(text: string): Promise<string | null>;
  /** Ms, for the guards. */
  clock(): number;
}

/** A key was dealt with; there is nothing to hand back. */
// biome-ignore lint/suspicious/noConfusingVoidType: handlers end with the call that dealt with the key
export type Handled = void;

/** What the handlers of keys work with. */
export interface Acting {
  readonly io: RunIo;
  view(): EngineView;
  screen(): ScreenState;
  look(): Look;
  readonly logs: LogFollower;
  /** Of the last frame. */
  shown(): Frame | null;
  size(): Size;
  /** Columns for the text of a dialog. */
  textColumns(): number;
  act(...actions: readonly ScreenAction[]): void;
  /** Sends an intent; closes the dialogs first. Resolves to true when it was carried out. */
  send(intent: Intent): Promise<boolean>;
  say(text: string): void;
  /** May a confirming key act? Says why not when it may not. */
  allowed(press: Press): boolean;
}
