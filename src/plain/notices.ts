import type { Engine, Notice } from '../engine/view.ts';
import { foreignWords, skewWords } from '../session/cluster-words.ts';
import { lockWarning } from '../session/lock-state.ts';
import type { SessionState } from '../session/state.ts';
import { safe, safeLine } from '../text/safe-text.ts';
import type { Lines } from './lines.ts';

/** Prints errors of the engine as they come: a record or an event that could not be written. Refusals are printed where they are asked for. */
export const tellErrors = (engine: Engine, lines: Lines): (() => void) => {
  let told: Notice | null = engine.view().notice;
  return engine.subscribe(() => {
    const { notice } = engine.view();
    if (notice === told) return;
    told = notice;
    if (notice?.level === 'error')
      lines.print(safe`FAIL  ${notice.text}${notice.nextStep === null ? '' : safe`. ${notice.nextStep}`}`);
  });
};

/** Prints what becomes of the deploy lock: it was lost, nobody is kept out, or it is held again after that. */
export const tellLock = (engine: Engine, lines: Lines): (() => void) => {
  let told: SessionState = engine.view().session;
  return engine.subscribe(() => {
    const { session } = engine.view();
    const { lock } = session;
    if (lock === told.lock) return;
    const before = lockWarning(told);
    told = session;
    const warning = lockWarning(session);
    if (before !== null && lock.kind === 'held') lines.print(safe`ok    deploy lock "${lock.scope}" is held again`);
    if (warning !== null) lines.print(safe`${warning.kind === 'lost' ? 'FAIL  ' : ''}${warning.text}`);
  });
};

/** Prints once that the server's clock is far from ours. */
const tellClockSkew = (engine: Engine, lines: Lines): (() => void) => {
  let isTold = false;
  const look = (): void => {
    const { cluster } = engine.view();
    const words = cluster === null || isTold ? null : skewWords(cluster);
    if (words === null) return;
    isTold = true;
    lines.print(safe`   wait  cluster: ${words}; its times are judged by its own clock`);
  };
  look();
  return engine.subscribe(look);
};

/** Prints what others change of the workloads, once each. */
const tellForeignChanges = (engine: Engine, lines: Lines): (() => void) => {
  const told = new Set<string>();
  const look = (): void => {
    for (const change of engine.view().cluster?.foreignChanges ?? []) {
      const words = foreignWords(change);
      if (told.has(words)) continue;
      told.add(words);
      lines.print(safe`   wait  ${safeLine(words)}`);
    }
  };
  look();
  return engine.subscribe(look);
};

/** Prints what there is to know of the cluster beside the workloads. */
export const tellCluster = (engine: Engine, lines: Lines): (() => void) => {
  const stops = [tellClockSkew(engine, lines), tellForeignChanges(engine, lines)];
  return () => {
    for (const stop of stops) stop();
  };
};
