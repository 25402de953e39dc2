import type { EngineView } from '../../engine/view.ts';
import { runningGateViews } from '../../session/gate-view.ts';
import { needsYou, needsYouWords } from '../../session/notification.ts';
import { currentStep, mainAction, runningAttempts } from '../../session/select.ts';
import { stepTitle } from '../../session/ui-facts.ts';
import { clock } from '../../text/duration.ts';
import { type SafeText, safeLine } from '../../text/safe-text.ts';
import { truncate } from '../../text/width.ts';
import { changeOf } from '../change.ts';

/** The terminal's title: `PROD checkout Deploy 4:12`, or `NEEDS YOU: …`. */
export const titleWords = (view: EngineView): SafeText => {
  const { session } = view;
  const needed = needsYou(session, view.now);
  if (needed !== null) return truncate(needsYouWords(needed), 80);
  const running = runningAttempts(session).find(({ spec }) => !spec.background);
  const main = mainAction(session, view.now);
  const frame = running === undefined ? undefined : session.frames[running.frame];
  const gate = running === undefined ? runningGateViews(session, view.now)[0] : undefined;
  const gateFrame = gate === undefined ? undefined : session.frames[gate.frame];
  const idle =
    main.kind === 'over'
      ? 'over'
      : main.kind === 'finish'
        ? 'last step done'
        : (currentStep(session)?.phase.title ?? '');
  const what =
    running !== undefined && frame !== undefined
      ? stepTitle(frame, running.step)
      : gate !== undefined && gateFrame !== undefined
        ? stepTitle(gateFrame, gate.step)
        : idle;
  const time =
    running === undefined ? (gate?.clock ?? '') : clock(view.now - (running.startedAt ?? running.confirmedAt));
  const parts = [
    session.run?.target.production === true ? 'PROD' : '',
    changeOf(view).what || (session.frames[0]?.reference.title ?? 'gonogo'),
    what,
    time,
  ];
  return truncate(safeLine(parts.filter((part) => part !== '').join(' ')), 80);
};

/** Sets the title; the bytes are ours, the text is safe. */
export const titleBytes = (title: SafeText): string => `\u001B]2;${title}\u0007`;
/** The terminal keeps its old title on a stack and takes it back. */
export const pushTitle = '\u001B[22;2t';
export const popTitle = '\u001B[23;2t';
export const bell = '\u0007';

/** Most terminals refuse more; the text is printed as well. */
const clipboardLimit = 74_000;

/** OSC 52 of our own bytes; null when the text is too long for it. */
export const clipboardBytes = (text: string): string | null => {
  const encoded = Buffer.from(text, 'utf8').toString('base64');
  return encoded.length > clipboardLimit ? null : `\u001B]52;c;${encoded}\u0007`;
};
