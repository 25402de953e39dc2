import { spoken } from '../../text/duration.ts';
import { numberOf, partOf, partsOf, type Raw, textOf, textsOf, timeOf } from './raw.ts';
import { type SeenEvent, seenEvent } from './seen-event.ts';
import { controllerOf } from './seen-pod.ts';
import { selectorText } from './selector.ts';

const labelled = (label: string, value: string | null, indent = 0): readonly string[] =>
  value === null ? [] : [`${' '.repeat(indent)}${`${label}:`.padEnd(18 - indent)} ${value}`];

const ago = (at: number | null, now: number): string | null => (at === null ? null : `${spoken(now - at)} ago`);

const entries = (values: Readonly<Record<string, string>>): string | null => {
  const texts = Object.entries(values).map(([key, value]) => `${key}=${value}`);
  return texts.length === 0 ? null : texts.join(', ');
};

const replicaText = (object: Raw): string | null => {
  const status = partOf(object, 'status');
  const wanted = numberOf(partOf(object, 'spec').replicas) ?? numberOf(status.desiredNumberScheduled);
  if (wanted === null) return null;
  const count = (name: string, ...keys: readonly string[]): string =>
    `${keys.map((key) => numberOf(status[key])).find((value) => value !== null) ?? 0} ${name}`;
  return [
    `${wanted} desired`,
    count('updated', 'updatedReplicas', 'updatedNumberScheduled'),
    count('total', 'replicas', 'currentNumberScheduled'),
    count('ready', 'readyReplicas', 'numberReady'),
    count('available', 'availableReplicas', 'numberAvailable'),
  ].join(', ');
};

const phaseText = (status: Raw): string | null =>
  [textOf(status.phase), textOf(status.reason), textOf(status.message)].filter((part) => part !== null).join(', ') ||
  null;

/** Name, age, owner, labels, node, what it wants and how it stands. */
export const headLines = (object: Raw, now: number): readonly string[] => {
  const metadata = partOf(object, 'metadata');
  const spec = partOf(object, 'spec');
  const owner = controllerOf(metadata);
  const deleted = timeOf(metadata.deletionTimestamp);
  return [
    ...labelled('Name', textOf(metadata.name)),
    ...labelled('Namespace', textOf(metadata.namespace)),
    ...labelled('Created', ago(timeOf(metadata.creationTimestamp), now)),
    ...labelled(
      'Terminating by',
      deleted === null ? null : new Date(deleted).toISOString().slice(0, 19).replace('T', ' '),
    ),
    ...labelled('Controlled by', owner === null ? null : `${textOf(owner.kind)}/${textOf(owner.name)}`),
    ...labelled('Node', textOf(spec.nodeName)),
    ...labelled('Labels', entries(textsOf(metadata.labels))),
    ...labelled('Selector', selectorText(partOf(spec, 'selector'))),
    ...labelled('Generation', numberOf(metadata.generation)?.toString() ?? null),
    ...labelled('Paused', spec.paused === true ? 'yes' : null),
    ...labelled('Replicas', replicaText(object)),
    ...labelled('Status', phaseText(partOf(object, 'status'))),
  ];
};

const stateText = (state: Raw, now: number): string | null => {
  const [name] = Object.keys(state);
  if (name === undefined) return null;
  const detail = partOf(state, name);
  const exit = numberOf(detail.exitCode);
  const parts = [
    textOf(detail.reason),
    exit === null ? null : `exit ${exit}`,
    name === 'running' ? ago(timeOf(detail.startedAt), now) : ago(timeOf(detail.finishedAt), now),
    textOf(detail.message),
  ].filter((part) => part !== null);
  return parts.length === 0 ? name : `${name}: ${parts.join(', ')}`;
};

const amounts = (container: Raw, which: 'requests' | 'limits'): string | null =>
  entries(textsOf(partOf(container, 'resources', which)));

const probeText = (probe: Raw): string | null => {
  const kind = ['httpGet', 'tcpSocket', 'exec', 'grpc'].find((key) => key in probe);
  if (kind === undefined) return null;
  const target = partOf(probe, kind);
  const where = [target.path, target.port === undefined ? undefined : `port ${String(target.port)}`];
  const told = where.filter((part) => part !== undefined).join(' ');
  return `${kind} ${told} every ${numberOf(probe.periodSeconds) ?? 10} s, fails after ${numberOf(probe.failureThreshold) ?? 3}`;
};

const oneContainer = (container: Raw, status: Raw | undefined, now: number): readonly string[] => [
  `  ${textOf(container.name) ?? ''}`,
  ...labelled('Image', textOf(container.image), 4),
  ...labelled('State', stateText(partOf(status, 'state'), now), 4),
  ...labelled('Last state', stateText(partOf(status, 'lastState'), now), 4),
  ...(status === undefined
    ? []
    : labelled('Ready', `${status.ready === true}, ${numberOf(status.restartCount) ?? 0} restarts`, 4)),
  ...labelled('Requests', amounts(container, 'requests'), 4),
  ...labelled('Limits', amounts(container, 'limits'), 4),
  ...labelled('Startup', probeText(partOf(container, 'startupProbe')), 4),
  ...labelled('Readiness', probeText(partOf(container, 'readinessProbe')), 4),
  ...labelled('Liveness', probeText(partOf(container, 'livenessProbe')), 4),
];

/** Containers of a pod or of a pod template, with what the kubelet says of them. */
export const containerLines = (object: Raw, now: number): readonly string[] => {
  const status = partOf(object, 'status');
  const spec = partOf(object, 'spec');
  const podSpec = Array.isArray(spec.containers) ? spec : partOf(spec, 'template', 'spec');
  const statuses = [...partsOf(status.initContainerStatuses), ...partsOf(status.containerStatuses)];
  const lines = (containers: readonly Raw[]) =>
    containers.flatMap((container) =>
      oneContainer(
        container,
        statuses.find(({ name }) => name === container.name),
        now,
      ),
    );
  const init = lines(partsOf(podSpec.initContainers));
  const main = lines(partsOf(podSpec.containers));
  return [
    ...(init.length === 0 ? [] : ['Init containers:', ...init]),
    ...(main.length === 0 ? [] : ['Containers:', ...main]),
  ];
};

export const conditionLines = (object: Raw, now: number): readonly string[] => {
  const lines = partsOf(partOf(object, 'status').conditions).map((condition) => {
    const why = [textOf(condition.reason), textOf(condition.message)].filter((part) => part !== null).join(': ');
    const since = ago(timeOf(condition.lastTransitionTime), now);
    return `  ${textOf(condition.type) ?? ''} ${textOf(condition.status) ?? ''}${since === null ? '' : ` (${since})`}${why === '' ? '' : `  ${why}`}`;
  });
  return lines.length === 0 ? [] : ['Conditions:', ...lines];
};

const eventLine = ({ type, reason, message, at, count }: SeenEvent, now: number): string =>
  `  ${type} ${reason} ${ago(at, now)}${count > 1 ? ` x${count}` : ''}  ${message}`;

/** @param events a text instead of them says why they cannot be read */
export const eventLines = (events: readonly Raw[] | string, now: number): readonly string[] => {
  if (typeof events === 'string') return ['Events:', `  cannot be read: ${events}`];
  const seen = events.flatMap((event) => seenEvent(event) ?? []).sort((left, right) => left.at - right.at);
  return ['Events:', ...(seen.length === 0 ? ['  none'] : seen.map((event) => eventLine(event, now)))];
};
