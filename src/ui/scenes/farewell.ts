import type { FaceOptions } from '../../engine/face.ts';
import type { Engine } from '../../engine/view.ts';
import { type SafeText, safe } from '../../text/safe-text.ts';

/** What stays on the normal screen when the program has gone: how it ended, where the record is, how to go on. */
export const farewellLines = (engine: Engine, options: FaceOptions): SafeText[] => {
  const { session, observing, ended } = engine.view();
  if (observing !== null) return [];
  const record = engine.lastRecord();
  const paths = (record?.paths ?? []).map(
    (path) => safe`record${record?.interim === true ? ' (INTERIM)' : ''}: ${path}`,
  );
  const { finished } = session;
  if (finished !== null)
    return [safe`${finished.outcome}${finished.reason === null ? '' : `: ${finished.reason}`}`, ...paths];
  if (ended?.why === 'takeover') return [safe`Another terminal has taken the run over.`];
  return [safe`Left; it goes on with: gonogo resume ${options.runId}`, ...paths];
};
