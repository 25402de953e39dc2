import { referencesIn } from './interpolate.ts';
import type { Action, Check, CheckBody, Runbook } from './model.ts';
import { allPhases, stepsOf } from './walk.ts';

/** A text in which `${name}` is replaced when it is shown or asked. */
export interface TextWithNames {
  readonly names: readonly string[];
  readonly line: number;
}

/**
 * The names used in every text of a gonogo runbook. In prose, code may show shell variables: there only names in the
 * lower case of inputs count.
 */
export const textsWithNames = (runbook: Runbook): readonly TextWithNames[] => [
  ...headerTexts(runbook).map(({ text, line }) => ({ names: namesIn(text), line })),
  ...allPhases(runbook.phases).map((phase) => ({
    names: [...namesIn(phase.title), ...proseNames(phase.prose)],
    line: phase.line,
  })),
  ...stepsOf(runbook).flatMap((step) => [
    { names: [...namesIn(step.title), ...proseNames(step.prose)], line: step.line },
    ...step.actions.map((action) => ({ names: actionTexts(action).flatMap(namesIn), line: action.line })),
  ]),
];

const namesIn = (text: string): readonly string[] => [
  ...new Set(referencesIn(text).map((reference) => reference.name)),
];

/** Fenced code and code spans; bounded, since prose may hold any number of lone backticks. */
const code = /(`{3,}|~{3,})[\s\S]{0,20000}?(?:\n[ \t]*\1|$)|(`+)[^`][\s\S]{0,500}?\2(?!`)/g;

const proseNames = (markdown: string): readonly string[] => {
  if (!markdown.includes('${')) return [];
  const outside = namesIn(markdown.replaceAll(code, ' '));
  const inside = namesIn([...markdown.matchAll(code)].map((match) => match[0]).join('\n'));
  return [...new Set([...outside, ...inside.filter((name) => /^[a-z][a-z0-9-]*$/.test(name))])];
};

const headerTexts = (runbook: Runbook): readonly { text: string; line: number }[] => {
  const { target, rollback } = runbook;
  const loose = [
    runbook.title,
    runbook.summary ?? '',
    ...(target === null
      ? []
      : [...target.workloads, target.context ?? '', target.namespace ?? '', target.sameCluster ?? '']),
    ...runbook.links.flatMap((link) => [link.title, link.url]),
    ...runbook.contacts.flatMap((contact) => [contact.role, contact.how]),
  ];
  const metrics = runbook.metrics.map((metric) => ({
    text: [metric.title, metric.query, metric.stable, metric.traffic, metric.freshness].join('\n'),
    line: metric.line,
  }));
  const criteria = (rollback?.when ?? []).map((check) => ({ text: checkTexts(check).join('\n'), line: check.line }));
  const given = rollback === null ? [] : [{ text: Object.values(rollback.with).join('\n'), line: rollback.line }];
  return [...loose.map((text) => ({ text, line: 1 })), ...metrics, ...criteria, ...given];
};

const actionTexts = (action: Action): readonly string[] => {
  switch (action.kind) {
    case 'gate':
      return [...action.gate.checks.flatMap(checkTexts), action.gate.floor ?? ''];
    case 'message':
      return [action.message.text, action.message.to ?? ''];
    case 'handoff':
      return Object.values(action.handoff.with);
    case 'decide':
      return action.choices.map((choice) => choice.label);
    default:
      return [];
  }
};

/** A check's command runs in a shell and is never rewritten. */
const checkTexts = (check: Check): readonly string[] => [
  check.expression ?? '',
  ...(check.body === null ? [] : bodyTexts(check.body, check.source === 'command')),
];

const bodyTexts = (body: CheckBody, isCommand: boolean): readonly string[] => {
  if (typeof body === 'string') return isCommand ? [] : [body];
  if (isList(body)) return body.flatMap((item) => bodyTexts(item, isCommand));
  return Object.entries(body).flatMap(([key, value]) => (isCommand && key === 'run' ? [] : bodyTexts(value, false)));
};

const isList = (body: CheckBody): body is readonly CheckBody[] => Array.isArray(body);
