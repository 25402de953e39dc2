import { rollbackPreview } from '../../session/run-end.ts';
import { foregroundAttempt } from '../../session/select.ts';
import { frameValues } from '../../session/spec.ts';
import { stepTitle } from '../../session/ui-facts.ts';
import { isSettled, places, stepStateOf } from '../../session/walk.ts';
import { safe, safeText } from '../../text/safe-text.ts';
import { changeOf } from '../header-lines.ts';
import { blank, labelled, type Row, row, span } from '../rows.ts';
import type { Dialog } from '../screen-state.ts';
import { targetWords } from './dialog-confirm.ts';
import type { DialogView } from './dialog-view.ts';
import type { DialogContext } from './dialogs.ts';
import { scriptRows } from './step.ts';

const sources = {
  runbook: '',
  phases: 'the rollback section of this runbook',
  undo: 'the undo of what ran, the last first',
  stored: 'stored specs',
  shipped: 'the general rollback runbook',
} as const;

/** From, to and every command; `y` starts the first one. */
export const rollbackView = (
  dialog: Extract<Dialog, { kind: 'rollback' }>,
  { view, theme, columns }: DialogContext,
): DialogView => {
  const preview = rollbackPreview(view.session, view.now);
  const running = foregroundAttempt(view.session);
  if (preview === null) {
    return {
      title: safeText('Roll back'),
      rows: [row(safeText('There is nothing to roll back to: no rollback runbook, no undo of what ran.'))],
      scroll: 0,
      menu: null,
      fixed: [],
      enter: safeText('Enter and Esc go back.'),
      keys: safeText('Esc back'),
    };
  }
  const { frame, way } = preview;
  const values = frameValues(preview.state, frame);
  const due = places(frame.runbook).filter(
    (place) => !place.offPath && !isSettled(stepStateOf(frame, place.step).status),
  );
  const steps = due.flatMap(({ step }): readonly Row[] => {
    const commands = step.actions.flatMap((action) => (action.kind === 'command' ? [action.command] : []));
    const mark = commands.length === 0 ? 'check' : '';
    const used = [...new Set(commands.flatMap(({ uses }) => uses))].filter((name) => values[name] !== undefined);
    return [
      [
        span(safe`${theme.glyph.open} ${stepTitle(frame, step.id)}`, { bold: commands.length > 0 }),
        span(safe`${mark === '' ? '' : `   ${mark}`}`, { dim: true }),
      ],
      ...commands.flatMap(({ script }) =>
        scriptRows(script, columns - 2).map((line): Row => [span(safeText('  ')), ...line]),
      ),
      ...(used.length === 0
        ? []
        : labelled(
            safeText('      '),
            safe`${used.map((name) => `${name}=${values[name] ?? ''}`).join('  ')}`,
            columns,
            { dim: true },
          )),
    ];
  });
  const change = changeOf(view);
  const rows: readonly Row[] = [
    ...labelled(safeText('Target    '), targetWords(view.session), columns, { bold: true }),
    ...(change.from === null || change.to === null
      ? []
      : labelled(safeText('From, to  '), safe`${change.to} ${theme.glyph.arrow} ${change.from}`, columns, {
          bold: true,
        })),
    ...labelled(
      safeText('By        '),
      safe`${way.opened.runbook.title}${sources[way.source] === '' ? '' : `: ${sources[way.source]}`}`,
      columns,
    ),
    blank,
    ...(running === null
      ? []
      : [
          ...labelled(
            safeText('Now       '),
            safe`${running.spec.risk === 'read' ? 'the running read is left' : 'a command that changes things is running; it is stopped first (s) or goes on beside this (y)'}`,
            columns,
            { bold: true },
          ),
          blank,
        ]),
    ...steps,
  ];
  const stops = running !== null && running.spec.risk !== 'read';
  return {
    title: safeText('Roll back?'),
    rows,
    scroll: dialog.scroll,
    menu: null,
    fixed: [],
    enter: safe`y starts the first command.${stops ? '  s stops the running command first.' : ''}  Enter and Esc: no, nothing is recorded.`,
    keys: safe`y roll back${stops ? '   s stop first' : ''}   Enter no   Esc no   j k scroll`,
  };
};
