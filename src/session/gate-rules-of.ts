import { type GateRules, gateRules } from '../gates/gate-rules.ts';
import type { Gate } from '../runbook/model.ts';
import { baselineFor } from './baseline-state.ts';
import type { CheckOf } from './gate-checks.ts';
import type { SessionState } from './state.ts';

/** What a gate of a run is judged by: looks as far apart as its metrics' ranges, tests against the run's baselines. */
export const rulesOf = (state: SessionState, gate: Gate, checks: readonly CheckOf[]): GateRules =>
  gateRules(
    gate,
    checks.map(({ check }) => check),
    ({ hash }) => baselineFor(state, hash, state.lastAt),
  );
