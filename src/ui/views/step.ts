import type { EngineView } from '../../engine/view.ts';
import type { Action } from '../../runbook/model.ts';
import { gateView, openGateViews } from '../../session/gate-view.ts';
import type { MainAction, StepAt } from '../../session/main-action.ts';
import { messageText } from '../../session/message-text.ts';
import { stateWords } from '../../session/overview.ts';
import { cardItems, ruleWords } from '../../session/ui-words.ts';
import { timeOfDay } from '../../text/duration.ts';
import { type SafeText, safe, safeText } from '../../text/safe-text.ts';
import { blank, labelled, type Row, row, span, wrapRows } from '../rows.ts';
import type { Theme } from '../theme.ts';
import { baselineRows } from './baseline.ts';
import { gateRows, meanwhileRows } from './gate.ts';
import { causeRows } from './gate-causes.ts';
import { isMetricTable } from './metric-table.ts';
import { commandRows } from './step-command.ts';
import { stepGlyph } from './step-mark.ts';

export interface StepView {
  readonly view: EngineView;
  readonly at: StepAt;
  readonly main: MainAction;
  /** Item under the cursor of a card. */
  readonly item: string | null;
  /** A card kept after its last tick. */
  readonly kept: readonly StepAt[] | null;
  readonly theme: Theme;
  readonly width: number;
  /** Rows there are; output gets what the rest leaves. */
  readonly height: number;
  /** Over a slow line only the last lines of output are shown. */
  readonly brief: boolean;
  /** There is not room for all: of a command that was started only the first row, a gate that began before the prose. */
  readonly folded?: boolean;
}

/** A step with the rows that the output of its command may take. */
export interface Placed extends StepView {
  readonly room: number;
}

const fewestOutput = 4;
const briefOutput = 3;

/** Everything about one step: what it says, what it runs, how that went. */
export const stepRows = (step: StepView): readonly Row[] => {
  const { at } = step;
  const rules = phaseRows(step);
  const items = step.kept ?? cardItems(step.view.session, step.main);
  if (items?.some(({ step: { id } }) => id === at.step.id))
    return [...cardRows(step, items), blank, ...meanwhileRows(step), ...rules];
  const prose = proseRows(step, at.step.prose);
  if (step.folded === true && at.state.actions.some(({ gate }) => gate != null)) {
    const above = [...stateRow(step), ...meanwhileRows(step)];
    return withCauses(step, [...above, ...actionsOf(step, above.length), ...prose]);
  }
  const own = [...stateRow(step), ...prose, ...meanwhileRows(step)];
  // A decision is made by the rules of its phase; elsewhere they come after what the step itself says.
  if (step.main.kind === 'decide') return [...rules, ...own, ...actionsOf(step, rules.length + own.length)];
  const rows = withCauses(step, [...own, ...actionsOf(step, own.length)]);
  return rows.length + rules.length <= step.height ? [...rows, ...rules] : rows;
};

/** Where a gate stands and there is room left: its metric as a chart, and what changed before. */
const withCauses = (step: StepView, rows: readonly Row[]): readonly Row[] => {
  const { view, at } = step;
  const action = at.state.actions.findLastIndex(({ gate, status }) => gate !== null && status !== 'done');
  const own = action === -1 ? null : gateView(view.session, { frame: at.frame, step: at.step.id, action }, view.now);
  const gate = own ?? openGateViews(view.session, view.now).find((each) => isMetricTable(each.rows)) ?? null;
  return gate === null ? rows : [...rows, ...causeRows(step, gate, step.height - rows.length)];
};

/** What the phase says before its steps, headed by its title. */
const phaseRows = (step: StepView): readonly Row[] => {
  const { phase } = step.at;
  const prose = proseRows(step, phase.prose);
  return prose.length === 0 ? [] : [blank, row(safe`${phase.title}:`, { dim: true, bold: true }), ...prose];
};

const actionsOf = (step: StepView, above: number): readonly Row[] => {
  const { at } = step;
  const newest = at.state.actions.findLastIndex(({ attempts }) => attempts.length > 0);
  const actions = (room: number): readonly Row[] =>
    at.step.actions.flatMap((action, index) =>
      actionRows({ ...step, room: index === newest ? room : fewestOutput }, action, index),
    );
  const rest = above + actions(0).length;
  return actions(step.brief ? briefOutput : Math.max(step.folded === true ? 1 : fewestOutput, step.height - rest));
};

const stateRow = ({ at, theme, width }: StepView): readonly Row[] => {
  const { state, step } = at;
  if (state.status === 'open' || state.status === 'active')
    return step.optional || step.when !== null ? wrapRows(conditionWords(at), width, { dim: true }) : [];
  const { tone } = stepGlyph(state.status, false, theme);
  const trouble = state.actions.find((action) => action.because !== null);
  // A gate tells of itself.
  if (state.status === 'attention' && trouble?.gate != null) return [];
  const because = trouble?.because;
  if (state.status === 'attention')
    return [...wrapRows(safe`needs you: ${because ?? 'a look'}`, width, { tone: 'wait', bold: true }), blank];
  const who = [state.by, state.endedAt === null ? null : `${timeOfDay(state.endedAt)} UTC`]
    .filter((part) => part !== null)
    .join(', ');
  const reason = state.reason === null ? '' : `: ${state.reason}`;
  return [
    ...wrapRows(
      safe`${stateWords(state)}${reason}${who === '' ? '' : `  (${who})`}`,
      width,
      tone === undefined ? { bold: true } : { tone, bold: true },
    ),
    blank,
  ];
};

const conditionWords = ({ step }: StepAt): SafeText => {
  if (step.when === null) return safeText('Only if it applies; x says that it does not.');
  const { input, op, value } = step.when;
  return safe`Only if ${input}${op === 'set' ? ' is set' : ` ${op} ${value ?? ''}`}; x says that it does not apply.`;
};

const filled = ({ view, at }: StepView, text: string): SafeText => {
  const frame = view.session.frames[at.frame];
  return safeText(frame === undefined ? text : messageText(view.session, frame, text, view.now));
};

/** Markdown as it is written, less the marks that only matter to a renderer. */
const readable = (text: string): string =>
  text
    .replace(/<!--[\s\S]*?-->/g, '')
    .replace(/\*\*([^*\n]+)\*\*/g, '$1')
    .replace(/(?<![\w`])`([^`\n]+)`/g, '$1')
    .replace(/\[([^\]\n]+)\]\(([^)\s]+)\)/g, '$1 ($2)')
    .replace(/\n{3,}/g, '\n\n')
    .trim();

const proseRows = (step: StepView, prose: string): readonly Row[] => {
  const text = readable(prose);
  return text === '' ? [] : [...wrapRows(filled(step, text), step.width), blank];
};

const cardRows = (step: StepView, items: readonly StepAt[]): readonly Row[] => {
  const { theme, width, item, view } = step;
  const cursor =
    items.find(({ step: { id } }) => id === item) ?? items.find(({ state }) => state.status === 'open') ?? items[0];
  const frame = view.session.frames[step.at.frame];
  return items.flatMap((at): readonly Row[] => {
    const now = frame?.steps[at.step.id] ?? at.state;
    const under = at === cursor;
    const { glyph, tone } = stepGlyph(now.status, false, theme);
    const mark = span(safe`${under ? theme.glyph.now : ' '} `, { tone: 'now', bold: true });
    const box =
      now.status === 'open' ? span(safeText('[ ] ')) : span(safe`[${glyph}] `, tone === undefined ? {} : { tone });
    const title = wrapRows(filled(step, at.step.title), width - 6, under ? { bold: true } : {});
    const rows = title.map((line, i): Row => (i === 0 ? [mark, box, ...line] : [span(safeText('      ')), ...line]));
    const when =
      now.endedAt === null || now.status === 'open'
        ? []
        : [[span(safe`      ${stateWords(now)} ${timeOfDay(now.endedAt)}`, { dim: true })]];
    const prose = readable(at.step.prose);
    return [
      ...rows,
      ...(under ? when : []),
      ...(under && prose !== '' ? wrapRows(filled(step, prose), width, { dim: true }, 6) : []),
    ];
  });
};

const actionRows = (step: Placed, action: Action, index: number): readonly Row[] => {
  const { view, at, width, main } = step;
  switch (action.kind) {
    case 'command':
      return commandRows(step, action, index);
    case 'ask':
      return action.inputs.flatMap((input) => {
        const frame = view.session.frames[at.frame];
        const value =
          frame?.inputs[input.name] ?? (frame?.secrets.includes(input.name) ? '(secret, not shown)' : undefined);
        return labelled(
          safe`${input.name}  `,
          value === undefined ? safe`${input.prompt} (${ruleWords(input)})` : safe`${value}`,
          width,
        );
      });
    case 'message': {
      const text = main.kind === 'message' && main.action === index ? main.text : action.message.text;
      const to = action.message.to === null ? [] : labelled(safeText('To  '), safe`${action.message.to}`, width);
      const result = at.state.actions[index]?.result;
      const done =
        result?.kind === 'posted'
          ? [row(safe`${result.how === 'sent' ? 'sent' : 'posted by hand'}`, { tone: 'ok' })]
          : [];
      return [...to, ...wrapRows(filled(step, text.trimEnd()), width, {}, 2), ...done, blank];
    }
    case 'approve':
      return [
        row(safe`Approval by ${action.approve.role}: somebody else than who runs the commands.`),
        ...approvedRows(at, index),
        blank,
      ];
    case 'gate':
      return gateRows(step, action.gate, index);
    case 'baseline':
      return baselineRows(step, action.baseline);
    case 'handoff':
      return [row(safe`Continues with another runbook: ${action.handoff.runbook}`), blank];
    default:
      return [];
  }
};

const approvedRows = (at: StepAt, index: number): readonly Row[] => {
  const result = at.state.actions[index]?.result;
  return result?.kind === 'approved'
    ? [row(safe`approved by ${result.by}${result.verified ? '' : ' (unverified)'}`, { tone: 'ok' })]
    : [];
};
