import type { Figures } from '../gates/metric.ts';
import { afterGap, type GateProgress, gateProgress } from '../gates/progress.ts';
import { type Sample, type Verdict, worstVerdict } from '../gates/sample.ts';
import { judge, takeSamples } from '../gates/verdict.ts';
import { backfilledProgress } from '../session/backfill-state.ts';
import type { DeploymentRecord } from './record.ts';
import { iso } from './times.ts';

export type Judging = NonNullable<DeploymentRecord['gates'][number]['judging']>;
export type JudgingRow = Judging['log'][number];
type AnswerRow = Extract<JudgingRow, readonly [number, string, 'sample', unknown]>[3];
type FiguresRow = NonNullable<AnswerRow[7]>;

/** Where a gate stands after some rows. */
export interface Standing {
  readonly progress: GateProgress;
  readonly leftOut: readonly number[];
  readonly others: boolean;
}

const figuresRow = (figures: Figures): FiguresRow => {
  const { value, stable, baseline, limits, ageMs, traffic, counts } = figures;
  const four = counts === null ? null : ([counts.bad, counts.all, counts.stableBad, counts.stableAll] as const);
  return [value, stable, baseline, limits, ageMs, traffic, four];
};

const figuresOf = ([value, stable, baseline, limits, ageMs, traffic, four]: FiguresRow): Figures => ({
  value,
  stable,
  baseline,
  limits,
  ageMs,
  traffic,
  counts: four === null ? null : { bad: four[0], all: four[1], stableBad: four[2], stableAll: four[3] },
});

export interface Answer {
  readonly check: number;
  readonly sample: Sample;
}

export const answerRow = ({ check, sample }: Answer): AnswerRow => {
  const { at, kind, value, because, missing, pace, figures } = sample;
  return [iso(at), check, kind, value, because, missing, pace, figures === undefined ? null : figuresRow(figures)];
};

export const answerOf = ([at, check, kind, value, because, missing, pace, figures]: AnswerRow): Answer => {
  const sample = { at: Date.parse(at), kind, value, because, missing, pace };
  return { check, sample: figures === null ? sample : { ...sample, figures: figuresOf(figures) } };
};

/** The answers that a row holds. */
export const answersIn = (row: JudgingRow): readonly AnswerRow[] => {
  if (row[2] === 'sample') return [row[3]];
  return row[2] === 'backfilled' ? row[5] : [];
};

/** A gate with one more row of its log; verdicts change nothing. */
export const withRow = (standing: Standing, row: JudgingRow, rules: Judging['rules']): Standing => {
  const { progress, leftOut } = standing;
  const judged = (check: number): boolean => !leftOut.includes(check);
  const at = Date.parse(row[1]);
  switch (row[2]) {
    case 'sample':
      return { ...standing, progress: takeSamples(progress, rules, [answerOf(row[3])], judged) };
    case 'backfilled': {
      const gap = { from: Date.parse(row[3]), to: Date.parse(row[4]) };
      return { ...standing, progress: backfilledProgress(progress, rules, gap, row[5].map(answerOf), judged) };
    }
    case 'gap':
      return { ...standing, progress: afterGap(progress, at - row[3], at) };
    case 'began anew':
      return { ...standing, progress: gateProgress(at, progress.checks.length, at) };
    case 'left out':
      return { ...standing, leftOut: row[3] };
    case 'by others':
      return { ...standing, others: row[3] };
    case 'verdict':
      return standing;
  }
};

/** What a gate says at `now` (UTC ms), by what is recorded of it. */
export const verdictAt = (
  { progress, leftOut, others }: Standing,
  { rules, checks }: Judging,
  now: number,
): Verdict => {
  const { verdict } = judge(progress, rules, now, (check) => !leftOut.includes(check));
  const own = verdict === 'PASS' && leftOut.length > 0 ? passInstead(progress, leftOut, checks) : verdict;
  return others ? worstVerdict([own, 'INCONCLUSIVE']) : own;
};

/** Only `else` checks pass a gate in the place of checks that are left out, and only where those were seen to be dead. */
const passInstead = (progress: GateProgress, leftOut: readonly number[], checks: Judging['checks']): Verdict => {
  if (!checks.some((check, index) => check.else && !leftOut.includes(index))) return 'INCONCLUSIVE';
  const isDead = (index: number): boolean => {
    const kind = progress.checks[index]?.last?.kind;
    return kind === 'ERROR' || kind === 'NO-DATA';
  };
  return leftOut.every(isDead) ? 'PASS' : 'PENDING';
};

export const standingOf = ({ from }: Judging): Standing => ({
  leftOut: from.leftOut,
  others: from.others,
  progress: from.progress as unknown as GateProgress,
});
