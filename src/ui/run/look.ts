import type { EngineView } from '../../engine/view.ts';
import type { MainAction, StepAt } from '../../session/main-action.ts';
import { stepAt } from '../../session/pending.ts';
import { currentFrame, currentStep, mainAction, mainActionFor, offPathSteps, pathSteps } from '../../session/select.ts';
import { cardItems } from '../../session/ui-words.ts';
import { placeOf } from '../../session/walk.ts';
import type { KeyContext } from '../key-row.ts';
import type { ScreenState } from '../screen-state.ts';

/** What is looked at: the step, what Enter does with it, and the card it is in. */
export interface Look extends KeyContext {
  /** Where the run is; null at its end. */
  readonly current: string | null;
  /** A card kept after its last tick; null otherwise. */
  readonly kept: readonly StepAt[] | null;
  /** The card's items, kept or not; null outside of a card of several. */
  readonly card: readonly StepAt[] | null;
}

const stepOfMain = (main: MainAction): StepAt | null => {
  if (main.kind === 'card') return main.items.find(({ state }) => state.status === 'open') ?? main.items[0] ?? null;
  if (main.kind === 'run' || main.kind === 'confirm') return main.pending.at;
  return 'at' in main ? main.at : null;
};

export const lookAt = (view: EngineView, screen: ScreenState, wide: boolean): Look => {
  const { session, now } = view;
  const frame = currentFrame(session);
  const kept =
    frame === null || screen.card === null
      ? null
      : screen.card.flatMap((id) => {
          const place = placeOf(frame.runbook, id);
          return place === undefined ? [] : [stepAt(frame, place)];
        });
  const current = currentStep(session)?.step.id ?? null;
  const place = frame === null || screen.selected === null ? undefined : placeOf(frame.runbook, screen.selected);
  const holds = kept !== null && kept.length > 0 && screen.selected === null;
  const main: MainAction = holds
    ? { kind: 'card', items: kept }
    : place === undefined
      ? mainAction(session, now)
      : mainActionFor(session, place.step.id, now);
  const own = place !== undefined && frame !== null ? stepAt(frame, place) : (stepOfMain(main) ?? currentStep(session));
  const card = holds ? kept : cardItems(session, main);
  // In a card every key speaks of the item under the cursor.
  const under = screen.selected === null ? card?.find(({ step }) => step.id === screen.item) : undefined;
  const at = under ?? (holds ? (kept[0] ?? own) : own);
  const attempts = at?.state.actions.flatMap((action) => action.attempts) ?? [];
  const newest = Object.keys(session.attempts).map(Number);
  return {
    view,
    at,
    main,
    wide,
    current,
    kept: holds ? kept : null,
    card,
    attempt: attempts.at(-1) ?? (newest.length === 0 ? null : Math.max(...newest)),
  };
};

/** Steps in the order of the checklist. */
export const stepOrder = (view: EngineView): readonly string[] =>
  [...pathSteps(view.session), ...offPathSteps(view.session)].map(({ step }) => step.id);
