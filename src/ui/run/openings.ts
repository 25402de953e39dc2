import type { Command } from '../../runbook/model.ts';
import type { Intent } from '../../session/intents.ts';
import type { PendingCommand } from '../../session/main-action.ts';
import type { ReasonKind } from '../../session/ui-words.ts';
import { ExpectedError, errorLine } from '../../text/errors.ts';
import type { LogSource } from '../log-sources.ts';
import type { DecideRef, ScreenAction } from '../screen-state.ts';
import { textField } from '../text-field.ts';
import type { Acting } from './acting.ts';
import type { LogLines } from './follow-logs.ts';

const open = ({ act }: Acting, action: Extract<ScreenAction, { type: 'open' }>): void => act(action);

export const openReason = (acting: Acting, kind: ReasonKind, step: string | null, phase: number | null): void =>
  open(acting, { type: 'open', dialog: { kind: 'reason', why: { kind, step, phase }, field: null } });

export const openConfirm = (
  acting: Acting,
  pending: PendingCommand,
  stdin: string | null,
  edited: Command | null = null,
): void =>
  open(acting, {
    type: 'open',
    dialog: { kind: 'confirm', pending, stdin, edited, scroll: 0, reached: false, typed: textField() },
  });

export const runIntent = (
  pending: PendingCommand,
  how: 'enter' | 'yes' | 'typed',
  typed: string | null,
  edited: Command | null,
  stdin: string | null,
): Intent => ({
  type: 'run',
  step: pending.at.step.id,
  action: pending.action,
  part: pending.part,
  ...(pending.forStatus === true ? { forStatus: true } : {}),
  hash: pending.hash,
  how,
  typed,
  script: edited === null ? null : edited.script,
  edited,
  stdin,
});

export const openRollback = (acting: Acting, decide: DecideRef | null): void =>
  open(acting, { type: 'open', dialog: { kind: 'rollback', decide, scroll: 0, reached: false } });

/** To the clipboard, and printed to be selected by hand. */
export const copyText = (acting: Acting, text: string): void => {
  acting.io.copy(text);
  void acting.io.printOut(text).then(() => acting.say('copied'));
};

export const openOutput = (acting: Acting, attempt: number): void => {
  acting.act({ type: 'open', dialog: { kind: 'output', attempt, lines: null, scroll: 0, query: '', field: null } });
  void acting.io.engine.output(attempt).then((read) => {
    const dialog = acting.screen().dialogs.at(-1);
    if (dialog?.kind !== 'output' || dialog.attempt !== attempt) return;
    const text = read === null ? '' : read.binary ? 'mostly binary output, not shown' : read.text.replace(/\n$/, '');
    acting.act({ type: 'change', dialog: { ...dialog, lines: text === '' ? [] : text.split('\n') } });
  });
};

/** A text about one object of the cluster. */
export const openDescribe = (acting: Acting, reference: string): void => {
  const dialog = { kind: 'describe', reference, lines: null, scroll: 0, query: '', field: null } as const;
  acting.act({ type: 'open', dialog });
  const show = (lines: readonly string[]): void => {
    const top = acting.screen().dialogs.at(-1);
    if (top?.kind === 'describe' && top.reference === reference)
      acting.act({ type: 'change', dialog: { ...top, lines } });
  };
  acting.io.engine.describe(reference).then(show, (error: unknown) => {
    show([error instanceof ExpectedError ? errorLine(error) : `it cannot be described: ${String(error)}`]);
  });
};

/** Follows logs; opened again from itself it takes its own place. */
export const openLogs = (acting: Acting, sources: readonly LogSource[], previous: boolean): void => {
  const again = acting.screen().dialogs.at(-1)?.kind === 'logs';
  const stream = acting.logs.start(sources, previous);
  const dialog = {
    kind: 'logs',
    stream,
    sources,
    previous,
    follows: true,
    unseen: 0,
    ended: [],
    lines: [],
    scroll: 0,
    query: '',
    field: null,
  } as const;
  acting.act({ type: again ? 'change' : 'open', dialog });
};

/** Lines that came: shown at the end of what is followed, counted while it stands still. */
export const takeLogs = (acting: Acting, { stream, lines, added, ended }: LogLines): void => {
  const top = acting.screen().dialogs.at(-1);
  if (top?.kind !== 'logs' || top.stream !== stream) return;
  const shown = top.follows ? { lines, unseen: 0 } : { unseen: top.unseen + added };
  acting.act({ type: 'change', dialog: { ...top, ...shown, ended } });
};
