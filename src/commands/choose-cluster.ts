import { homedir } from 'node:os';
import type { Kubeconfig } from '../cluster/pin/kubeconfig.ts';
import type { PinnedContext } from '../cluster/pin/pinned-context.ts';
import type { Face } from '../engine/face.ts';
import type { Input, Runbook, Target } from '../runbook/model.ts';
import { ExpectedError, exitCodes } from '../text/errors.ts';
import { safeLine, safeText } from '../text/safe-text.ts';

export interface ClusterChoice {
  readonly context: PinnedContext;
  /** Kubeconfig files that others on this machine can read (W604). */
  readonly exposed: readonly string[];
}

export interface ClusterQuestion {
  readonly runbook: Runbook;
  /** From `--context` or the runbook; null = to be asked. */
  readonly named: string | null;
  readonly face: Face;
  /** A screen is there to ask on. */
  readonly canAsk: boolean;
  readonly isProduction: (context: string) => boolean;
}

/** A target that says something of a cluster; one with other pins only needs none. */
const needsCluster = (target: Target): boolean =>
  target.context !== null || target.namespace !== null || target.workloads.length > 0 || target.permissions.length > 0;

/**
 * The context to be pinned: named, else asked for, never the current one unseen. `none` without a cluster: nothing names
 * one, or there is no kubeconfig to choose from. Null when the operator goes back. Throws `ExpectedError` E601, E603.
 */
export const chooseCluster = async (question: ClusterQuestion): Promise<ClusterChoice | 'none' | null> => {
  const { runbook, named } = question;
  if (named === null && (runbook.target === null || !needsCluster(runbook.target))) return 'none';
  const { kubeconfigPaths, readKubeconfig } = await import('../cluster/pin/kubeconfig.ts');
  const kubeconfig = readKubeconfig(kubeconfigPaths(process.env, homedir()));
  if (named === null && kubeconfig.contexts.size === 0) return 'none';
  const context = named ?? (await askContext(kubeconfig, question));
  if (context === null) return null;
  const { pinnedContext } = await import('../cluster/pin/pinned-context.ts');
  return { context: pinnedContext(kubeconfig, context), exposed: kubeconfig.exposed };
};

const askContext = async (kubeconfig: Kubeconfig, question: ClusterQuestion): Promise<string | null> => {
  const { runbook, face, canAsk, isProduction } = question;
  const names = [...kubeconfig.contexts.keys()];
  if (!canAsk)
    throw new ExpectedError('the runbook does not name its cluster, and nobody can be asked', {
      exit: exitCodes.usage,
      nextStep: `Pass --context NAME (have: ${names.slice(0, 20).join(', ')})`,
    });
  const { current } = kubeconfig;
  const filled = await face.askInputs({
    title: safeLine(runbook.title),
    summary: safeText('In which cluster? The run is bound to it: nothing in another terminal moves it.'),
    fields: [
      {
        input: { ...contextInput, choices: names },
        // A production cluster is chosen, never taken because it happens to be the current one.
        value: current !== null && names.includes(current) && !isProduction(current) ? current : '',
        last: null,
      },
    ],
    validate: (_, value) =>
      names.includes(value)
        ? { ok: true, value, secret: false, warning: null }
        : { ok: false, message: safeText('E601 not in your kubeconfig'), nextStep: safeText('Choose one of the list') },
  });
  return filled?.values[contextInput.name] ?? null;
};

const contextInput: Input = {
  name: 'context',
  variable: '',
  type: 'choice',
  prompt: 'Kubernetes context',
  example: null,
  default: null,
  pattern: null,
  choices: [],
  from: null,
  askedAtStep: false,
  line: 1,
};
