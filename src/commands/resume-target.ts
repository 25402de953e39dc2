import { existsSync, readFileSync } from 'node:fs';
import type { PinnedContext } from '../cluster/pin/pinned-context.ts';
import type { Recorded, RecordedOf, RunEvent } from '../session/events.ts';
import { sha256 } from '../session/exec-spec.ts';
import { pinPath } from '../shell/attempt-kubeconfig.ts';
import { ExpectedError, exitCodes } from '../text/errors.ts';
import type { RunParts } from './run-parts.ts';

/** What the run was bound to, its cluster maybe later than the rest; null without a target. */
export const pinnedIn = (events: readonly Recorded[]): RecordedOf<'target.pinned'>['data'] | null => {
  const all = events.flatMap((event) => (event.type === 'target.pinned' ? [event.data] : []));
  return all.find(({ identity }) => identity.clusterUid !== null) ?? all[0] ?? null;
};

/** The context a run was bound to, from its own folder. Throws `ExpectedError` when it is not the file that was written. */
export const resumedContext = async (runDir: string, events: readonly Recorded[]): Promise<PinnedContext | null> => {
  const expected = pinnedIn(events)?.kubeconfigSha256 ?? null;
  if (expected === null) return null;
  const path = pinPath(runDir);
  if (!existsSync(path) || sha256(readFileSync(path)) !== expected)
    throw new ExpectedError('the pinned kubeconfig of this run was changed or is gone', {
      place: path,
      exit: exitCodes.refused,
      nextStep: 'Start a new run; this one can be read and exported',
    });
  const { readKubeconfig } = await import('../cluster/pin/kubeconfig.ts');
  const { pinnedContext } = await import('../cluster/pin/pinned-context.ts');
  const kubeconfig = readKubeconfig([path]);
  return pinnedContext(kubeconfig, kubeconfig.current ?? '');
};

export interface TargetAgain {
  readonly events: readonly RunEvent[];
  /** For the page of what happened meanwhile. */
  readonly notices: readonly string[];
}

/** Whoever comes back is told first whether the target is still the one the run was started on. */
export const checkTargetAgain = async (
  { target, runner, engine }: RunParts,
  events: readonly Recorded[],
): Promise<TargetAgain> => {
  const bound = pinnedIn(events);
  if (bound === null) return { events: [], notices: [] };
  const pin = target.bind(bound.identity, runner);
  const check = await pin.check(0);
  const frame = Math.max(0, engine.view().session.frame);
  switch (check.kind) {
    case 'same':
      return { events: [{ type: 'target.pinned', frame, data: { ...bound, identity: pin.identity } }], notices: [] };
    case 'mismatch': {
      const { code, expected, found } = check;
      return {
        events: [{ type: 'target.mismatch', frame, data: { code, expected, found } }],
        notices: [`${code} STOP: the target is ${found}, the run was started on ${expected}`],
      };
    }
    case 'unreachable': {
      const next = check.nextStep === null ? '' : `. ${check.nextStep}`;
      return { events: [], notices: [`the target cannot be verified now: ${check.because}${next}`] };
    }
  }
};
