import { type Command, forEachChild, type ParsedScript, type SyntaxNode } from 'unbash';
import { type Analysis, analyse } from './analyse.ts';
import type { Region } from './classify.ts';
import type { Finding } from './finding.ts';
import { handedOn, quotingAtEnd } from './nested-text.ts';
import { type PlaceholderUse, type Rewritten, reference, rewritePlaceholders } from './placeholders.ts';
import { contexts } from './quoting.ts';
import { variablesOf } from './variables.ts';

/**
 * Rewrites placeholders so that no value can become syntax, neither of this shell nor of one that this one starts:
 * inside `bash -c "…"`, `ssh host …`, `watch …` the value is quoted once more (`${P_X@Q}`). Where that is not possible
 * the placeholder is reported as E418.
 */
export const rewriteSafely = (
  script: string,
  shell: string,
  judge: (script: string) => Analysis,
): { rewritten: Rewritten; analysis: Analysis } => {
  const first = rewritePlaceholders(script);
  if (first.uses.length === 0) return { rewritten: first, analysis: judge(first.script) };
  const before = judge(first.script);
  const nested = new Map<PlaceholderUse, string | null>();
  for (const use of first.uses) {
    const region = regionOf(before.code, use, first);
    if (region !== null) nested.set(use, nestedReference(script, region, use, shell));
  }
  const foreign = first.uses.filter((use) => regionOf(before.foreign, use, first) !== null);
  const rewritten =
    nested.size === 0 ? first : rewritePlaceholders(script, (use) => valueFor(nested, use) ?? reference(use));
  const analysis = nested.size === 0 ? before : judge(rewritten.script);
  const findings = [
    ...rewritten.findings,
    ...[...nested]
      .filter(([, text]) => text === null)
      .map(([use]) => refusal(use, 'inside text that a second shell runs')),
    ...foreign.map((use) => refusal(use, "inside another interpreter's code")),
    ...evaluated(analysis.tree, rewritten, first.uses),
  ];
  return { rewritten: { ...rewritten, findings: withoutRepeats(findings) }, analysis };
};

const valueFor = (nested: ReadonlyMap<PlaceholderUse, string | null>, use: PlaceholderUse): string | null => {
  for (const [other, text] of nested) if (other.start === use.start) return text;
  return null;
};

const refusal = (use: PlaceholderUse, where: string): Finding => ({
  number: 418,
  severity: 'error',
  offset: use.start,
  message: `placeholder ${use.text} ${where}: its value could run as code`,
  hint: 'set a variable first and pass that as an argument',
});

/** The region, in the original script, that holds the use. */
const regionOf = (regions: readonly Region[], use: PlaceholderUse, rewritten: Rewritten): Region | null => {
  for (const { pos, end } of regions) {
    const start = rewritten.toOriginal(pos);
    if (start <= use.start && rewritten.toOriginal(end) >= use.end)
      return { pos: start, end: rewritten.toOriginal(end) };
  }
  return null;
};

/** Null: no quoting keeps the value one word of the second shell. */
const nestedReference = (script: string, region: Region, use: PlaceholderUse, shell: string): string | null => {
  if (!/(^|\/)bash$/.test(shell)) return null;
  const isHeredoc = use.context === contexts.heredoc;
  const before = handedOn(script.slice(region.pos, use.start), isHeredoc);
  const inner = quotingAtEnd(before);
  const whole = `${before}__PLACEHOLDER__${handedOn(script.slice(use.end, region.end), isHeredoc)}`;
  if (!isHeredoc && startsThirdShell(whole)) return null;
  const quoted = `\${${use.variable}@Q}`;
  const value =
    inner === contexts.bare
      ? quoted
      : inner === contexts.single
        ? `'${quoted}'`
        : inner === contexts.double
          ? `"${quoted}"`
          : null;
  if (value === null) return null;
  if (isHeredoc) return startsThirdShell(whole) ? null : value;
  const escaped = value.replaceAll('"', '\\"');
  if (use.context === contexts.double) return escaped;
  if (use.context === contexts.bare) return `"${escaped}"`;
  return use.context === contexts.single ? `'"${escaped}"'` : null;
};

const startsThirdShell = (text: string): boolean => {
  const { code, foreign } = analyse(text, { shell: 'bash', plain: true, inputs: [], context: null });
  return [...code, ...foreign].some(({ pos, end }) => text.slice(pos, end).includes('__PLACEHOLDER__'));
};

const arithmeticTests = new Set(['-eq', '-ne', '-lt', '-le', '-gt', '-ge']);
const namesVariables = new Set([
  'let',
  'unset',
  'read',
  'declare',
  'typeset',
  'local',
  'export',
  'readonly',
  'mapfile',
  'readarray',
  'getopts',
]);

/** Placeholders where the shell evaluates a value (arithmetic, subscripts, names of variables), or that are not quoted after all. */
const evaluated = (tree: ParsedScript | null, rewritten: Rewritten, uses: readonly PlaceholderUse[]): Finding[] => {
  if (tree === null) return [];
  const variables = new Set(uses.map(({ variable }) => variable));
  const places: number[] = variablesOf(tree, variables)
    .bare.filter(({ name }) => variables.has(name))
    .map(({ pos }) => pos);
  const visit = (node: SyntaxNode, dangerous: boolean): void => {
    if ((node.type === 'SimpleExpansion' || node.type === 'ParameterExpansion') && dangerous) {
      const name = node.type === 'ParameterExpansion' ? node.parameter : node.text.slice(1);
      if (variables.has(name)) places.push(node.pos);
    }
    const evaluatesArgs = node.type === 'Command' && takesNames(node);
    forEachChild(node, (child) =>
      visit(child, dangerous || (evaluatesArgs && child.type === 'Word') || evaluates(node, child)),
    );
  };
  visit(tree, false);
  return places.map((pos) => {
    const offset = rewritten.toOriginal(pos);
    const use = uses.find(({ start, end }) => start <= offset && offset <= end) ?? (uses[0] as PlaceholderUse);
    return refusal(use, 'where the shell evaluates values');
  });
};

const evaluates = (node: SyntaxNode, child: SyntaxNode): boolean => {
  if (node.type.startsWith('Arithmetic') && node.type !== 'ArithmeticFor') return true;
  if (node.type === 'ArithmeticFor') return child.type !== 'CompoundList';
  if (node.type === 'TestBinary') return arithmeticTests.has(node.operator);
  if (node.type === 'TestUnary') return node.operator === '-v';
  if (node.type === 'Slice') return true;
  if (node.type === 'ParameterExpansion' || node.type === 'Assignment') {
    return node.index !== undefined && child === node.index;
  }
  return false;
};

/** Arguments of `read`, `let`, `printf -v` name variables, and a subscript in a name is evaluated. */
const takesNames = (command: Command): boolean => {
  const name = command.name?.text ?? '';
  const first = command.args[0];
  return namesVariables.has(name) || (name === 'printf' && first?.text === '-v');
};

const withoutRepeats = (findings: readonly Finding[]): Finding[] => [
  ...new Map(findings.map((finding) => [finding.offset, finding])).values(),
];
