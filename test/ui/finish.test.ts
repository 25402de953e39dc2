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
