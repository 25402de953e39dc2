import type { EngineView } from '../engine/view.ts';
import type { Input } from '../runbook/model.ts';
import { conditionHolds } from '../session/condition.ts';
import type { GateAction, MainAction, PendingCommand, StepAt } from '../session/main-action.ts';
import { shownText } from '../session/message-text.ts';
import type { AttemptOutcome } from '../session/outcome.ts';
import { progress } from '../session/overview.ts';
import { withCarried } from '../session/pending.ts';
import { commandOf } from '../session/reduce-command.ts';
import { likenessWords } from '../session/sample-likeness.ts';
import type { SessionState } from '../session/state.ts';
import { triesWords } from '../session/tries.ts';
import { isDue } from '../session/walk.ts';
import { spoken } from '../text/duration.ts';
import { type SafeText, safe, safeLine, safeText } from '../text/safe-text.ts';
import { gateLines } from './gates.ts';

/** The lines that introduce what is to be done now. `carried`: what earlier commands set for this one. */
export const describe = (
  state: SessionState,
  action: MainAction,
  carried: EngineView['carried'] = {},
): readonly SafeText[] => {
  const shown = (pending: PendingCommand): readonly SafeText[] => commandLines(withCarried(pending, carried));
  const at = 'pending' in action && action.pending !== null ? action.pending.at : 'at' in action ? action.at : null;
  const head = at === null ? [] : heading(state, at);
  switch (action.kind) {
    case 'run':
    case 'confirm':
      return [...head, ...shown(action.pending), ...writtenAs(action.pending)];
    case 'message':
      return [
        ...head,
        safe`To ${action.message.to ?? 'your channel'}:`,
        ...indented(action.text),
        ...(action.pending === null ? [] : shown(action.pending)),
      ];
    case 'decide':
      return [
        ...head,
        ...action.choices.map(({ label, target }, i) => safe`  ${i + 1}) ${label}${targetWords(target)}`),
      ];
    case 'choose-phase':
      return [safeText('Which of these?'), ...action.phases.map((phase, i) => safe`  ${i + 1}) ${phase.title}`)];
    case 'ask':
      return [...head, ...action.inputs.map(rule)];
    case 'approve':
      return [...head, ...approvalLines(action)];
    case 'handoff':
      return [...head, safe`Continues with ${action.title}`];
    case 'card':
      return action.items
        .filter(({ state: s }) => s.status === 'open')
        .slice(0, 1)
        .flatMap((item) => heading(state, item));
    case 'accept':
      return [...head, safe`needs you: ${action.because}`];
    case 'resolve':
      return [...head, ...unknownLines(action)];
    case 'gate':
      return [...head, ...gateLines(state, action, state.lastAt)];
    case 'nothing':
      return [...head, safe`${action.because}. ${action.nextStep}`];
    case 'finish':
      return action.owed.length === 0
        ? []
        : [
            safe`Owed before closing (do STEP): ${action.owed.map(({ step }) => `${step.id} ${step.title}`).join(', ')}`,
          ];
    case 'pass':
      return action.what === 'as-expected' ? [...head, ...seen(state, action.at)] : head;
    default:
      return head;
  }
};

type ActionOf<Kind extends MainAction['kind']> = Extract<MainAction, { readonly kind: Kind }>;

const approvalLines = ({ approve, challenge }: ActionOf<'approve'>): readonly SafeText[] => [
  safe`Approval by ${approve.role}, somebody else than who runs the commands.`,
  safe`Attested by name${approve.reasonRequired ? ', with a reason' : ''}, or by a signature over this text (s):`,
  ...indented(challenge),
];

const unknownLines = ({ attempt }: ActionOf<'resolve'>): readonly SafeText[] => [
  safe`UNKNOWN: attempt ${attempt.attempt} was started and has no result.`,
  ...attempt.survivors.map(({ pid, command: name }) => safe`  still running: ${pid} ${name}   (type stop to end it)`),
  safeText('Look with a read-only check, then say what became of it:'),
  safeText('  1) it was not applied   2) it failed   3) it succeeded'),
];

const heading = (state: SessionState, at: StepAt): readonly SafeText[] => {
  const { index, total } = progress(state);
  return [
    safe`-- ${at.step.id} ${at.phase.title} › ${at.step.title}   (step ${index} of ${total})`,
    ...phaseProse(state, at),
    ...(at.step.prose.trim() === '' ? [] : indented(at.step.prose.trim())),
    ...byHand(state, at),
  ];
};

/** What a phase says before its steps, once: where its first step begins. */
const phaseProse = (
  state: SessionState,
  { frame: number, phase, step, state: { status } }: StepAt,
): readonly SafeText[] => {
  const frame = state.frames[number];
  const prose = phase.prose.trim();
  const begins = phase.steps[0]?.id === step.id && status === 'open';
  return prose === '' || !begins || frame === undefined ? [] : indented(shownText(frame, prose));
};

const lineCount = (lines: number): string => (lines === 1 ? '1 line' : `${lines} lines`);

/** Commands that gonogo does not run here: `manual` fences, target steps, everything of a runbook that is not trusted. */
const byHand = (state: SessionState, at: StepAt): readonly SafeText[] => {
  const frame = state.frames[at.frame];
  if (frame === undefined) return [];
  return at.step.actions.flatMap((action) => {
    if (action.kind !== 'command' || isDue(frame, action)) return [];
    const { options, script } = action.command;
    if (options.when !== null && !conditionHolds(frame, options.when)) return [];
    return [safeText('   by hand, not run from here:'), ...scriptLines(script)];
  });
};

const scriptLines = (script: string): readonly SafeText[] =>
  script
    .trimEnd()
    .split('\n')
    .map((line, i) => safe`${i === 0 ? ' $ ' : '   '}${line}`);

/** What the file says, where placeholders were made variables. */
const writtenAs = ({ command: { original, placeholders } }: PendingCommand): readonly SafeText[] =>
  placeholders.length === 0
    ? []
    : original
        .trimEnd()
        .split('\n')
        .map((line, i) => safe`${i === 0 ? '   written: ' : '            '}${line}`);

const indented = (text: string): readonly SafeText[] =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => safe`   ${line}`);

/** A command as it would run: its text, the values it gets, what it risks. */
export const commandLines = (pending: PendingCommand): readonly SafeText[] => {
  const { spec, values, command: shown, level, blocked } = pending;
  const lines = scriptLines(spec.script);
  const variables = values.map(({ name, value }) => safe`     ${name}=${value ?? '(secret)'}`);
  const because = shown.riskBecause[0] === undefined ? '' : `: ${shown.riskBecause[0]}`;
  const risk = safe`   ${spec.risk}${because}${level.kind === 'type' ? `; type the ${level.of} "${level.word}" to run it` : ''}`;
  const tries = triesWords(spec);
  const block =
    blocked === null ? [] : [safe`   ${blocked.code ?? ''} cannot run: ${blocked.because}. ${blocked.nextStep}`];
  return [
    ...lines,
    ...variables,
    ...(spec.risk === 'read' ? [] : [risk]),
    ...(tries === null ? [] : [safe`   ${tries}`]),
    ...block,
  ];
};

const targetWords = (target: string): string =>
  ({ next: '', stay: '  (stays here)', rollback: '  (rolls back)', stop: '  (ends the run)' })[target] ??
  `  (goes to ${target})`;

export const rule = (input: Input): SafeText => {
  const kind =
    input.type === 'choice' ? input.choices.join(' | ') : input.type === 'string' ? (input.pattern ?? '') : input.type;
  const example = input.example === null ? '' : `, for example ${input.example}`;
  return safe`  ${input.name}: ${input.prompt}${kind === '' ? '' : ` [${kind}]`}${example}`;
};

/** How the last attempt of a step ended. */
export const seen = (state: SessionState, at: StepAt): readonly SafeText[] => {
  const attempt =
    state.attempts[at.state.actions.findLast((action) => action.attempts.length > 0)?.attempts.at(-1) ?? -1];
  if (attempt === undefined || attempt.outcome === null) return [];
  const { outcome } = attempt;
  const result = at.state.actions[attempt.action]?.result;
  const summary = result?.kind === 'command' ? result.summary : `exit ${outcome.exit}`;
  const sample = commandOf(state.frames[attempt.frame], attempt)?.sample;
  const took = spoken(outcome.endedAt - outcome.startedAt);
  const lines = [
    safe`   ${attempt.recovered ? 'RECOVERED ' : ''}${summary}, ${took}, ${lineCount(outcome.output.lines)}`,
  ];
  const expected =
    sample === null || sample === undefined
      ? []
      : [
          safe`   expected, by the runbook: ${likenessWords(sample.text, outcome)}`,
          ...sample.text
            .split('\n')
            .slice(0, 20)
            .map((line) => safe`     ${line}`),
        ];
  return [
    ...lines,
    ...outputWords(outcome.output),
    ...outcome.notes.map((note) => safe`   ${safeLine(note)}`),
    ...expected,
  ];
};

/** Of output that cannot be shown as it is: how much it was, and the hash by which it is known. */
export const outputWords = ({ bytes, omitted, binary, sha256 }: AttemptOutcome['output']): readonly SafeText[] => {
  if (!binary && omitted === 0) return [];
  const left = omitted === 0 ? '' : `, ${omitted.toLocaleString('en')} of them left out`;
  return [safe`   output: ${bytes.toLocaleString('en')} bytes${binary ? ', binary' : ''}${left}, sha256 ${sha256}`];
};

/** What can be typed at every step. */
export const waysOut = safeText('F fail  S skip  R roll back  ? all  q leave >');

const gateHint = (stage: GateAction['stage']): string =>
  ({ start: 'Enter begins it', judging: '', blind: 'its number', failed: 'its number' })[stage];

/** What can be typed now, in one line. */
export const hints = (action: MainAction): SafeText => {
  const main: Readonly<Record<MainAction['kind'], string>> = {
    run: 'Enter runs it',
    confirm: 'y runs it',
    pass: 'Enter: done',
    card: 'Enter: done',
    accept: 'accept: REASON  t again',
    'choose-phase': 'its number',
    decide: 'its number',
    ask: 'the value',
    approve: 'answer: NAME: REASON attests it  s = paste the signature',
    message: 'Enter: sent',
    handoff: 'Enter goes there',
    wait: '',
    gate: '',
    resolve: '1, 2 or 3 and how you know',
    nothing: '',
    finish: 'Enter ends the run',
    over: '',
  };
  const word =
    'pending' in action && action.pending?.blocked != null
      ? 'it cannot run'
      : action.kind === 'confirm' && action.pending.level.kind === 'type'
        ? `type: ${action.pending.level.word}`
        : action.kind === 'message' && action.pending !== null
          ? 'y sends it'
          : action.kind === 'gate'
            ? gateHint(action.stage)
            : main[action.kind];
  return safe`${word}${word === '' ? '' : '  '}${waysOut}`;
};
