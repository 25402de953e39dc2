import type { Engine } from '../engine/view.ts';
import { nothingChangedYet, rollbackPreview } from '../session/run-end.ts';
import { nextAction, places } from '../session/walk.ts';
import { safe, safeText } from '../text/safe-text.ts';
import type { Lines } from './lines.ts';

/** Shows where a rollback leads and its commands, and asks for the second key. */
export const agreesToRollBack = async (engine: Engine, lines: Lines): Promise<boolean> => {
  const view = engine.view();
  const preview = rollbackPreview(view.session, view.now);
  if (preview === null) {
    lines.print(safeText('  there is nothing to roll back to'));
    return false;
  }
  lines.print(safe`Roll back: ${preview.way.opened.runbook.title}`);
  const early = nothingChangedYet(view.session);
  if (early !== null) lines.print(safe`  Mind: ${early}`);
  for (const place of places(preview.frame.runbook).filter(
    (p) => !p.offPath && nextAction(preview.frame, p.step) !== null,
  )) {
    for (const action of place.step.actions)
      if (action.kind === 'command') lines.print(safe` $ ${action.command.script.trimEnd()}`);
  }
  const line = await lines.ask(safeText('y rolls back, anything else goes back >'));
  return /^y(es)?$/i.test(line?.trim() ?? '');
};
