import type { Action, Command } from '../../runbook/model.ts';
import type { MainAction, PendingCommand } from '../../session/main-action.ts';
import { withCarried } from '../../session/pending.ts';
import { isDue } from '../../session/walk.ts';
import { safe, safeText } from '../../text/safe-text.ts';
import { blank, labelled, type Row, row, type Style } from '../rows.ts';
import { attemptRows, sampleRows } from './attempt.ts';
import type { Placed } from './step.ts';

/** A command of a step: its text, what it gets, and how it goes or went. */
export const commandRows = (
  step: Placed,
  action: Extract<Action, { kind: 'command' }>,
  index: number,
): readonly Row[] => {
  const { view, at, width } = step;
  const { command } = action;
  const frame = view.session.frames[at.frame];
  const state = at.state.actions[index];
  const attempt = view.session.attempts[state?.attempts.at(-1) ?? -1];
  const pending = pendingOf(step.main);
  const isNext =
    pending !== null && pending.at.step.id === at.step.id && pending.action === index && pending.part === 'action';
  const byHand = frame !== undefined && !isDue(frame, action);
  const script = attempt !== undefined && !isNext ? attempt.spec.script : isNext ? pending.spec.script : command.script;
  const shown = [
    ...(attempt !== undefined && !isNext && step.folded === true ? foldedRows : scriptRows)(script, width, byHand),
    ...(script === command.script ? originalRows(command, width) : []),
    ...(isNext ? valueRows(withCarried(pending, view.carried), width) : []),
    ...(byHand ? [row(safeText('  shown only: run it by hand, then tick the step'), { dim: true })] : []),
    ...(byHand && attempt === undefined && command.sample !== null ? sampleRows(command.sample.text, null, width) : []),
  ];
  if (attempt === undefined) return [...shown, ...(isNext ? pendingRows(pending, command, width) : []), blank];
  return [...shown, ...attemptRows(step, attempt, command, step.room), blank];
};

const pendingOf = (main: MainAction): PendingCommand | null =>
  main.kind === 'run' || main.kind === 'confirm' ? main.pending : main.kind === 'message' ? main.pending : null;

/** The command in full: wrapped, never cut. */
export const scriptRows = (script: string, width: number, dim = false): readonly Row[] =>
  script
    .trimEnd()
    .split('\n')
    .flatMap((line, i) => {
      const style: Style = dim ? { dim: true } : { bold: true };
      return labelled(safeText(i === 0 ? '$ ' : '  '), safeText(line === '' ? ' ' : line), width, style, { dim: true });
    });

/** What the file says where placeholders were made variables; nothing elsewhere. */
export const originalRows = ({ original, placeholders }: Command, width: number): readonly Row[] =>
  placeholders.length === 0
    ? []
    : original
        .trimEnd()
        .split('\n')
        .flatMap((line, i) =>
          labelled(
            safeText(i === 0 ? '    written  ' : '             '),
            safe`${line}`,
            width,
            { dim: true },
            { dim: true },
          ),
        );

const foldedRows: typeof scriptRows = (script, width, dim) => {
  const rows = scriptRows(script, width, dim);
  const [first] = rows;
  return first === undefined || rows.length < 3
    ? rows
    : [first, row(safe`  ${rows.length - 1} more lines of it, PgDn`, { dim: true })];
};

/** Variables with the values they have; secrets are masked. */
export const valueRows = (pending: PendingCommand, width: number): readonly Row[] => {
  const longest = Math.max(0, ...pending.values.map(({ name }) => name.length));
  return pending.values.flatMap(({ name, value }) =>
    labelled(
      safe`    ${name.padEnd(Math.min(longest, 24))}  `,
      value === null ? safeText('(secret, not shown)') : safe`${value}`,
      width,
    ),
  );
};

const pendingRows = (pending: PendingCommand, command: Command, width: number): readonly Row[] => {
  if (pending.blocked !== null)
    return labelled(safeText('  '), safe`${pending.blocked.code ?? ''} cannot run: ${pending.blocked.because}`, width, {
      tone: 'fail',
    });
  if (pending.spec.risk === 'read') return [];
  return labelled(
    safe`  ${pending.spec.risk}  `,
    safe`${command.riskBecause.join('; ')}`,
    width,
    { dim: true },
    { bold: true },
  );
};
