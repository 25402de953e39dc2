import { type GateRules, gateRules } from '../gates/gate-rules.ts';
import type { Gate } from '../runbook/model.ts';
import type { CheckOf } from './gate-checks.ts';
import type { SessionState } from './state.ts';

/** What a gate of a run is judged by: looks as far apart as its metrics' ranges, tests against the run's baselines. */
export const rulesOf = ({ baselines }: SessionState, gate: Gate, checks: readonly CheckOf[]): GateRules =>
  gateRules(
    gate,
    checks.map(({ check }) => check),
    ({ hash }) => baselines[hash] ?? null,
  );
