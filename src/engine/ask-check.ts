import { commandSample, logCriterion, logSample, webSample } from '../gates/answer-samples.ts';
import type { GateCheck } from '../gates/check.ts';
import { provenFrom, rolloutSample } from '../gates/cluster-samples.ts';
import { restartsSample } from '../gates/criterion-samples.ts';
import { readySample } from '../gates/ready-samples.ts';
import { failedToAsk, type Sample } from '../gates/sample.ts';
import type { ClusterWatch, LogCount } from '../ports/cluster.ts';
import type { CommandRunner } from '../ports/commands.ts';
import type { HttpProbe } from '../ports/http-probe.ts';
import { changedAt, logsSince } from '../session/change-moment.ts';
import { frameValues } from '../session/spec.ts';
import type { FrameState, SessionState } from '../session/state.ts';
import { wordsOf } from './error-words.ts';

export interface Sources {
  /** Null: this run has no cluster. */
  readonly cluster: ClusterWatch | null;
  readonly http: HttpProbe;
  readonly runner: Pick<CommandRunner, 'probe'>;
}

/** Where a check is asked: its values, and from when on its logs count. */
export interface AskedAt {
  readonly session: SessionState;
  readonly frame: FrameState;
  readonly step: string;
  /** UTC ms. */
  readonly at: number;
}

/** BLIND, until `else` checks are judged or somebody has looked. */
export const noMetricsServer =
  'no metrics server is known: give --prometheus URL, PROMETHEUS_URL, or the setting prometheus';

const httpLimitMs = 5_000;
const commandLimitMs = 30_000;

/** From when on what is read is of after the last change, UTC ms; the cluster is asked to read it anew by then. */
const provenSince = (cluster: ClusterWatch | null, session: SessionState, at: number): number | null => {
  const from = provenFrom({ at, changedAt: changedAt(session) });
  if (from !== null) cluster?.proveSince(from);
  return from;
};

/** Checks of the watched state need no question; null for those that do. */
export const watchedSample = (check: GateCheck, { session, at }: AskedAt, { cluster }: Sources): Sample | null => {
  const facts = cluster?.facts() ?? null;
  const moment = { at, changedAt: changedAt(session) };
  provenSince(cluster, session, at);
  switch (check.kind) {
    case 'rollout':
      return rolloutSample(facts, check.workload, moment);
    case 'ready':
      if (check.selector !== null) cluster?.select(check.selector);
      return readySample(facts, check.selector, moment);
    case 'restarts':
      return restartsSample(check, facts, moment, session.startedAt ?? at);
    case 'metric':
      return failedToAsk(at, noMetricsServer);
    case 'deadline':
    case 'failing':
      return failedToAsk(at, 'this states a breach, not health');
    case 'logs':
    case 'http':
    case 'command':
      return null;
  }
};

type LogsCheck = Extract<GateCheck, { kind: 'logs' }>;

/** Null: this run has no cluster. Rejects when the pods cannot be listed. */
const countedLogs = async (
  { selector, none: pattern, since }: LogsCheck,
  { session, frame, step, at }: AskedAt,
  { cluster }: Sources,
  signal: AbortSignal,
): Promise<LogCount | null> => {
  if (cluster === null) return null;
  const provenFrom = provenSince(cluster, session, at);
  const from = logsSince(session, { frame: frame.number, step }, since, at);
  return cluster.countLogs({ selector, since: from, pattern, provenFrom }, signal);
};

const noCluster = 'there is no cluster to ask';

const failure = (at: number, error: unknown): Sample => {
  const { text, nextStep } = wordsOf(error);
  return failedToAsk(at, nextStep === null ? text : `${text}; ${nextStep}`);
};

/** Asks for the logs of a criterion. `pods`: that its selector selects; null = nobody knows. Never rejects. */
export const askedLogs = async (
  check: LogsCheck,
  asked: AskedAt,
  sources: Sources,
  signal: AbortSignal,
): Promise<{ readonly sample: Sample; readonly pods: number | null }> => {
  const { at } = asked;
  try {
    const answer = await countedLogs(check, asked, sources, signal);
    if (answer === null) return { sample: failedToAsk(at, noCluster), pods: null };
    return { sample: logCriterion(answer, at), pods: answer.pods };
  } catch (error) {
    return { sample: failure(at, error), pods: null };
  }
};

/** Asks a source; what goes wrong on the way is an ERROR sample, never an exception. */
export const askedSample = async (
  check: Extract<GateCheck, { kind: 'logs' | 'http' | 'command' }>,
  asked: AskedAt,
  sources: Sources,
  signal: AbortSignal,
): Promise<Sample> => {
  const { at } = asked;
  try {
    switch (check.kind) {
      case 'http':
        return webSample(check, await sources.http(check.url, { timeoutMs: httpLimitMs, signal }), at);
      case 'command': {
        const values = frameValues(asked.session, asked.frame);
        return commandSample(check, await sources.runner.probe(check.run, values, commandLimitMs), commandLimitMs, at);
      }
      case 'logs': {
        const answer = await countedLogs(check, asked, sources, signal);
        return answer === null ? failedToAsk(at, noCluster) : logSample(answer, at);
      }
    }
  } catch (error) {
    return failure(at, error);
  }
};
