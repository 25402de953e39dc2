import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeLine, zeroHash } from '../src/journal/line.ts';
import { createJournal, openJournal } from '../src/journal/open.ts';

const events = 100_000;
const rounds = 5;

/** A journal as a long run leaves it: mostly batched metric samples, some steps and command output in between. */
const journalBytes = (): Buffer => {
  const lines: Buffer[] = [];
  let head = zeroHash;
  for (let seq = 0; seq < events; seq++) {
    const sample = {
      values: { 'error-rate': 0.0034, p95: 187 + (seq % 9), p99: 398.5, throughput: 2960 + (seq % 100) },
    };
    const output = {
      attempt: seq,
      bytes: 4096,
      lines: 14,
      tail: 'Waiting for deployment "checkout" rollout to finish',
    };
    const line = encodeLine(head, {
      seq,
      at: Date.UTC(2026, 0, 1) + seq * 15,
      mono: 1_000_000 + seq * 15,
      boot: '0b9b0a5e-1d4c-4d7e-9d0e-0d3c8f0f9a11',
      session: '019b2f6e-6f0a-7cc1-b0f8-4a1f0c4b8a52',
      actor: 'alice',
      frame: 0,
      type: seq % 5 === 0 ? 'command.output-noted' : 'metric.sampled',
      data: seq % 5 === 0 ? output : sample,
    });
    lines.push(line.bytes);
    head = line.h;
  }
  return Buffer.concat(lines);
};

/** Time of `openJournal` over 100,000 events, chain checked. */
export const measure = async (): Promise<{ name: string; figures: Record<string, string> }[]> => {
  const runsDir = await mkdtemp(join(tmpdir(), 'gonogo-bench-'));
  try {
    const options = { session: 'bench', actor: 'bench', roots: [] };
    const created = await createJournal({ runsDir, ...options });
    await created.close();
    const path = join(created.dir, 'journal.jsonl');
    await writeFile(path, journalBytes());
    const times: number[] = [];
    for (let round = 0; round < rounds; round++) {
      const from = performance.now();
      const opened = await openJournal(created.dir, options);
      times.push(performance.now() - from);
      if (opened.kind !== 'open' || opened.events.length !== events) throw new Error(`not recovered: ${opened.kind}`);
      await opened.journal.close();
    }
    const first = times[0] as number;
    times.sort((a, b) => a - b);
    const median = times[Math.floor(rounds / 2)] as number;
    const size = `${((await stat(path)).size / 1e6).toFixed(0)} MB`;
    const figures = { first: `${first.toFixed(0)} ms`, median: `${median.toFixed(0)} ms`, size, budget: '<= 500 ms' };
    return [{ name: 'recover, 100,000 events', figures }];
  } finally {
    await rm(runsDir, { recursive: true, force: true });
  }
};
