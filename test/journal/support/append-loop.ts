/**
 * A gonogo reduced to its journal: opens the run named by the first argument and appends notes without end, with a number
 * of them at once, and says each one's hash on standard output once it is durable. Leaves when asked to, unless the
 * second argument is `deaf`.
 */
import { writeSync } from 'node:fs';
import { openJournal } from '../../../src/journal/open.ts';

const [dir, manner] = process.argv.slice(2);
if (dir === undefined) throw new Error('usage: append-loop.ts RUN_FOLDER [deaf]');
const opened = await openJournal(dir, { session: `pid-${process.pid}`, actor: 'child', roots: [] });
if (opened.kind !== 'open') throw opened.error;
const { journal } = opened;
writeSync(1, 'open\n');

let asked = false;
if (manner !== 'deaf') void journal.takeOverAsked.then(() => (asked = true));
for (let i = 0; !asked; i++) {
  const texts = Array.from({ length: 1 + (i % 3) }, (_, k) => `${i}.${k} ${'x'.repeat((i * 37) % 900)}`);
  await Promise.all(
    texts.map(async (text) => {
      const { seq, h } = await journal.append({ type: 'note.added', frame: 0, data: { step: null, text } });
      writeSync(1, `${seq} ${h}\n`);
    }),
  );
}
await journal.append({ type: 'run.left', frame: 0, data: { why: 'takeover' } });
await journal.close();
