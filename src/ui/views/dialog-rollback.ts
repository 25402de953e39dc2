import type { Step } from '../../runbook/model.ts';
import { commandsOfStep, nothingChangedYet, rollbackParts, rollbackPreview } from '../../session/run-end.ts';
import { foregroundAttempt } from '../../session/select.ts';
import { frameValues } from '../../session/spec.ts';
import type { AttemptState, FrameState } from '../../session/state.ts';
import { stepTitle } from '../../session/ui-facts.ts';
import { type SafeText, safe, safeText } from '../../text/safe-text.ts';
import { changeOf } from '../change.ts';
import { countWords } from '../header-lines.ts';
import { blank, labelled, type Row, row, type Style, span } from '../rows.ts';
import type { Dialog } from '../screen-state.ts';
import type { Theme } from '../theme.ts';
import { targetWords } from './dialog-confirm.ts';
import type { DialogView } from './dialog-view.ts';
import type { DialogContext } from './dialogs.ts';
import { scriptRows } from './step-command.ts';

const sources = {
  runbook: '',
  phases: 'the rollback section of this runbook',
  undo: 'the undo of what ran, the last first',
  stored: 'stored specs',
  shipped: 'the general rollback runbook',
} as const;

/** Steps that run something, each by itself; those between them, which are only looked at, together. */
const blocksOf = (steps: readonly Step[]): readonly (readonly Step[])[] => {
  const out: Step[][] = [];
  const isCheck = (step: Step | undefined): boolean => step !== undefined && commandsOfStep(step).length === 0;
  for (const step of steps) {
    const before = out.at(-1);
    if (isCheck(step) && isCheck(before?.[0])) before?.push(step);
    else out.push([step]);
  }
  return out;
};

const blockRows = (
  block: readonly Step[],
  frame: FrameState,
  values: Readonly<Record<string, string>>,
  columns: number,
  theme: Theme,
): { readonly rows: readonly Row[]; readonly commands: number } => {
  const commands = block.flatMap(commandsOfStep);
  const titles = block.map(({ id }) => stepTitle(frame, id));
  const name = commands.length === 0 && block.length > 1 ? `${block.length} checks` : (titles[0] ?? '');
  const aside = commands.length > 0 ? '' : block.length > 1 ? titles.join(', ') : 'check';
  const used = [...new Set(commands.flatMap(({ uses }) => uses))].filter((one) => values[one] !== undefined);
  const rows: readonly Row[] = [
    [
      span(safe`${theme.glyph.open} ${name}`, { bold: commands.length > 0 }),
      span(safe`${aside === '' ? '' : `   ${aside}`}`, { dim: true }),
    ],
    ...commands.flatMap(({ script }) =>
      scriptRows(script, columns - 2).map((line): Row => [span(safeText('  ')), ...line]),
    ),
    ...(used.length === 0
      ? []
      : labelled(safeText('      '), safe`${used.map((one) => `${one}=${values[one] ?? ''}`).join('  ')}`, columns, {
          dim: true,
        })),
  ];
  return { rows, commands: commands.length };
};

const nothing: DialogView = {
  title: safeText('Roll back'),
  rows: [row(safeText('There is nothing to roll back to: no rollback runbook, no undo of what ran.'))],
  scroll: 0,
  menu: null,
  fixed: [],
  enter: safeText('Enter and Esc go back.'),
  keys: safeText('Esc back'),
};

/** Where from and to, by which runbook, and what becomes of a command that runs now. */
const headRows = (
  by: SafeText,
  running: AttemptState | null,
  { view, theme, columns }: DialogContext,
): readonly Row[] => {
  const fact = (name: string, text: SafeText, style: Style = {}): readonly Row[] =>
    labelled(safeText(name.padEnd(10)), text, columns, style);
  const { back, to, runs } = changeOf(view);
  const from = runs ?? to;
  const early = nothingChangedYet(view.session);
  const now =
    running?.spec.risk === 'read'
      ? 'the running read is left'
      : 'a command that changes things is running; it is stopped first (s) or goes on beside this (y)';
  return [
    ...fact('Target', targetWords(view.session), { bold: true }),
    ...(back === null || from === null
      ? []
      : fact('From, to', safe`${from} ${theme.glyph.arrow} ${back}`, { bold: true })),
    ...fact('By', by),
    ...(early === null ? [] : fact('Mind', early, { bold: true, tone: 'wait' })),
    blank,
    ...(running === null ? [] : [...fact('Now', safeText(now), { bold: true }), blank]),
  ];
};

/** From, to and every command; `y` starts the first one, and each later one is asked for in its turn. */
export const rollbackView = (dialog: Extract<Dialog, { kind: 'rollback' }>, context: DialogContext): DialogView => {
  const { view, theme, columns } = context;
  const preview = rollbackPreview(view.session, view.now);
  if (preview === null) return nothing;
  const running = foregroundAttempt(view.session);
  const { frame, way } = preview;
  const values = frameValues(preview.state, frame);
  const { due, ...counts } = rollbackParts(preview);
  const blocks = blocksOf(due.map(({ step }) => step)).map((block) => blockRows(block, frame, values, columns, theme));
  const source = sources[way.source] === '' ? '' : `: ${sources[way.source]}`;
  const by = safe`${way.opened.runbook.title}${source}: ${countWords(counts)}`;
  const head = headRows(by, running, context);
  const first = blocks.findIndex(({ commands }) => commands > 0);
  const upToFirst = blocks.slice(0, first + 1).flatMap(({ rows }) => rows).length;
  const stops = running !== null && running.spec.risk !== 'read';
  return {
    title: safeText('Roll back?'),
    rows: [...head, ...blocks.flatMap(({ rows }) => rows)],
    needed: head.length + upToFirst,
    scroll: dialog.scroll,
    menu: null,
    fixed: [],
    enter: safe`y starts the first command.${stops ? '  s stops the running command first.' : ''}  Enter and Esc: no, nothing is recorded.`,
    keys: safe`y roll back${stops ? '   s stop first' : ''}   j k scroll   Enter no   Esc no`,
  };
};
