import type { DeploymentRecord, RecordCommand, RecordFrame, RecordStep } from './record.ts';

/** A step in the order it was walked, with what it ran. */
export interface WalkedStep {
  readonly frame: RecordFrame;
  readonly step: RecordStep;
  readonly commands: readonly RecordCommand[];
}

const isChange = (command: RecordCommand): boolean =>
  command.risk !== 'read' && command.part === 'action' && command.started !== null;

/** Changing commands that ran, messages left out. */
export const changesOf = (record: DeploymentRecord): readonly RecordCommand[] => record.commands.filter(isChange);

/** Steps of a frame with those of its handoffs at their place, what is off the path and was never touched left out. */
export const walkedSteps = (record: DeploymentRecord, frame: RecordFrame): readonly WalkedStep[] =>
  frame.steps.flatMap((step): readonly WalkedStep[] => {
    if (step.offPath && step.status === 'open') return [];
    const commands = record.commands.filter((command) => step.attempts.includes(command.attempt));
    const inner = record.frames.filter(
      ({ purpose, parent }) => purpose === 'handoff' && parent?.frame === frame.number && parent.step === step.id,
    );
    return [{ frame, step, commands }, ...inner.flatMap((child) => walkedSteps(record, child))];
  });

export interface Stages {
  readonly before: readonly WalkedStep[];
  readonly during: readonly WalkedStep[];
  readonly after: readonly WalkedStep[];
}

/**
 * The way divided: the phase marked T-0 is the deployment. Without one it is what changed something: the phases with
 * the first and the last changing command and all between; where that leaves nothing before or after, the commands
 * themselves are the limit.
 */
export const stagesOf = (record: DeploymentRecord): Stages => {
  const main = record.frames[0];
  const all = main === undefined ? [] : walkedSteps(record, main);
  const isZero = ({ frame, step }: WalkedStep): boolean => frame.number === 0 && step.due === 'T-0';
  const zero = all.findIndex(isZero);
  if (zero !== -1) return divided(all, zero, all.findLastIndex(isZero));
  const first = all.findIndex(({ commands }) => commands.some(isChange));
  const last = all.findLastIndex(({ commands }) => commands.some(isChange));
  if (first === -1) {
    const isCheckOfAfter = record.identity.runbook?.kind === 'verify';
    return { before: isCheckOfAfter ? [] : all, during: [], after: isCheckOfAfter ? all : [] };
  }
  const same = (a: WalkedStep | undefined, b: WalkedStep | undefined): boolean =>
    a !== undefined && b !== undefined && a.frame === b.frame && a.step.phase === b.step.phase;
  let from = first;
  while (same(all[from - 1], all[first])) from -= 1;
  let to = last;
  while (same(all[to + 1], all[last])) to += 1;
  if (from === 0) from = first;
  if (to === all.length - 1) to = last;
  return divided(all, from, to);
};

const divided = (all: readonly WalkedStep[], from: number, to: number): Stages => ({
  before: all.slice(0, from),
  during: all.slice(from, to + 1),
  after: all.slice(to + 1),
});
