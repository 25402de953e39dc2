import type {
  AwayPage,
  Face,
  FaceOptions,
  FilledForm,
  InputForm,
  OccupiedPage,
  PreflightPage,
  StartChoice,
  StartScreen,
} from '../engine/face.ts';
import type { Engine, SessionEnd } from '../engine/view.ts';
import { spoken } from '../text/duration.ts';
import { type SafeText, safe, safeText } from '../text/safe-text.ts';
import type { Answers } from './answers.ts';
import { rule } from './describe.ts';
import type { Lines } from './lines.ts';
import { observe } from './observe.ts';
import { walk } from './walk.ts';
import { watch } from './watch.ts';

export interface PlainOptions {
  readonly lines: Lines;
  readonly answers: Answers;
  readonly auto: boolean;
}

/** The same session as plain lines, for pipes, CI and screen readers. Source: 60-interface, "Plain mode". */
export const createPlainFace = ({ lines, answers, auto }: PlainOptions): Face => ({
  opening: () => undefined,
  choose: (start) => choose(lines, start),
  askInputs: (form) => askInputs(lines, form),
  preflight: (page) => preflight(lines, page, auto),
  away: async (page) => away(lines, page),
  occupied: (page) => occupied(lines, page),
  run: (engine: Engine, options: FaceOptions): Promise<SessionEnd> => {
    const { observing } = engine.view();
    if (observing === null) return walk({ engine, options, lines, answers, auto });
    return observing.watch === undefined ? observe(engine, lines) : watch(engine, lines, observing.watch);
  },
  close: async () => lines.close(),
});

const choose = async (lines: Lines, start: StartScreen): Promise<StartChoice | null> => {
  const entries: { readonly label: SafeText; readonly choice: StartChoice }[] = [
    ...[...start.due, ...start.unfinished].map(({ id, title, detail }) => ({
      label: safe`resume ${title}  ${detail}`,
      choice: { kind: 'resume', id } as const,
    })),
    ...start.runbooks.map(({ path, title, folder }) => ({
      label: safe`${title}  (${folder})`,
      choice: { kind: 'run', path } as const,
    })),
  ];
  for (const [i, { label }] of entries.entries()) lines.print(safe`${i + 1}) ${label}`);
  for (;;) {
    const line = await lines.ask(safeText('Number, or q >'));
    if (line === null || line.trim() === 'q') return null;
    const entry = entries[Number(line.trim()) - 1];
    if (entry !== undefined) return entry.choice;
    lines.print(safe`one of 1 to ${entries.length}`);
  }
};

const askInputs = async (lines: Lines, form: InputForm): Promise<FilledForm | null> => {
  const values: Record<string, string> = {};
  const secrets: Record<string, string> = {};
  lines.print(form.title);
  for (const { input, value, last } of form.fields) {
    lines.print(rule(input));
    if (last !== null) lines.print(safe`     last time: ${last}`);
    for (;;) {
      const prompt = value === '' ? safe`  ${input.name} >` : safe`  ${input.name} [${value}] >`;
      const line = input.type === 'secret' ? await lines.askSecret(prompt) : await lines.ask(prompt);
      if (line === null) return null;
      const verdict = form.validate(input, line === '' ? value : line);
      if (verdict.ok) {
        if (verdict.warning !== null) lines.print(safe`  ${verdict.warning}`);
        (verdict.secret ? secrets : values)[input.name] = verdict.value;
        break;
      }
      lines.print(safe`  ${verdict.message}. ${verdict.nextStep}`);
    }
  }
  return { values, secrets };
};

const preflight = async (
  lines: Lines,
  page: PreflightPage,
  auto: boolean,
): Promise<{ readonly reasons: Readonly<Record<string, string>> } | null> => {
  lines.print(page.headline);
  const trouble = page.checks.filter(({ level }) => level !== 'ok');
  lines.print(
    trouble.length === 0
      ? safe`${page.checks.length} checks: ok`
      : safe`${page.checks.length} checks, ${trouble.length} to look at:`,
  );
  const reasons: Record<string, string> = {};
  for (const { id, title, level, message, nextStep } of trouble) {
    lines.print(safe`  ${level === 'warn' ? 'note' : level === 'stop' ? 'STOP' : 'asks'}  ${title}: ${message}`);
    if (nextStep !== null) lines.print(safe`        ${nextStep}`);
    if (level !== 'override' || page.checks.some((check) => check.level === 'stop')) continue;
    const line = auto ? null : await lines.ask(safeText('        go on anyway because (empty: no) >'));
    if (line === null || line.trim() === '') return null;
    reasons[id] = line.trim();
  }
  return { reasons };
};

const away = (lines: Lines, page: AwayPage): void => {
  lines.print(safe`While you were away (${spoken(page.awayMs)}):`);
  for (const { level, text } of page.lines) lines.print(safe`  ${level === 'attention' ? '!' : '-'} ${text}`);
};

const occupied = async (lines: Lines, page: OccupiedPage): Promise<'take-over' | 'observe' | null> => {
  lines.print(page.message);
  const line = await lines.ask(
    page.canTakeOver ? safeText('t takes it over here, o observes, q leaves >') : safeText('o observes, q leaves >'),
  );
  if (line?.trim() === 't' && page.canTakeOver) return 'take-over';
  return line?.trim() === 'o' ? 'observe' : null;
};
