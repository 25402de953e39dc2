import type { ClusterOption, Command, TargetSelection } from '../runbook/command-model.ts';
import type { PendingCommand } from './main-action.ts';
import type { FrameState, SessionState } from './state.ts';

export { outranksKubeconfig } from '../runbook/environment.ts';

/** Where a run is bound to act; null = by name only. */
export interface Binding {
  readonly context: string;
  readonly namespace: string | null;
}

export const bindingOf = (state: SessionState): Binding | null => {
  const target = state.run?.target;
  return target?.pinned === true && target.context !== null
    ? { context: target.context, namespace: target.namespace }
    : null;
};

/** A target step that selects something else than the run is bound to. Unknown of a binding, nothing differs. */
export const selectsElsewhere = (
  { binding }: Pick<FrameState, 'binding'>,
  command: Command,
): TargetSelection | null => {
  if (binding === null) return null;
  return command.selects.find((selection) => !isBound(binding, selection)) ?? null;
};

const isBound = ({ context, namespace }: Binding, { kind, name }: TargetSelection): boolean => {
  switch (kind) {
    case 'context':
      return name === context;
    case 'namespace':
      return name === (namespace ?? 'default');
    case 'credentials':
      // Clouds build the context's name around the cluster's: arn:…:cluster/NAME, gke_PROJECT_ZONE_NAME.
      return name !== null && context.split(/[/_:]/).includes(name);
  }
};

/** E416 and E417 against the real pin; null when the command stays where the run is bound to. */
export const pinProblem = (
  state: SessionState,
  frame: Pick<FrameState, 'binding'>,
  command: Command,
): PendingCommand['blocked'] => {
  const elsewhere = otherProblem(state, command);
  if (elsewhere !== null) return elsewhere;
  const { binding } = frame;
  if (binding === null) return null;
  const other = command.targetStep ? selectsElsewhere(frame, command) : null;
  if (other !== null) return moved(binding, other);
  for (const target of command.targets) {
    const words = target.of === 'other' ? null : differs(state, binding, target);
    if (words !== null)
      return { code: 'E416', because: words, nextStep: `e edits it: drop ${target.option}; S skips the step` };
  }
  return null;
};

const moved = (binding: Binding, { kind, name }: TargetSelection): NonNullable<PendingCommand['blocked']> => {
  const what = kind === 'namespace' ? 'namespace' : kind === 'credentials' ? 'cluster' : 'context';
  const to = name === null ? `another ${what}` : `${what} "${name}"`;
  const bound = kind === 'namespace' ? (binding.namespace ?? 'default') : binding.context;
  const option = kind === 'namespace' ? '--namespace' : '--context';
  return {
    code: 'E417',
    because: `it selects ${to}, the run is pinned to "${bound}"`,
    nextStep: `Start again with ${option} ${name ?? 'NAME'}, or S skips the step with a reason`,
  };
};

/** E416 against what else the run is pinned to: an account, a project, an engine. */
const otherProblem = (state: SessionState, { targets }: Command): PendingCommand['blocked'] => {
  for (const target of targets) {
    if (target.of !== 'other' || target.value === null) continue;
    const pinned = state.pin?.others.find(({ kind }) => kind === target.pin);
    if (pinned === undefined || isPart(pinned.identity, target.part, target.value)) continue;
    const what = target.part ?? target.option.replace(/^-+|=$/g, '');
    return {
      code: 'E416',
      because: `step targets ${target.pin} ${what} "${target.value}", run is pinned to ${pinned.identity}`,
      nextStep: `e edits it: drop ${target.option}; S skips the step`,
    };
  }
  return null;
};

/** Of `account 123456789012, region eu-west-1`. */
const isPart = (identity: string, part: string | null, value: string): boolean =>
  part !== null && identity.split(', ').includes(`${part} ${value}`);

/** Why the option leads elsewhere; null when it does not, or when the command's own kubeconfig will not let it. */
const differs = (state: SessionState, binding: Binding, { of, value }: ClusterOption): string | null => {
  const server = state.pin?.server ?? null;
  switch (of) {
    case 'context':
      return value === null || value === binding.context
        ? null
        : `step targets context "${value}", run is pinned to "${binding.context}"`;
    case 'server':
      return value === server && value !== null
        ? null
        : `step targets server ${value === null ? 'of its own' : `"${value}"`}, run is pinned to "${server ?? binding.context}"`;
    case 'kubeconfig':
      return `step brings a kubeconfig of its own${value === null ? '' : ` (${value})`}, run is pinned to "${binding.context}"`;
    case 'cluster':
      return value === null || value === binding.context
        ? null
        : `step targets cluster "${value}", run is pinned to "${binding.context}"`;
    case 'user':
    case 'as': {
      const user = state.pin?.user ?? null;
      return value === null || value === user
        ? null
        : `step acts as "${value}", run is pinned as ${user === null ? 'its own user' : `"${user}"`}`;
    }
  }
};
