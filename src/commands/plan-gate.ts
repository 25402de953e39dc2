import type { Baseline, Check, CheckBody, Gate } from '../runbook/model.ts';
import { type CheckOf, checksOf } from '../session/gate-checks.ts';
import { shownText } from '../session/message-text.ts';
import type { FrameState } from '../session/state.ts';
import { clock, spoken } from '../text/duration.ts';
import { safe } from '../text/safe-text.ts';
import { print } from './output.ts';

/** What a gate asks, the limits it sets, and for how long. */
export const printGate = (frame: FrameState, gate: Gate): void => {
  for (const check of checksOf(frame, gate)) printCheck(frame, check, gate.checks[check.index]);
  const rules = [
    gate.forMs === null ? null : `holds for ${clock(gate.forMs)}`,
    gate.withinMs === null ? null : `within ${clock(gate.withinMs)}`,
    gate.shift === null ? null : `baseline of ${gate.shift} ago`,
    gate.else.length === 0 ? null : `without metrics: ${gate.else.join(', ')}`,
  ].filter((rule) => rule !== null);
  if (rules.length > 0) print(safe`         ${rules.join('; ')}`);
};

export const printBaseline = ({ metrics, windowMs }: Baseline): void =>
  print(safe`         ${metrics.join(', ')}: the last ${spoken(windowMs)}`);

const printCheck = (frame: FrameState, { title, limit, check }: CheckOf, written: Check | undefined): void => {
  if (check?.kind === 'command') {
    print(safe`         ${limit}`);
    for (const [i, line] of check.run.split('\n').entries()) print(safe`         ${i === 0 ? '$ ' : '  '}${line}`);
    return;
  }
  if (check !== null) print(safe`         ${title}: ${limit}`);
  // Some of its values are known later, in the run.
  else if (written !== undefined) print(safe`         ${written.source}: ${shownText(frame, wordsOf(written))}`);
};

const wordsOf = ({ expression, body }: Check): string => expression ?? (body === null ? '' : bodyWords(body));

const bodyWords = (body: CheckBody): string => {
  if (typeof body === 'string') return body;
  const parts: readonly CheckBody[] = Array.isArray(body) ? body : Object.values(body);
  return parts.map(bodyWords).join(', ');
};
