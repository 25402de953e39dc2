import { verdictWord } from '../gates/sample.ts';
import { count } from './markdown-header.ts';
import type { RunAtHand } from './rebuild.ts';
import { recordFileSchema } from './record-schema.ts';
import { type Differing, type Replay, replayRecord, replayRun } from './replay.ts';
import { finding, type VerifyFinding } from './verify-finding.ts';

/** Whether the verdicts of the gates follow from what was measured: by the journal, else by the record itself. */
export const replayFindings = (record: string | null, run: RunAtHand | null): readonly VerifyFinding[] => {
  if (run !== null) return told(replayRun(run.events, run.library));
  const read = record === null ? null : asRecord(record);
  return read === null ? [] : told(replayRecord(read));
};

const asRecord = (text: string): Parameters<typeof replayRecord>[0] | null => {
  if (!text.trimStart().startsWith('{')) return null;
  try {
    return recordFileSchema.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
};

const shown = 3;

const told = ({ same, differing, beyond, contrary }: Replay): readonly VerifyFinding[] => {
  const judged = same + differing.length;
  const more = differing.length > shown ? [`and ${differing.length - shown} more`] : [];
  return [
    ...(same === 0 || differing.length > 0
      ? []
      : [
          finding(
            'proven',
            `${same} of ${count(judged, 'verdict')} ${same === 1 ? 'follows' : 'follow'} from the samples`,
          ),
        ]),
    ...(differing.length === 0
      ? []
      : [
          finding(
            'broken',
            `${differing.length} of ${count(judged, 'verdict')} ${differing.length === 1 ? 'does' : 'do'} not follow from the samples: ${[...differing.slice(0, shown).map(words), ...more].join('; ')}`,
          ),
        ]),
    ...contraryFinding(contrary),
    ...(beyond === 0
      ? []
      : [finding('note', `${count(beyond, 'verdict')} could not be judged again: not all samples are here`)]),
  ];
};

const contraryFinding = (contrary: Replay['contrary']): readonly VerifyFinding[] => {
  const [first] = contrary;
  if (first === undefined) return [];
  const more = contrary.length === 1 ? '' : `, and ${contrary.length - 1} more`;
  const place = `${first.step} ${first.title} at ${first.at.slice(11, 19)} UTC was recorded as ${first.recorded}`;
  return [finding('broken', `a sample says what its own numbers and limit do not: ${place}${more}`)];
};

const words = ({ step, title, at, recorded, found }: Differing): string =>
  `${step} ${title} at ${at.slice(11, 19)} UTC was recorded as ${named(recorded)}, the samples give ${named(found)}`;

const named = (verdict: Differing['found']): string => {
  const word = verdictWord(verdict);
  return word.toUpperCase() === verdict || word === 'ok' ? word : `${word} (${verdict})`;
};
