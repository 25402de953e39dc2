import type { Face, FaceOptions } from '../engine/face.ts';
import { currentFrame } from '../session/select.ts';
import { type ExitCode, exitCodes } from '../text/errors.ts';
import { safe } from '../text/safe-text.ts';
import { analyseEdited } from './edited-command.ts';
import { exitCodeOf } from './exit-code.ts';
import { forgetLogin } from './forget-login.ts';
import { loadHttpProbe } from './late-http-probe.ts';
import { print } from './output.ts';
import type { RunParts } from './run-parts.ts';
import { validateFor } from './validate.ts';
import { verifyApproval } from './verify-approval.ts';

/** By then the first frame stands. */
const idleMs = 250;

export const loadRecents = () => import('../settings/recents.ts');

/** Shows a run until it is over or left, and ends this process' part of it. A signal leaves it resumable. */
export const walkRun = async (parts: RunParts, face: Face, approvers: string | null): Promise<ExitCode> => {
  const { engine, journal } = parts;
  let interrupted = false;
  // Until it has ended: whatever ends this process now, the run can go on.
  process.exitCode = exitCodes.resumable;
  const leave = (): void => {
    interrupted = true;
    void engine.dispatch({ type: 'leave', why: 'signal' });
  };
  const signals = ['SIGTERM', 'SIGHUP'] as const;
  for (const signal of signals) process.on(signal, leave);
  const options: FaceOptions = {
    analyse: (script, command) => analyseEdited(script, command, currentFrame(engine.view().session)?.runbook ?? null),
    validate: (input, value) => validateFor(parts.heldIn)(input, value),
    verifyApproval: (challenge, signature) => verifyApproval(challenge, signature, approvers),
    runId: journal.run,
  };
  // Later the package may have been upgraded under this run, and files that were not loaded yet are gone.
  const late = setTimeout(
    () => void Promise.all([engine.loadLate(), loadRecents(), loadHttpProbe()]).catch(() => undefined),
    idleMs,
  );
  try {
    await face.run(engine, options);
    return interrupted ? exitCodes.resumable : exitCodeOf(engine.view().session);
  } finally {
    clearTimeout(late);
    for (const signal of signals) process.off(signal, leave);
    await face.close();
    if (engine.view().session.mode === 'screen') sayGoodbye(parts);
    const { session } = engine.view();
    await engine.close();
    forgetLogin(journal.dir, session);
  }
};

/** What stands on the normal screen once ours is gone: how it ended, where the record is, how to go on. */
const sayGoodbye = ({ engine, journal }: RunParts): void => {
  const { finished } = engine.view().session;
  if (finished === null) print(safe`Left; it can go on: gonogo resume ${journal.run}`);
  else print(safe`${finished.outcome}${finished.reason === null ? '' : `: ${finished.reason}`}`);
  for (const path of engine.lastRecord()?.paths ?? []) print(safe`record: ${path}`);
  const { notice } = engine.view();
  if (notice?.level === 'error')
    print(safe`${notice.text}${notice.nextStep === null ? '' : safe`. ${notice.nextStep}`}`);
};
