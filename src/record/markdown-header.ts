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

/** What the first lines under the title say. */
export const introduction = (record: DeploymentRecord): readonly string[] => {
  const { identity, times, outcome, people } = record;
  const clock = offsetWords(times.operatorUtcOffset);
  const zone = clock === 'UTC' ? 'Times are UTC.' : `Times are UTC; the operator's clock showed ${clock}.`;
  const lines: string[] = [];
  if (record.interim)
    lines.push(`**INTERIM: the run has not ended.** This is how it stood at ${stamp(times.lastEvent)}.`);
  if (outcome.reason !== null) lines.push(`**Reason:** ${prose(outcome.reason)}`);
  lines.push(`Deployment record of run ${code(identity.run)}, gonogo ${prose(identity.tool)}. ${zone}`);
  const last = people.operators.at(-1);
  if (record.journal.continued.length > 0 && last !== undefined)
    lines.push('The journal could not be written where it was begun and goes on in another folder.');
  return lines;
};

const value = (found: DeploymentRecord['change']['version']): string =>
  found === null ? 'not recorded' : code(clipped(found.value, 500));

const person = (record: DeploymentRecord): string => {
  const { operators, user, host } = record.people;
  const names = operators.map(({ name, from }, i) =>
    i === 0 ? prose(name) : `${prose(name)} from ${clockTime(record, from)}`,
  );
  const kube = record.people.kubeUser === null ? '' : `, Kubernetes user ${code(record.people.kubeUser)}`;
  return `${names.join(', ')} (user ${code(user)} on ${code(host)}${kube})`;
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
    context === null ? '' : `context ${code(context)}`,
    namespace === null ? '' : `namespace ${code(namespace)}`,
    workloads.map(code).join(', '),
    variables.length === 0 ? '' : `from the environment: ${variables.map(code).join(', ')}`,
  ].filter((part) => part !== '');
  const name = environment === null ? 'not recorded' : prose(environment);
  const named = production && environment?.toLowerCase() !== 'production' ? `${name} (production)` : name;
  const basis =
    parts.length === 0 ? '' : `: ${parts.join(', ')}${pinned ? '' : ' (by name, not checked against the cluster)'}`;
  return named + basis;
};

const approvalWords = (record: DeploymentRecord, approval: RecordApproval): string => {
  const role = approval.role === '' ? '' : ` as ${prose(approval.role)}`;
  const reason = approval.reason === null || approval.reason === '' ? '' : `: ${prose(approval.reason)}`;
  const voided = approval.voided === null ? '' : `, later voided: ${prose(approval.voided)}`;
  return `${prose(approval.known)}${role}, ${clockTime(record, approval.at)}${reason}${voided}`;
};

/** The head of the record a ticket gets, one fact a line. */
export const facts = (record: DeploymentRecord): readonly string[] => {
  const { identity, change, times } = record;
  const commit = change.commit === null ? '' : ` (commit ${code(change.commit.value)})`;
  const performed = record.rollback.performed;
  const after = performed?.outcome === 'done' && record.outcome.result === 'rolled-back' ? ', running again' : '';
  const lines = [
    `**Ticket:** ${identity.ticket === null ? 'not recorded' : prose(identity.ticket)}`,
    `**Deployed by:** ${person(record)}`,
    `**Timestamp:** ${when(record)}`,
    `**Environment:** ${where(record)}`,
    `**Version:** ${value(change.version)}${commit}${after === '' ? '' : ', taken back'}`,
    `**Previous version:** ${value(change.previousVersion)}${change.previousVersion === null ? '' : after}`,
  ];
  for (const approval of record.approvals) lines.push(`**Approval:** ${approvalWords(record, approval)}`);
  if (times.pauses.length > 0)
    lines.push(
      `**On hold:** ${times.pauses.map((p) => `${clockTime(record, p.from)} to ${p.to === null ? 'the end' : clockTime(record, p.to)}: ${prose(p.reason)}`).join('; ')}`,
    );
  if (times.unwatched > 0)
    lines.push(
      `**Unwatched:** ${spoken(times.unwatched)}: ${times.gaps.map((gap) => `${clockTime(record, gap.from)} to ${clockTime(record, gap.to)} (${gap.kind})`).join(', ')}`,
    );
  return lines;
};
