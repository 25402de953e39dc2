import type { Recorded } from '../session/events.ts';
import type { RunbookLibrary, SessionState } from '../session/state.ts';
import { places, stepStateOf } from '../session/walk.ts';
import { unwatchedGaps } from '../session/watch-state.ts';
import { ExpectedError } from '../text/errors.ts';
import { baselineRecords } from './baselines.ts';
import { commandValues } from './command-values.ts';
import { changedSomething, commandRecords } from './commands.ts';
import { criterionRecords, foreignChangeRecords } from './criteria.ts';
import { deviations } from './deviations.ts';
import { gateRecords } from './gates.ts';
import { lockRecord } from './lock.ts';
import { metricChanges } from './metric-changes.ts';
import { foldWith } from './moments.ts';
import type { DeploymentRecord } from './record.ts';
import { rollbackPlan } from './rollback-plan.ts';
import { type RunFacts, runFacts } from './run-facts.ts';
import { safeRecord } from './safe-record.ts';
import type { KeptSecret } from './secrets-second-look.ts';
import { stepHistory } from './step-history.ts';
import { followUpRecords, frameRecords, owedRecords } from './steps.ts';
import { timeline } from './timeline.ts';
import { covered, iso, isoOrNull } from './times.ts';
import { environmentNames, recordedValue, whatChanged } from './what-changed.ts';

export interface BuildOptions {
  /** Findings of the second look that are not masked, each with its reason. */
  readonly kept?: readonly KeptSecret[];
}

/**
 * The record of a run, from its events alone: the same events give the same record, byte for byte. The events are
 * those up to the head that the seal names, so an event that tells of this export is not among them. A run without
 * `run.finished` gives an INTERIM record. Every text in it has passed the second look and `safe-text`.
 * Throws ExpectedError when no run was started.
 */
export const buildRecord = (
  events: readonly Recorded[],
  library: RunbookLibrary,
  options: BuildOptions = {},
): DeploymentRecord => {
  const parts = {
    baselines: baselineRecords(),
    metrics: metricChanges(),
    gates: gateRecords(),
    criteria: criterionRecords(),
    history: stepHistory(),
    values: commandValues(),
    deviations: deviations(),
    timeline: timeline(),
  };
  const state = foldWith(library, events, Object.values(parts));
  if (state.run === null || state.startedAt === null)
    throw new ExpectedError('the journal holds no started run', {
      nextStep: 'Choose another run: gonogo runs lists them',
    });
  const facts = runFacts(events, state);
  const found = parts.deviations.result(state);
  const outcome = outcomeOf(state, events);
  const body = {
    schema: 1 as const,
    interim: state.finished === null,
    outcome,
    identity: identityOf(state, state.run, events),
    people: peopleOf(state, state.run, facts),
    target: targetOf(state, state.run, facts),
    change: whatChanged(state),
    times: timesOf(state, state.run, state.startedAt, facts),
    deviations: found,
    owed: owedRecords(state),
    followUps: followUpRecords(state),
    timeline: parts.timeline.result(state),
    preflight: preflightOf(state),
    frames: frameRecords(state, parts.history.result(state), facts.secrets),
    commands: commandRecords(state, parts.values.result(state), events),
    baselines: parts.baselines.result(state),
    metrics: parts.metrics.result(state),
    gates: parts.gates.result(state),
    criteria: parts.criteria.result(state),
    foreignChanges: foreignChangeRecords(events),
    decisions: facts.decisions,
    approvals: facts.approvals,
    messages: facts.messages,
    statusUpdates: facts.statusUpdates,
    notes: facts.notes,
    rollback: { plan: rollbackPlan(state), performed: facts.rollback },
    lock: lockRecord(events),
    secondLook: [],
    journal: { events: events.length, head: state.head, recovered: facts.recovered, continued: facts.continued },
  };
  return safeRecord({ ...body, audit: auditOf(body) }, options.kept ?? []);
};

type Run = NonNullable<SessionState['run']>;

const identityOf = (state: SessionState, run: Run, events: readonly Recorded[]): DeploymentRecord['identity'] => {
  const opened = events.find((event) => event.type === 'frame.opened');
  return {
    run: run.run,
    tool: run.tool,
    ticket: run.ticket,
    runbook: state.frames[0]?.reference ?? opened?.data.runbook ?? null,
    git: run.git,
  };
};

const peopleOf = (state: SessionState, run: Run, facts: RunFacts): DeploymentRecord['people'] => ({
  operators: facts.operators,
  user: run.user,
  host: run.host,
  kubeUser: facts.pin?.identity.user ?? null,
  confirmedBy: [
    ...new Set(
      Object.values(state.attempts)
        .filter(changedSomething)
        .map(({ by }) => by),
    ),
  ],
});

const targetOf = (state: SessionState, run: Run, facts: RunFacts): DeploymentRecord['target'] => {
  const { context, namespace, workloads, production, pinned } = run.target;
  return {
    environment: recordedValue(state, environmentNames)?.value ?? (production ? 'production' : null),
    production,
    context,
    namespace,
    workloads,
    pinned,
    server: facts.pin?.identity.server ?? null,
    clusterUid: facts.pin?.identity.clusterUid ?? null,
    metrics: metricsServer(run),
    variables: run.targetVariables,
  };
};

const metricsServer = ({ metrics }: Run): DeploymentRecord['target']['metrics'] => {
  if (metrics === undefined || metrics === null) return null;
  const { name, url, from, sameCluster } = metrics;
  return { name, url, from, sameCluster };
};

const timesOf = (state: SessionState, run: Run, startedAt: number, facts: RunFacts): DeploymentRecord['times'] => {
  const end = state.finished?.at ?? state.lastAt;
  const changes = Object.values(state.attempts).filter(changedSomething);
  const started = changes.flatMap((attempt) => (attempt.startedAt === null ? [] : [attempt.startedAt]));
  return {
    created: iso(startedAt),
    planned: isoOrNull(run.plannedAt),
    firstChange: started.length === 0 ? null : iso(Math.min(...started)),
    finished: isoOrNull(state.finished?.at ?? null),
    lastEvent: iso(state.lastAt),
    duration: Math.max(0, Math.round(end - startedAt)),
    operatorUtcOffset: Math.trunc(run.utcOffset),
    pauses: facts.pauses,
    gaps: state.gaps.map(({ from, to, kind }) => ({ from: iso(from), to: iso(to), kind })),
    unwatched: Math.round(covered(unwatchedGaps(state), { from: startedAt, to: end })),
  };
};

const preflightOf = (state: SessionState): DeploymentRecord['preflight'] => ({
  ok: state.preflight.filter(({ level }) => level === 'ok').length,
  findings: state.preflight.flatMap(({ id, title, level, message }) =>
    level === 'ok' ? [] : [{ id, title, level, message }],
  ),
});

const outcomeOf = (state: SessionState, events: readonly Recorded[]): DeploymentRecord['outcome'] => {
  const steps: Partial<Record<ReturnType<typeof stepStateOf>['status'], number>> = {};
  for (const frame of state.frames) {
    for (const place of places(frame.runbook)) {
      if (place.offPath) continue;
      const { status } = stepStateOf(frame, place.step);
      steps[status] = (steps[status] ?? 0) + 1;
    }
  }
  const isOverride = (event: Recorded): boolean =>
    event.type === 'override.given' || (event.type === 'step.passed' && event.data.how === 'override');
  return {
    result: state.finished?.outcome ?? 'interim',
    reason: state.finished?.reason ?? null,
    steps,
    changes: Object.values(state.attempts).filter(changedSomething).length,
    overrides: events.filter(isOverride).length,
    intervention: interventionOf(events),
  };
};

const interventionOf = (events: readonly Recorded[]): DeploymentRecord['outcome']['intervention'] => {
  const rollback = events.find((event) => event.type === 'rollback.started');
  if (rollback !== undefined)
    return { kind: 'rolled back', at: iso(rollback.at), by: rollback.actor, step: rollback.data.from };
  const end = events.findLast((event) => event.type === 'run.finished');
  if (end?.type !== 'run.finished' || (end.data.outcome !== 'aborted' && end.data.outcome !== 'failed')) return null;
  return { kind: 'ended by the operator', at: iso(end.at), by: end.actor, step: null };
};

const kinds: Readonly<Record<string, DeploymentRecord['audit']['event']>> = {
  rollback: 'rollback',
  'pre-deploy': 'pre-deployment-check',
  verify: 'post-deployment-check',
  incident: 'incident',
};

const statuses = {
  succeeded: 'success',
  partial: 'partial',
  failed: 'failed',
  aborted: 'aborted',
  'rolled-back': 'rolled-back',
  interim: 'in-progress',
} as const;

const auditOf = (body: Omit<DeploymentRecord, 'audit'>): DeploymentRecord['audit'] => {
  const kind = body.identity.runbook?.kind ?? '';
  return {
    timestamp: body.times.finished ?? body.times.lastEvent,
    event: kinds[kind] ?? 'deployment',
    environment: body.target.environment,
    service: body.change.service?.value ?? null,
    version: body.change.version?.value ?? null,
    deployed_by: body.people.operators.map(({ name }) => name).join(', '),
    commit_sha: body.change.commit?.value ?? null,
    rollback: body.rollback.performed !== null || kind === 'rollback',
    status: statuses[body.outcome.result],
  };
};
