import { spoken } from '../text/duration.ts';
import { clipped, code, prose } from './markdown-text.ts';
import type { DeploymentRecord, RecordApproval } from './record.ts';
import { offsetWords } from './times.ts';

const outcomes = {
  succeeded: 'SUCCEEDED',
  partial: 'PARTIAL',
  failed: 'FAILED',
  aborted: 'ABORTED',
  'rolled-back': 'ROLLED BACK',
  interim: 'INTERIM',
} as const;

export const count = (n: number, one: string, many = `${one}s`): string => `${n} ${n === 1 ? one : many}`;

/** `registry/checkout:v2.3.1` and `v2.3.1` name the same version: the tag, or the start of the digest. */
const shortVersion = (value: string): string => {
  const line = value.split(/\s/)[0] ?? value;
  const digest = /@sha256:([0-9a-f]{12})[0-9a-f]*$/.exec(line);
  if (digest !== null) return `sha256:${digest[1]}`;
  const tag = line.includes('/') ? /:([\w][\w.-]*)$/.exec(line) : null;
  return clipped(tag?.[1] ?? line, 60);
};

const subject = ({ change, identity }: DeploymentRecord): string => {
  if (change.service === null && change.version === null) return prose(clipped(identity.runbook?.title ?? 'run', 100));
  const to = change.version === null ? '' : code(shortVersion(change.version.value));
  const from = change.previousVersion === null ? '' : code(shortVersion(change.previousVersion.value));
  const versions = from !== '' && to !== '' ? `${from} → ${to}` : to !== '' ? to : from === '' ? '' : `from ${from}`;
  return [change.service === null ? '' : prose(clipped(change.service.value, 80)), versions].filter(Boolean).join(' ');
};

const how = (record: DeploymentRecord): string => {
  const { outcome, rollback } = record;
  if (outcome.result === 'rolled-back' && record.change.version !== null) return ', taken back';
  const unfinished = outcome.result === 'aborted' || outcome.result === 'failed' || outcome.result === 'interim';
  if (!unfinished) return '';
  if (rollback.performed !== null) return `, rollback ${rollback.performed.outcome ?? 'under way'}`;
  return outcome.changes === 0 ? ', no changing command ran' : `, after ${count(outcome.changes, 'change')}`;
};

/** Outcome, service, from → to, duration, overrides, owed. */
export const firstLine = (record: DeploymentRecord): string => {
  const { outcome, deviations, owed, times } = record;
  const overrides = outcome.overrides === 0 ? 'no overrides' : count(outcome.overrides, 'override');
  const others = deviations.filter(({ kind }) => kind !== 'override').length;
  const other = others === 0 ? '' : `, ${count(others, outcome.overrides === 0 ? 'deviation' : 'other deviation')}`;
  const owing = owed.length === 0 ? 'nothing owed' : `${owed.length} owed`;
  const result = `${outcomes[outcome.result]}: ${subject(record)}${how(record)}`;
  return `## ${result}, ${spoken(times.duration)}, ${overrides}${other}, ${owing}`;
};

/** `2026-11-20T03:09:12Z`: to the second, which is what a person reads. */
export const stamp = (time: string): string => `${time.slice(0, 19)}Z`;

/** `03:14:02`, with the date when it is another day than the start. */
export const clockTime = (record: DeploymentRecord, time: string): string =>
  time.slice(0, 10) === record.times.created.slice(0, 10)
    ? time.slice(11, 19)
    : `${time.slice(0, 10)} ${time.slice(11, 19)}`;

/** The head stays short, whatever it holds: the whole texts stand in the JSON. */
const most = 10;
const shortText = (text: string): string => prose(clipped(text, 300));
const shortCode = (text: string): string => code(clipped(text, 300));
const few = (texts: readonly string[], separator: string): string =>
  texts.length <= most
    ? texts.join(separator)
    : `${texts.slice(0, most).join(separator)}${separator}and ${texts.length - most} more`;

/** What the first lines under the title say. */
export const introduction = (record: DeploymentRecord): readonly string[] => {
  const { identity, times, outcome } = record;
  const clock = offsetWords(times.operatorUtcOffset);
  const zone = clock === 'UTC' ? 'Times are UTC.' : `Times are UTC; the operator's clock showed ${clock}.`;
  const lines: string[] = [];
  if (record.interim)
    lines.push(`**INTERIM: the run has not ended.** This is how it stood at ${stamp(times.lastEvent)}.`);
  if (outcome.reason !== null) lines.push(`**Reason:** ${prose(clipped(outcome.reason, 2000))}`);
  lines.push(`Deployment record of run ${shortCode(identity.run)}, gonogo ${shortText(identity.tool)}. ${zone}`);
  if (record.journal.continued.length > 0)
    lines.push('The journal could not be written where it was begun and goes on in another folder.');
  return lines;
};

const value = (found: DeploymentRecord['change']['version']): string =>
  found === null ? 'not recorded' : shortCode(found.value);

const person = (record: DeploymentRecord): string => {
  const { operators, user, host } = record.people;
  const names = operators.map(({ name, from }, i) =>
    i === 0 ? shortText(name) : `${shortText(name)} from ${clockTime(record, from)}`,
  );
  const kube = record.people.kubeUser === null ? '' : `, Kubernetes user ${shortCode(record.people.kubeUser)}`;
  return `${few(names, ', ')} (user ${shortCode(user)} on ${shortCode(host)}${kube})`;
};

const when = (record: DeploymentRecord): string => {
  const { created, firstChange, finished } = record.times;
  const change =
    firstChange === null ? ', no changing command ran' : `, first change ${clockTime(record, firstChange)}`;
  const end = finished === null ? ', not ended' : `, ended ${clockTime(record, finished)}`;
  return `${stamp(created)}${change}${end}`;
};

const where = (record: DeploymentRecord): string => {
  const { environment, production, context, namespace, workloads, pinned, variables } = record.target;
  const parts = [
    context === null ? '' : `context ${shortCode(context)}`,
    namespace === null ? '' : `namespace ${shortCode(namespace)}`,
    few(workloads.map(shortCode), ', '),
    variables.length === 0 ? '' : `from the environment: ${few(variables.map(shortCode), ', ')}`,
  ].filter((part) => part !== '');
  const name = environment === null ? 'not recorded' : shortText(environment);
  const named = production && environment?.toLowerCase() !== 'production' ? `${name} (production)` : name;
  const basis =
    parts.length === 0 ? '' : `: ${parts.join(', ')}${pinned ? '' : ' (by name, not checked against the cluster)'}`;
  return named + basis;
};

const approvalWords = (record: DeploymentRecord, approval: RecordApproval): string => {
  const role = approval.role === '' ? '' : ` as ${shortText(approval.role)}`;
  const reason = approval.reason === null || approval.reason === '' ? '' : `: ${shortText(approval.reason)}`;
  const voided = approval.voided === null ? '' : `, later voided: ${shortText(approval.voided)}`;
  return `${shortText(approval.known)}${role}, ${clockTime(record, approval.at)}${reason}${voided}`;
};

const lockLine = (record: DeploymentRecord, lock: NonNullable<DeploymentRecord['lock']>): string => {
  const where = lock.where === null ? '' : lock.where === 'cluster' ? ', in the cluster' : ', on this host only';
  const epoch = lock.epoch === null ? '' : `, epoch ${lock.epoch}`;
  const history = lock.history.map(({ at, what }) => `${what} ${clockTime(record, at)}`);
  return `${lock.unlocked ? '**UNLOCKED** ' : ''}${shortCode(lock.scope)}${where}${epoch}: ${few(history, ', ')}`;
};

/** The head of the record a ticket gets, one fact a line. */
export const facts = (record: DeploymentRecord): readonly string[] => {
  const { identity, change, times } = record;
  const commit = change.commit === null ? '' : ` (commit ${shortCode(change.commit.value)})`;
  const performed = record.rollback.performed;
  const after = performed?.outcome === 'done' && record.outcome.result === 'rolled-back' ? ', running again' : '';
  const lines = [
    `**Ticket:** ${identity.ticket === null ? 'not recorded' : shortText(identity.ticket)}`,
    `**Deployed by:** ${person(record)}`,
    `**Timestamp:** ${when(record)}`,
    `**Environment:** ${where(record)}`,
    `**Version:** ${value(change.version)}${commit}${after === '' ? '' : ', taken back'}`,
    `**Previous version:** ${value(change.previousVersion)}${change.previousVersion === null ? '' : after}`,
  ];
  const { metrics } = record.target;
  if (metrics !== null) {
    const cluster =
      metrics.sameCluster === null
        ? ', not asked whether it knows this cluster'
        : ', asked whether it knows this cluster';
    lines.push(`**Metrics:** ${shortCode(metrics.name)} (${shortCode(metrics.url)}${cluster})`);
  }
  const approvals = record.approvals.map((approval) => approvalWords(record, approval));
  for (const words of approvals.slice(-most)) lines.push(`**Approval:** ${words}`);
  if (approvals.length > most) lines.push(`**Approval:** ${approvals.length - most} more before these`);
  if (record.lock !== null) lines.push(`**Deploy lock:** ${lockLine(record, record.lock)}`);
  const pauses = times.pauses.map(
    ({ from, to, reason }) =>
      `${clockTime(record, from)} to ${to === null ? 'the end' : clockTime(record, to)}: ${shortText(reason)}`,
  );
  if (pauses.length > 0) lines.push(`**On hold:** ${few(pauses, '; ')}`);
  const gaps = times.gaps.map(
    ({ from, to, kind }) => `${clockTime(record, from)} to ${clockTime(record, to)} (${kind})`,
  );
  if (times.unwatched > 0) lines.push(`**Unwatched:** ${spoken(times.unwatched)}: ${few(gaps, ', ')}`);
  return lines;
};
