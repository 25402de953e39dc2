import { buildCommand } from '../runbook/command.ts';
import type { Action, Phase, Runbook, Step } from '../runbook/model.ts';
import type { EventData } from './events.ts';
import type { SessionState } from './state.ts';

type Stored = EventData['workload.stored'];

/** Only such names are written into a command: they come from the runbook and from the cluster. */
const plainName = /^[a-z]+\/[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/;
const plainImage = /^[\w][\w./:@+-]*$/;

/** Workloads whose specs before the first change lead back; others would need a guess. */
export const restorable = (state: SessionState): readonly Stored[] =>
  state.stored.filter((stored) => scriptsFor(stored, '').length > 0);

/** The rollback that is made of what was stored before the first change: one step a workload. */
export const storedRunbook = (runbook: Runbook, state: SessionState): Runbook => {
  const namespace = state.run?.target.namespace == null ? '' : ' -n "$NAMESPACE"';
  const phase: Phase = {
    number: 1,
    title: 'Back to the specs before the first change',
    name: null,
    anchor: 'stored-specs',
    line: runbook.phases[0]?.line ?? 1,
    offPath: null,
    choice: null,
    at: null,
    atMs: null,
    when: null,
    owe: null,
    critical: false,
    prose: '',
    steps: restorable(state).map((stored, index) => stepFor(runbook, stored, index, namespace)),
    phases: [],
  };
  return { ...runbook, kind: 'rollback', rollback: null, phases: [phase] };
};

const stepFor = (runbook: Runbook, stored: Stored, index: number, namespace: string): Step => ({
  id: `1.${index + 1}`,
  name: null,
  anchor: `stored-${index + 1}`,
  title: `${stored.workload} back to ${stored.images.join(', ') || `revision ${stored.revision}`}`,
  kind: 'command',
  line: 1,
  optional: false,
  critical: false,
  when: null,
  owe: null,
  prose: '',
  actions: scriptsFor(stored, namespace).map((script) => actionFor(runbook, script)),
  undo: [],
  steps: [],
});

const actionFor = (runbook: Runbook, script: string): Action => ({
  kind: 'command',
  line: 1,
  command: buildCommand({
    script,
    shell: 'bash',
    lines: [],
    attributes: {},
    sample: null,
    plain: runbook.plain,
    inputs: runbook.inputs,
    place: () => ({ line: 1, column: 1 }),
  }).command,
});

/** Revision where the controller numbers them, else the images; then replicas, then wait. */
const scriptsFor = ({ workload, revision, containers, replicas }: Stored, namespace: string): readonly string[] => {
  const [kind = '', name = ''] = workload.split('/');
  if (!plainName.test(workload)) return [];
  const isArgo = kind === 'rollout';
  const images = containers.map((container) => `${container.name}=${container.image}`);
  const isNumbered = revision !== null && /^\d+$/.test(revision);
  const back = isNumbered
    ? isArgo
      ? `kubectl argo rollouts undo ${name} --to-revision=${revision}${namespace}`
      : `kubectl rollout undo ${workload} --to-revision=${revision}${namespace}`
    : images.length > 0 && containers.every(isPlain) && !isArgo
      ? `kubectl set image ${workload} ${images.join(' ')}${namespace}`
      : null;
  if (back === null) return [];
  return [
    back,
    ...(replicas === null ? [] : [`kubectl scale ${workload} --replicas=${replicas}${namespace}`]),
    isArgo
      ? `kubectl argo rollouts status ${name} --timeout=5m${namespace}`
      : `kubectl rollout status ${workload} --timeout=5m${namespace}`,
  ];
};

const isPlain = ({ name, image }: Stored['containers'][number]): boolean =>
  /^[a-z0-9-]+$/.test(name) && plainImage.test(image);
