import { type GateCheck, isCheckSource, parseCheck, type WrittenBody } from '../gates/check.ts';
import { workloadReference } from '../gates/cluster-samples.ts';
import { comparisonWords } from '../gates/comparison.ts';
import { type Interpolated, interpolate, lookupIn, referencesIn } from '../runbook/interpolate.ts';
import type { Check, Gate, Runbook } from '../runbook/model.ts';
import { spoken } from '../text/duration.ts';
import { canonicalJson, sha256 } from './exec-spec.ts';
import { metricCheckOf, metricLimit, metricsSource } from './metric-check.ts';
import type { FrameState } from './state.ts';
import { places } from './walk.ts';

/** A check of a gate or criterion with the values of its frame in it. */
export interface CheckOf {
  readonly index: number;
  /** `rollout deployment/checkout`, `http api.example.com/health`. */
  readonly title: string;
  /** What is typed to go past it: a metric's name, else the kind of check. */
  readonly name: string;
  /** `complete, then stable for 1 min`, `HTTP 200`. */
  readonly limit: string;
  /** Whose death is acknowledged for all checks that ask it: `cluster`, `http api.example.com`. */
  readonly source: string;
  /** Null when it cannot be asked; `problem` says why. */
  readonly check: GateCheck | null;
  readonly problem: string | null;
}

/** A gate, or what `rollback.when` has of one. */
export type Checked = Pick<Gate, 'checks' | 'floor' | 'shift' | 'critical'>;

/** The checks of `rollback.when` as those of a gate. */
export const criteriaChecks = (runbook: Runbook): Checked => ({
  checks: runbook.rollback?.when ?? none,
  floor: null,
  shift: null,
  critical: false,
});

const none: readonly Check[] = [];

/** They are asked for every second and for every picture: the same values give the same objects again. */
const filledIn = new WeakMap<readonly Check[], WeakMap<FrameState['inputs'], Filled>>();

interface Filled extends Pick<FrameState, 'captures' | 'builtIns' | 'runbook'> {
  readonly checks: readonly CheckOf[];
}

/** The checks of a gate or of `rollback.when`, in their order. */
export const checksOf = (frame: FrameState, gate: Checked): readonly CheckOf[] => {
  const byInputs = filledIn.get(gate.checks) ?? new WeakMap<FrameState['inputs'], Filled>();
  filledIn.set(gate.checks, byInputs);
  const { inputs, captures, builtIns, runbook } = frame;
  const known = byInputs.get(inputs);
  if (known?.captures === captures && known.builtIns === builtIns && known.runbook === runbook) return known.checks;
  const checks = gate.checks.map((check, index) => checkOf(frame, gate, check, index));
  byInputs.set(inputs, { captures, builtIns, runbook, checks });
  return checks;
};

const checkOf = (frame: FrameState, gate: Checked, { source, body, expression }: Check, index: number): CheckOf => {
  if (!isCheckSource(source)) {
    const critical = gate.critical || isInCriticalPlace(frame, gate);
    return { index, ...metricCheckOf(frame, source, expression ?? '', { ...gate, critical }) };
  }
  const unknown = { index, name: source, title: source, limit: '', source, check: null };
  if (body === null) return { ...unknown, problem: 'it cannot be understood' };
  const written = filledBody(frame, body, []);
  const open = openNames(written);
  const check = parseCheck(source, written);
  if (check === null || open.length > 0)
    return {
      ...unknown,
      problem: open.length > 0 ? `there is no value for ${open.join(', ')}` : 'it cannot be understood',
    };
  return { index, name: source, check, problem: null, ...wordsOf(check) };
};

/** A step or phase that is critical makes its gates so. */
const isInCriticalPlace = (frame: FrameState, { checks }: Checked): boolean =>
  places(frame.runbook).some(
    ({ step, path }) =>
      (step.critical || path.some((phase) => phase.critical)) &&
      step.actions.some((action) => action.kind === 'gate' && action.gate.checks === checks),
  );

const plainLookup = (frame: FrameState) => lookupIn(frame.inputs, frame.captures, frame.builtIns);

/** Values stand everywhere but in what a shell runs. */
const filledBody = (frame: FrameState, body: WrittenBody, path: readonly string[]): WrittenBody => {
  if (typeof body === 'string') {
    const place = path.at(-1) === 'url' || (path.length === 0 && /^https?:/i.test(body)) ? 'url' : 'plain';
    const filled: Interpolated = interpolate(body, plainLookup(frame), place);
    return path.at(-1) === 'run' ? body : filled.text;
  }
  if (Array.isArray(body)) return body.map((item) => filledBody(frame, item, path));
  return Object.fromEntries(
    Object.entries(body).map(([key, value]) => [key, filledBody(frame, value as WrittenBody, [...path, key])]),
  );
};

const openNames = (body: WrittenBody, path: readonly string[] = []): readonly string[] => {
  if (typeof body === 'string') return path.at(-1) === 'run' ? [] : referencesIn(body).map(({ name }) => name);
  return Object.entries(body).flatMap(([key, value]) => openNames(value as WrittenBody, [...path, key]));
};

const hostOf = (url: string): string => URL.parse(url)?.host ?? url;

const firstLine = (script: string): string => {
  const line = script.trim().split('\n')[0] ?? '';
  return line.length > 60 ? `${line.slice(0, 59)}…` : line;
};

const wordsOf = (check: GateCheck): Pick<CheckOf, 'title' | 'limit' | 'source'> => {
  switch (check.kind) {
    case 'metric':
      return { title: check.title, limit: metricLimit(check.expression, check.meaning), source: metricsSource };
    case 'rollout':
      return { title: `rollout ${check.workload}`, limit: 'complete, then stable for 1 min', source: 'cluster' };
    case 'deadline':
      return { title: 'rollout deadline', limit: 'not passed', source: 'cluster' };
    case 'ready':
      return { title: `pods ${check.selector ?? 'of the target'}`, limit: 'all ready', source: 'cluster' };
    case 'failing':
      return { title: 'pods failing', limit: 'none', source: 'cluster' };
    case 'restarts': {
      const window = check.windowMs === null ? '' : ` in ${spoken(check.windowMs)}`;
      return { title: 'restarts', limit: `${comparisonWords(check.comparison)}${window}`, source: 'cluster' };
    }
    case 'logs':
      return {
        title: `logs ${check.selector}`,
        limit: `no /${check.none.source}/${check.none.flags}`,
        source: 'cluster',
      };
    case 'http': {
      const { host, pathname } = URL.parse(check.url) ?? { host: check.url, pathname: '' };
      const json = check.json.map(({ path, value }) => `, ${path} ${value}`).join('');
      return {
        title: `http ${host}${pathname}`,
        limit: `HTTP ${check.status}${json}`,
        source: `http ${hostOf(check.url)}`,
      };
    }
    case 'command':
      return {
        title: `command ${firstLine(check.run)}`,
        limit: commandLimit(check),
        source: `command ${firstLine(check.run)}`,
      };
  }
};

const commandLimit = ({ exit, json, matches, number }: Extract<GateCheck, { kind: 'command' }>): string => {
  const asked = [
    ...(exit === null ? [] : [`exit ${exit}`]),
    ...json.map(({ path, value }) => `${path} ${value}`),
    ...(number === null ? [] : [comparisonWords(number)]),
    ...(matches === null ? [] : [`/${matches.source}/${matches.flags}`]),
  ];
  return asked.length === 0 ? 'exit 0' : asked.join(', ');
};

export const commandsOf = (checks: readonly CheckOf[]): readonly string[] =>
  checks.flatMap(({ check }) => (check?.kind === 'command' ? [check.run] : []));

/** What Enter confirms before a gate's commands run, as often as it asks; null when it has none. */
export const gateHash = (checks: readonly CheckOf[]): string | null => {
  const commands = commandsOf(checks);
  return commands.length === 0 ? null : sha256(canonicalJson({ v: 1, gate: commands }));
};

/** Whether a change of this workload by somebody else says something about what a check judges. */
export const judgesWorkload = ({ check }: CheckOf, workload: string): boolean => {
  switch (check?.kind) {
    case 'rollout':
      return workloadReference(check.workload) === workloadReference(workload);
    case 'ready':
    case 'restarts':
    case 'logs':
    case 'failing':
    case 'deadline':
      return true;
    default:
      return false;
  }
};
