import type { FaceOptions } from '../engine/face.ts';
import type { Engine } from '../engine/view.ts';
import type { Input } from '../runbook/model.ts';
import type { MainAction } from '../session/main-action.ts';
import { currentFrame } from '../session/select.ts';
import type { SessionState } from '../session/state.ts';
import { type SafeText, safe, safeText } from '../text/safe-text.ts';
import type { Answer } from './answers.ts';
import { rule, waysOut } from './describe.ts';
import type { Lines } from './lines.ts';

type Ask = Extract<MainAction, { kind: 'ask' }>;

interface AskParts {
  readonly engine: Engine;
  readonly options: FaceOptions;
  readonly lines: Lines;
}

const missingInput = (session: SessionState, { inputs }: Ask): Input | undefined => {
  const frame = currentFrame(session);
  return inputs.find(({ name, type }) =>
    type === 'secret' ? !frame?.secrets.includes(name) : frame?.inputs[name] === undefined,
  );
};

/** The first value without an answer; of a question that was reopened, its first. */
const askedInput = (session: SessionState, action: Ask): Input | undefined =>
  missingInput(session, action) ?? action.inputs[0];

/** What an empty line stands for: the answer given before, else the default; null = there is none. */
const offeredFor = (session: SessionState, input: Input): string | null =>
  input.type === 'secret' ? null : (currentFrame(session)?.inputs[input.name] ?? input.default);

/** Asks for the next value of a question; a secret without echo. Null at the end of the input. */
export const askLine = async ({ engine, lines }: AskParts, action: Ask): Promise<string | null> => {
  const { session } = engine.view();
  const input = askedInput(session, action);
  if (input === undefined) return lines.ask(waysOut);
  const offered = offeredFor(session, input);
  const prompt = safe`${input.name}${offered === null ? '' : ` [${offered}]`}:  ${waysOut}`;
  return input.type === 'secret' ? lines.askSecret(prompt) : lines.ask(prompt);
};

/** An empty line: what is offered, else what has to be typed. Null when it was taken. */
export const answerEmpty = async (parts: AskParts, action: Ask): Promise<SafeText | null> => {
  const { session } = parts.engine.view();
  const input = askedInput(session, action);
  if (input === undefined) return null;
  const offered = offeredFor(session, input);
  return offered === null ? safe`  a value is needed: ${rule(input).trim()}` : answerInput(parts, action, offered);
};

/** Null when it was taken, else why not. */
export const answerInput = async (
  { engine, options, lines }: AskParts,
  action: Ask,
  text: string,
): Promise<SafeText | null> => {
  const input = askedInput(engine.view().session, action);
  if (input === undefined) return safeText('  nothing is missing');
  const verdict = options.validate(input, text);
  if (!verdict.ok) return safe`  ${verdict.message}. ${verdict.nextStep}`;
  if (verdict.warning !== null) lines.print(safe`  ${verdict.warning}`);
  const { secret } = verdict;
  if (secret) engine.keepSecret(input.name, verdict.value);
  const values = secret ? {} : { [input.name]: verdict.value };
  const secrets = secret ? [input.name] : [];
  const step = action.at.step.id;
  const refusal = await engine.dispatch({ type: 'answer', step, action: action.action, values, secrets });
  return refusal === null ? null : safe`  ${refusal.message}`;
};

/**
 * What `inputs` of the answers file have for the value that is asked next. A question that was reopened is answered
 * `again` only where nobody is there to give another answer.
 */
export const inputAnswer = (
  session: SessionState,
  action: MainAction,
  values: ReadonlyMap<string, string>,
  again: boolean,
): { readonly name: string; readonly answer: Answer } | null => {
  if (action.kind !== 'ask') return null;
  const name = (again ? askedInput : missingInput)(session, action)?.name ?? '';
  const text = values.get(name);
  return text === undefined ? null : { name, answer: { kind: 'answer', text } };
};

/** Whether a prepared answer may not be printed: a secret, or a value that holds one. */
export const isHidden = ({ options }: Pick<AskParts, 'options'>, action: Ask, text: string): boolean =>
  action.inputs.some((input) => {
    const verdict = options.validate(input, text);
    return input.type === 'secret' || (verdict.ok && verdict.secret);
  });
