import { parseExpression } from '../gates/expression.ts';
import { lintTestStep } from '../gates/query-lint.ts';
import { diagnosticAt } from './diagnostic.ts';
import type { Check, Diagnostic, Gate, Metric } from './model.ts';
import { childOf, type YamlNode } from './yaml/tree.ts';

/**
 * What keeps a gate's statistical tests from saying anything: looks that share requests (E326), no soak, hours of an
 * earlier day, of which only the middle is read (E320).
 */
export const testProblems = (
  gate: Pick<Gate, 'checks' | 'everyMs' | 'forMs' | 'shift'>,
  node: YamlNode,
  metrics: readonly Metric[],
): readonly Diagnostic[] =>
  gate.checks.flatMap((check): readonly Diagnostic[] => {
    const metric = metrics.find(({ name }) => name === check.source);
    if (metric === undefined || !isTest(check, metric)) return [];
    const place = (childOf(node, check.source) ?? node).place;
    const soak = 'a test is made over a whole soak';
    const without =
      gate.forMs === null ? [diagnosticAt('E320', place, `"${metric.name}": ${soak}`, 'add "for: 45m"')] : [];
    const earlier = gate.shift !== null && /\bthan baseline\b/.test(check.expression ?? '');
    if (earlier)
      without.push(
        diagnosticAt(
          'E320',
          childOf(node, 'shift')?.place ?? place,
          `"${metric.name}": a test is made against the baseline of this run, not of an earlier day`,
          'remove "shift", or write for example "<= 115% of baseline"',
        ),
      );
    const step = lintTestStep(metric, gate.everyMs);
    if (step === null) return without;
    const at = childOf(node, 'every')?.place ?? place;
    return [...without, diagnosticAt(step.code, at, `"${metric.name}": ${step.message}`, step.hint)];
  });

const isTest = ({ expression }: Check, metric: Metric): boolean => {
  const parsed = parseExpression(expression ?? '', metric);
  return 'expression' in parsed && parsed.expression.bound.kind === 'not-worse';
};
