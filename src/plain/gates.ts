import type { Engine } from '../engine/view.ts';
import { openBreach } from '../session/criterion-state.ts';
import { criterionRows } from '../session/criterion-view.ts';
import { type GateView, gateView } from '../session/gate-view.ts';
import type { Intent } from '../session/intents.ts';
import type { GateAction, GateChoice, MainAction } from '../session/main-action.ts';
import type { MetricRow } from '../session/metric-row.ts';
import type { SessionState } from '../session/state.ts';
import { stepTitle } from '../session/ui-facts.ts';
import { type SafeText, safe, safeLine, safeText } from '../text/safe-text.ts';
import type { Answer } from './answers.ts';
import type { Lines } from './lines.ts';
import type { OverrideParts } from './override.ts';

const rowLines = (view: GateView): readonly SafeText[] =>
  view.rows.map(({ title, value, limit, word, because, leftOut, metric }) => {
    const why = because === null || because === value ? '' : `: ${because}`;
    if (metric !== null && !leftOut)
      return safe`     ${word.padEnd(5)} ${title}  ${safeLine(numbersOf(metric, limit))}${safeLine(why)}`;
    const seen = value === '' ? '' : `${value}, `;
    return safe`     ${word.padEnd(5)} ${title}  ${seen}wanted: ${limit}${leftOut ? ', not judged: its source is known to be away' : safeLine(why)}`;
  });

/** `548 ms, stable 398 ms, limit 458 ms (115 % of stable), 3 of 3, 2,914 requests, enough for p99`. */
const numbersOf = ({ words, comparesWith, requests, window }: MetricRow, limit: string): string =>
  [
    words.canary,
    comparesWith === 'stable' && words.stable !== '' ? `stable ${words.stable}` : '',
    comparesWith === 'baseline' && words.baseline !== '' ? `baseline ${words.baseline}` : '',
    words.limit === '' || words.limit === limit ? `limit ${limit}` : `limit ${words.limit} (${limit})`,
    words.tally,
    window?.words ?? requests?.words ?? '',
  ]
    .filter((part) => part !== '')
    .join(', ');

/** The lines that introduce a gate. */
export const gateLines = (state: SessionState, action: GateAction, now: number): readonly SafeText[] => {
  const view = gateView(state, { frame: action.at.frame, step: action.at.step.id, action: action.action }, now);
  const commands = action.stage === 'start' ? action.commands.map((run) => safe` $ ${run}`) : [];
  const rows = view === null || action.stage === 'start' ? [] : [safe`   gate, ${view.clock}`, ...rowLines(view)];
  return [...commands, ...rows, ...stageLines(action)];
};

const stageLines = (action: GateAction): readonly SafeText[] => {
  const choices = action.choices.map(
    (choice, i) => safe`  ${i + 1}) ${choice.label}: ${choice.detail}${typeHint(choice)}`,
  );
  switch (action.stage) {
    case 'failed':
      return [safe`FAIL  ${safeLine(action.because)}`, safeText('  R) Roll back'), ...choices];
    case 'blind':
      return [safe`BLIND ${safeLine(action.because)}`, safeText('  R) Roll back'), ...choices];
    case 'start':
      return [safe`   ${action.because}`];
    case 'judging':
      return [];
  }
};

const typeHint = ({ kind }: GateChoice): string => {
  if (kind === 'override') return '   (override: REASON)';
  if (kind === 'by-eye') return '   (by-eye: WHAT YOU SAW)';
  return kind === 'acknowledge' ? '   (A REASON)' : kind === 'hold' ? '   (t)' : '';
};

/** What an answer asks of a gate; a text says why it does not fit. */
export const gateIntent = (action: GateAction, answer: Answer): Intent | string => {
  const at = { step: action.at.step.id, action: action.action };
  if (action.stage === 'start')
    return answer.kind === 'enter' || answer.kind === 'yes'
      ? { type: 'start-gate', ...at, hash: action.hash }
      : 'Enter begins this gate';
  if (action.stage === 'judging') return 'this gate is being judged';
  if (answer.kind === 'again') return { type: 'hold-gate', ...at };
  if (answer.kind === 'override') return { type: 'override-gate', ...at, reason: answer.text, typed: null };
  if (answer.kind === 'by-eye') return { type: 'by-eye', ...at, seen: answer.text };
  const [, number = '', text = ''] =
    answer.kind === 'answer' || answer.kind === 'choose' ? (/^(\d+)\s*([\s\S]*)$/.exec(answer.text) ?? []) : [];
  const choice = action.choices[Number(number) - 1];
  return choice === undefined
    ? 'Enter does nothing here: say R, t, a number, or  override: REASON'
    : chosen(choice, at, text);
};

const chosen = (choice: GateChoice, at: { readonly step: string; readonly action: number }, text: string): Intent => {
  switch (choice.kind) {
    case 'back':
      return { type: 'back', step: choice.step };
    case 'hold':
      return { type: 'hold-gate', ...at };
    case 'override':
      return { type: 'override-gate', ...at, reason: text, typed: null };
    case 'by-eye':
      return { type: 'by-eye', ...at, seen: text };
    case 'acknowledge':
      return { type: 'acknowledge-source', source: choice.source, reason: text };
  }
};

/** Asks for the failed check's name where going past it needs that. */
export const withTypedName = async (
  { lines, preparedWord, auto }: Pick<OverrideParts, 'lines' | 'preparedWord' | 'auto'>,
  action: MainAction,
  intent: Intent,
): Promise<Intent> => {
  if (intent.type !== 'override-gate' || action.kind !== 'gate') return intent;
  const typed = action.choices.find(({ kind }) => kind === 'override');
  if (typed?.kind !== 'override' || typed.typed === null) return intent;
  const given = preparedWord();
  if (given !== null || auto) return { ...intent, typed: given };
  const line = await lines.ask(safe`  type "${typed.typed}" to go past it >`);
  return { ...intent, typed: line?.trim().replace(/^type:\s*/, '') ?? null };
};

/** `A reason`: the breach that holds the run, else the dead source of the gate one stands at; null when there is neither. */
export const acknowledgement = (state: SessionState, action: MainAction, reason: string): Intent | null => {
  const breach = openBreach(state);
  if (breach !== null) return { type: 'acknowledge-breach', criterion: breach.criterion, reason };
  const choice = action.kind === 'gate' ? action.choices.find(({ kind }) => kind === 'acknowledge') : undefined;
  return choice?.kind === 'acknowledge' ? { type: 'acknowledge-source', source: choice.source, reason } : null;
};

/** Prints each change of a verdict and of a rollback criterion as it comes. */
export const tellGates = (engine: Engine, lines: Lines): (() => void) => {
  const gates = new Map<string, string>();
  const criteria = new Map<number, string>();
  const look = (say: boolean): void => {
    const { session, now } = engine.view();
    for (const view of gatesOf(session, now)) {
      const key = `${view.frame}/${view.step}/${view.action}`;
      const known = `${view.try} ${view.verdict} ${view.voided ?? ''}`;
      if (gates.get(key) === known) continue;
      const begun = gates.has(key);
      gates.set(key, known);
      if (say) for (const line of verdictLines(session, view, begun)) lines.print(line);
    }
    for (const { criterion, title, state, because, value } of criterionRows(session, now)) {
      if (criteria.get(criterion) === state) continue;
      const known = criteria.has(criterion);
      criteria.set(criterion, state);
      const ask = state === 'BREACHED' ? '. R rolls back, A REASON acknowledges it' : '';
      if (say && (known || state !== 'ok'))
        lines.print(safe`${state} ${title}: ${safeLine(because ?? value ?? '')}${ask}`);
    }
  };
  look(false);
  return engine.subscribe(() => look(true));
};

const gatesOf = (session: SessionState, now: number): readonly GateView[] =>
  session.frames.flatMap((frame) =>
    Object.values(frame.steps).flatMap((step) =>
      step.actions.flatMap(({ gate }, action) => {
        const view = gate === null ? null : gateView(session, { frame: frame.number, step: step.id, action }, now);
        return view === null ? [] : [view];
      }),
    ),
  );

const verdictLines = (session: SessionState, view: GateView, known: boolean): readonly SafeText[] => {
  const frame = session.frames[view.frame];
  const title = frame === undefined ? view.title : stepTitle(frame, view.step);
  const why =
    view.voided !== null && view.because === null ? `begins anew: ${view.voided}` : (view.because ?? view.clock);
  const first = safe`   ${view.word.padEnd(5)} gate ${view.step} ${title}: ${safeLine(why)}`;
  const settled = view.word !== 'wait';
  if (!known && !settled) return [safe`   wait  gate ${view.step} ${title} begins`];
  return settled ? [first, ...rowLines(view)] : [first];
};
