import { expect, test } from 'vitest';
import { rowText } from '../../src/ui/rows.ts';
import { finishRows } from '../../src/ui/scenes/finish.ts';
import { themeFor } from '../../src/ui/theme.ts';
import { drawn } from './support/gate-frames.ts';
import type { gateRuns } from './support/gate-runs.ts';
import { faceOptions } from './support/open.ts';

const finishPage = (run: keyof typeof gateRuns, columns: number): string => {
  const { engine } = drawn(run, null);
  const theme = themeFor('dark', { LANG: 'C.UTF-8' });
  const rows = finishRows(engine, faceOptions, { columns, rows: 48 }, theme, 0);
  return rows.map((row) => rowText(row).trim()).join(' ');
};

test('a lock that could not be given free is said on the last page, with what gives it free, at every width', () => {
  for (const columns of [160, 80]) {
    const page = finishPage('notFreed', columns).replace(/\s+/g, ' ');
    expect(page).toContain('could not be given free: connection refused');
    expect(page).toContain('gonogo unlock deployment-checkout --context prod-eu --namespace production gives it free');
    expect(page).not.toContain('The next change asks for it again');
  }
});

test('a lock that was lost before is a matter of the record then', () => {
  expect(finishPage('lost', 160)).not.toContain('deploy lock');
});

test('what the metrics were before the change and are at the end stands on the last page', () => {
  const { engine } = drawn('notFreed', null);
  const record = {
    markdown: '',
    paths: ['record.md'],
    interim: false,
    head: '0'.repeat(64),
    metrics: [
      { title: 'p95 of the service', words: '180 ms (was 220 ms, -18 %, within limit)' },
      { title: 'Requests that reach the canary, by the numbers of the service', words: 'no data (was 5 %)' },
    ],
  };
  const theme = themeFor('dark', { LANG: 'C.UTF-8' });
  const page = finishRows({ ...engine, lastRecord: () => record }, faceOptions, { columns: 80, rows: 48 }, theme, 0);
  const lines = page.map(rowText);
  const first = lines.find((line) => line.includes('p95 of the service')) ?? '';
  const second = lines.find((line) => line.includes('no data')) ?? '';
  expect(first).toContain('180 ms (was 220 ms, -18 %, within limit)');
  expect(first.indexOf('180 ms')).toBe(second.indexOf('no data'));
});
