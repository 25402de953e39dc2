/** Opens the run named by the first argument, appends as many notes as the second says, one after the other, and tells of each. */
import { writeSync } from 'node:fs';
import { openJournal } from '../../../src/journal/open.ts';
import { ExpectedError } from '../../../src/text/errors.ts';

const [dir, count] = process.argv.slice(2);
if (dir === undefined) throw new Error('usage: append-some.ts RUN_FOLDER COUNT');
const opened = await openJournal(dir, { session: 'child', actor: 'child', roots: [] });
if (opened.kind !== 'open') throw opened.error;
for (let i = 0; i < Number(count); i++) {
  try {
    const { seq, h } = await opened.journal.append({
      type: 'note.added',
      frame: 0,
      data: { step: null, text: `${i}` },
    });
    writeSync(1, `ok ${seq} ${h}\n`);
  } catch (error) {
    if (!(error instanceof ExpectedError)) throw error;
    writeSync(1, `refused ${error.code}\n`);
  }
}
await opened.journal.close();
