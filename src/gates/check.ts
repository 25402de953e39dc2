import { parseDuration } from '../text/duration.ts';
import { type Comparison, parseComparison } from './comparison.ts';
import type { MetricCheck } from './metric.ts';

/** The body of a check as a runbook has it, its `${name}`s filled in. */
export type WrittenBody = string | readonly WrittenBody[] | { readonly [key: string]: WrittenBody };

export interface Pattern {
  readonly source: string;
  readonly flags: string;
}

/** A path into a JSON answer (`0.conclusion`) and the text its value must have. */
export interface JsonEquality {
  readonly path: string;
  readonly value: string;
}

/** Source: 10-runbook-format, "Fences"; 30-gates, "Rollback criteria". */
export type GateCheck =
  | MetricCheck
  /** `deployment/checkout`: complete, then stable. */
  | { readonly kind: 'rollout'; readonly workload: string }
  /** Breach: the controller's own deadline has passed. */
  | { readonly kind: 'deadline' }
  /** Pods of a selector; null = those of the target's workloads. */
  | { readonly kind: 'ready'; readonly selector: string | null }
  /** Breach: pods of the new revision fail. */
  | { readonly kind: 'failing' }
  | {
      readonly kind: 'logs';
      readonly selector: string;
      readonly none: Pattern;
      readonly since: 'phase' | 'step' | 'run' | number;
    }
  | {
      readonly kind: 'http';
      readonly url: string;
      readonly status: number;
      readonly json: readonly JsonEquality[];
    }
  | CommandCheck
  /** Restarts with a non-zero exit of new pods, in the last `windowMs`; null = since the run began. */
  | { readonly kind: 'restarts'; readonly comparison: Comparison; readonly windowMs: number | null };

export interface CommandCheck {
  readonly kind: 'command';
  /** Never rewritten: values reach it as environment variables. */
  readonly run: string;
  /** Null = 0, when nothing else is asked of it. */
  readonly exit: number | null;
  readonly json: readonly JsonEquality[];
  readonly matches: Pattern | null;
  readonly number: Comparison | null;
}

/** Kinds of check that `parseCheck` reads; every other name is a metric's. */
export const checkSources = ['rollout', 'pods', 'logs', 'http', 'command', 'restarts'] as const;
export type CheckSource = (typeof checkSources)[number];

export const isCheckSource = (name: string): name is CheckSource => (checkSources as readonly string[]).includes(name);

/** Null when the body is not one of that kind; a loaded runbook has none such but for values that were filled in. */
export const parseCheck = (source: CheckSource, body: WrittenBody): GateCheck | null => {
  switch (source) {
    case 'rollout':
      return rollout(textOf(body));
    case 'pods':
      return pods(textOf(body));
    case 'restarts':
      return restarts(textOf(body));
    case 'logs':
      return logs(body);
    case 'http':
      return http(body);
    case 'command':
      return command(body);
  }
};

const textOf = (body: WrittenBody | undefined): string => (typeof body === 'string' ? body.trim() : '');

const fieldOf = (body: WrittenBody, name: string): WrittenBody | undefined =>
  typeof body === 'string' || isList(body) ? undefined : body[name];

const isList = (body: WrittenBody): body is readonly WrittenBody[] => Array.isArray(body);

const rollout = (text: string): GateCheck | null => {
  if (text === 'deadline') return { kind: 'deadline' };
  return /^[^\s/]+\/\S+$/.test(text) ? { kind: 'rollout', workload: text } : null;
};

const pods = (text: string): GateCheck | null => {
  if (text === 'failing') return { kind: 'failing' };
  const match = /^(?:(\S.*?)\s+)?ready$/.exec(text);
  return match === null ? null : { kind: 'ready', selector: match[1] ?? null };
};

const restarts = (text: string): GateCheck | null => {
  const match = /^(.*?)(?:\s+in\s+(\S+))?$/.exec(text);
  const comparison = parseComparison(match?.[1] ?? '');
  const windowMs = match?.[2] === undefined ? null : parseDuration(match[2]);
  if (comparison === null || (match?.[2] !== undefined && windowMs === null)) return null;
  return { kind: 'restarts', comparison, windowMs };
};

const logs = (body: WrittenBody): GateCheck | null => {
  const selector = textOf(fieldOf(body, 'selector'));
  const none = patternOf(textOf(fieldOf(body, 'none')));
  if (selector === '' || none === null) return null;
  const written = textOf(fieldOf(body, 'since'));
  if (written === '' || written === 'phase') return { kind: 'logs', selector, none, since: 'phase' };
  if (written === 'run' || written === 'step') return { kind: 'logs', selector, none, since: written };
  const ms = parseDuration(written);
  return ms === null ? null : { kind: 'logs', selector, none, since: ms };
};

const http = (body: WrittenBody): GateCheck | null => {
  const url = typeof body === 'string' ? body.trim() : textOf(fieldOf(body, 'url'));
  if (!/^https?:\/\/[^\s]+$/i.test(url)) return null;
  const status = textOf(fieldOf(body, 'status'));
  return { kind: 'http', url, status: status === '' ? 200 : Number(status), json: equalities(fieldOf(body, 'json')) };
};

const command = (body: WrittenBody): GateCheck | null => {
  const run = typeof body === 'string' ? body : fieldOf(body, 'run');
  if (typeof run !== 'string' || run.trim() === '') return null;
  const exit = textOf(fieldOf(body, 'exit'));
  const matches = textOf(fieldOf(body, 'matches'));
  const number = textOf(fieldOf(body, 'number'));
  return {
    kind: 'command',
    run: run.replace(/\n+$/, ''),
    exit: exit === '' ? null : Number(exit),
    json: equalities(fieldOf(body, 'json')),
    matches: matches === '' ? null : patternOf(matches),
    number: number === '' ? null : parseComparison(number),
  };
};

const equalities = (body: WrittenBody | undefined): readonly JsonEquality[] =>
  body === undefined || typeof body === 'string' || isList(body)
    ? []
    : Object.entries(body).map(([path, value]) => ({ path, value: typeof value === 'string' ? value : '' }));

/** `/panic|FATAL/i`; null when it is none. */
const patternOf = (text: string): Pattern | null => {
  const match = /^\/(.+)\/([a-z]*)$/s.exec(text);
  if (match === null) return null;
  try {
    new RegExp(match[1] as string, match[2]);
  } catch {
    return null;
  }
  return { source: match[1] as string, flags: match[2] ?? '' };
};
