import type { Figures } from '../gates/metric.ts';
import { afterGap, type GateProgress, gateProgress } from '../gates/progress.ts';
import { type Sample, type Verdict, worstVerdict } from '../gates/sample.ts';
import { judge, takeSamples } from '../gates/verdict.ts';
import type { DeploymentRecord } from './record.ts';

export type Judging = NonNullable<DeploymentRecord['gates'][number]['judging']>;
export type JudgingRow = Judging['log'][number];
type SampleRow = Extract<JudgingRow, readonly [number, string, 'sample', ...unknown[]]>;
type FiguresRow = NonNullable<SampleRow[9]>;

/** Where a gate stands after some rows. */
export interface Standing {
  readonly progress: GateProgress;
  readonly leftOut: readonly number[];
  readonly others: boolean;
}

export const figuresRow = (figures: Figures): FiguresRow => {
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

const sampleOf = ([, at, , , kind, value, because, missing, pace, figures]: SampleRow): Sample => ({
  at: Date.parse(at),
  kind,
  value,
  because,
  missing,
  pace,
  ...(figures === null ? {} : { figures: figuresOf(figures) }),
});

/** A gate with one more row of its log; verdicts change nothing. */
export const withRow = (standing: Standing, row: JudgingRow, rules: Judging['rules']): Standing => {
  const { progress, leftOut } = standing;
  switch (row[2]) {
    case 'sample': {
      const sample = { check: row[3], sample: sampleOf(row) };
      return { ...standing, progress: takeSamples(progress, rules, [sample], (check) => !leftOut.includes(check)) };
    }
    case 'gap': {
      const to = Date.parse(row[1]);
      return { ...standing, progress: afterGap(progress, to - row[3], to) };
    }
    case 'began anew':
      return {
        ...standing,
        progress: gateProgress(Date.parse(row[1]), progress.checks.length, Date.parse(row[1])),
      };
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
  const instead = checks.some((check, index) => check.else && !leftOut.includes(index));
  const own = verdict === 'PASS' && leftOut.length > 0 && !instead ? 'INCONCLUSIVE' : verdict;
  return others ? worstVerdict([own, 'INCONCLUSIVE']) : own;
};

export const standingOf = ({ from }: Judging): Standing => ({
  leftOut: from.leftOut,
  others: from.others,
  progress: from.progress as unknown as GateProgress,
});
