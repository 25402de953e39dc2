import type { Finding } from './finding.ts';
import { toolNamed } from './tables/index.ts';
import type { Seen, Walked } from './walk.ts';

const contextOptions: Readonly<Record<string, string>> = {
  kubectl: '--context',
  k: '--context',
  kubecolor: '--context',
  oc: '--context',
  'kubectl-argo-rollouts': '--context',
  helm: '--kube-context',
  helmfile: '--kube-context',
  flux: '--context',
  istioctl: '--context',
  linkerd: '--context',
  cilium: '--context',
  velero: '--kubecontext',
  stern: '--context',
  k9s: '--context',
  argo: '--context',
  tkn: '--context',
};

/** `--context X` of a command; null value: not known before it runs. */
export interface ContextUse {
  readonly option: string;
  readonly value: string | null;
  readonly offset: number;
}

/** The contexts that the commands of a script name themselves. */
export const contextsOf = (walked: Walked): readonly ContextUse[] =>
  walked.seen.flatMap(({ name, call, offset, remote }) => {
    const option = Object.hasOwn(contextOptions, name) ? contextOptions[name] : undefined;
    if (option === undefined || remote) return [];
    const values = call.args.map(({ value }) => value);
    const at = values.indexOf(option);
    const joined = values.find((value) => value?.startsWith(`${option}=`));
    if (at < 0 && joined === undefined) return [];
    const value = joined?.slice(option.length + 1) ?? values[at + 1] ?? null;
    return [{ option, value, offset }];
  });

/** E416: a context that is not the runbook's. Contexts that are only known at run time are checked there. */
export const contextFindings = (uses: readonly ContextUse[], pinned: string | null): Finding[] =>
  uses
    .filter(({ value }) => pinned !== null && value !== null && !value.includes('\0') && value !== pinned)
    .map(({ option, value, offset }) => ({
      number: 416,
      severity: 'error' as const,
      offset,
      message: `step targets context "${value}", run is pinned to "${pinned}"`,
      hint: `drop ${option}, or use "$CONTEXT"`,
    }));

export interface TargetSteps {
  /** It only selects a target (and looks): ticked instead of run. */
  readonly only: boolean;
  readonly finding: Finding | null;
}

/** For one command only, as `KUBECONFIG=… kubectl`: E416, nothing of it stays for those after it. */
export const forOneCommand: ReadonlySet<string> = new Set(['env', 'sudo', 'doas']);

const kubeconfigSets = (walked: Walked, assigned: ReadonlySet<string>): boolean =>
  assigned.has('KUBECONFIG') ||
  walked.seen.some(
    ({ name, call }) => !forOneCommand.has(name) && call.args.some(({ value }) => value?.startsWith('KUBECONFIG=')),
  );

/** Commands that select the cluster for those after them: `kubectl config use-context`, `export KUBECONFIG=…`. */
export const targetSteps = (walked: Walked, sets: readonly string[], changesOther: boolean): TargetSteps => {
  const exportsConfig = kubeconfigSets(walked, new Set(sets));
  if (!walked.marks.has('target') && !exportsConfig) return { only: false, finding: null };
  const seen = walked.seen.find((candidate) => isTarget(candidate)) ?? walked.seen[0];
  const what = exportsConfig && !walked.marks.has('target') ? 'KUBECONFIG' : (seen?.name ?? 'KUBECONFIG');
  const finding: Finding = {
    number: 417,
    severity: 'error',
    offset: seen?.offset ?? 0,
    message: `${what}: changes the target of the commands after it`,
    hint: changesOther ? 'put it into a fence of its own' : 'name the target in the front matter: target.context',
  };
  return { only: !changesOther, finding };
};

const isTarget = ({ name }: Seen): boolean => {
  const tool = toolNamed(name);
  return tool?.target !== undefined;
};
