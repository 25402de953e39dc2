import type { TargetPin } from '../ports/target.ts';
import type { EventData } from '../session/events.ts';
import { mismatchNextStep, mismatchWords } from '../session/target.ts';
import { type Guard, isOverridden, isRollingBack, passed, startsChange } from './guard.ts';

/** It may be 30 s old; but another server can take its place in a second, and to ask costs a few milliseconds. */
const maxAgeMs = 0;

/**
 * Before every change the target is asked who it is. Another one stops the run for
 * good, a rollback included. One that cannot be asked needs a reason for each command; in a rollback that is only noted.
 */
export const createTargetGuard =
  (pin: { check: TargetPin['check']; bound(): EventData['target.pinned'] | null }): Guard =>
  async (_intent, state, decision) => {
    const rollingBack = isRollingBack(state, decision);
    if (!startsChange(decision) && !(rollingBack && state.rollback === null)) return passed;
    const check = await pin.check(maxAgeMs);
    const frame = Math.max(0, state.frame);
    switch (check.kind) {
      case 'same': {
        // Known since now: from here on another one is the wrong one, whoever goes on with the run.
        const bound = pin.bound();
        const isNew = state.pin?.clusterUid === null && bound !== null && bound.identity.clusterUid !== null;
        return isNew ? { ok: true, events: [{ type: 'target.pinned', frame, data: bound }] } : passed;
      }
      case 'mismatch': {
        const { code, expected, found } = check;
        const mismatch = { code, expected, found };
        return {
          ok: false,
          refusal: { message: mismatchWords(mismatch), nextStep: mismatchNextStep },
          events: [{ type: 'target.mismatch', frame, data: mismatch }],
        };
      }
      case 'unreachable': {
        const what = `target not verified before attempt ${state.nextAttempt}`;
        if (isOverridden(state, what)) return passed;
        if (rollingBack) {
          const reason = `rollback, not asked: ${check.because}`;
          return { ok: true, events: [{ type: 'override.given', frame, data: { what, reason } }] };
        }
        return {
          ok: false,
          refusal: {
            message: `the target cannot be verified: ${check.because}`,
            nextStep: check.nextStep,
            override: { what, prompt: 'Change it without knowing that it is the right target?' },
          },
        };
      }
    }
  };
