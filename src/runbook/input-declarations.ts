import { diagnosticAt, type Place } from './diagnostic.ts';
import { compilePattern, validateValue } from './inputs.ts';
import type { Diagnostic, Input } from './model.ts';
import type { InputFields } from './schema-inputs.ts';
import { isReservedVariable, variableOf } from './variables.ts';
import { childOf, entryOf, type YamlNode } from './yaml/tree.ts';

export interface DeclaredInputs {
  readonly items: readonly Input[];
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * The inputs of `inputs:` or of an `ask` body, in the order they were written.
 * `taken` are inputs declared before. Errors: E206, E217 and E501 to E507 of a default, E509, E513.
 */
export const declareInputs = (
  node: YamlNode | undefined,
  declared: Readonly<Record<string, InputFields>>,
  taken: readonly Input[] = [],
): DeclaredInputs => {
  if (node?.kind !== 'map') return { items: [], diagnostics: [] };
  const diagnostics: Diagnostic[] = [];
  const items: Input[] = [];
  const owners = new Map(taken.map((input) => [input.variable, input.name]));
  for (const entry of node.entries) {
    const fields = declared[entry.key];
    if (fields === undefined) continue;
    const problem = nameProblem(entry.key, entry.keyPlace, owners);
    if (problem !== null) {
      diagnostics.push(problem);
      continue;
    }
    const input = inputOf(entry.key, fields, entry.keyPlace.line);
    owners.set(input.variable, input.name);
    items.push(input);
    diagnostics.push(...fieldProblems(input, fields, entry.value, entry.keyPlace));
  }
  return { items, diagnostics };
};

const inputOf = (name: string, fields: InputFields, line: number): Input => ({
  name,
  variable: variableOf(name),
  type: fields.type ?? (fields.choices === undefined ? 'string' : 'choice'),
  prompt: fields.prompt ?? name,
  example: fields.example ?? null,
  default: fields.default ?? null,
  pattern: fields.pattern ?? null,
  choices: fields.choices ?? [],
  from: fields.from ?? null,
  askedAtStep: false,
  line,
});

const nameProblem = (name: string, place: Place, owners: ReadonlyMap<string, string>): Diagnostic | null => {
  if (!/^[A-Za-z][A-Za-z0-9_-]*$/.test(name) || name.length > 64) {
    const message = `input name "${name}" is not usable as a variable`;
    return diagnosticAt('E217', place, message, 'use letters, digits and "-", starting with a letter');
  }
  const variable = variableOf(name);
  if (isReservedVariable(variable)) {
    return diagnosticAt(
      'E509',
      place,
      `input "${name}" would set $${variable}, which is reserved`,
      'choose another name',
    );
  }
  const owner = owners.get(variable);
  if (owner === undefined) return null;
  const message =
    owner === name ? `input "${name}" is declared twice` : `inputs "${owner}" and "${name}" are both $${variable}`;
  return diagnosticAt('E513', place, message, 'rename one of them');
};

const fieldProblems = (input: Input, fields: InputFields, node: YamlNode, keyPlace: Place): readonly Diagnostic[] => {
  const at = (key: string): Place => childOf(node, key)?.place ?? entryOf(node, key)?.keyPlace ?? keyPlace;
  const bad = (key: string, message: string, hint: string) => [
    diagnosticAt('E217', at(key), `"${input.name}": ${message}`, hint),
  ];
  if (input.pattern !== null && compilePattern(input.pattern) === null) {
    return bad('pattern', 'the pattern is not a regular expression', 'correct the pattern');
  }
  if (input.type === 'choice' && input.choices.length === 0) return bad('type', 'no choices', 'add "choices: [a, b]"');
  if (input.type !== 'choice' && input.choices.length > 0)
    return bad('choices', `choices on a ${input.type}`, 'write "type: choice"');
  if (input.type !== 'secret' && input.from !== null)
    return bad('from', '"from" is for secrets', 'write "type: secret"');
  if (input.type === 'secret' && fields.default !== undefined) {
    return bad('default', 'a secret may not stand in the file', 'write "from: env:NAME", or let it be asked');
  }
  if (input.default === null || input.default === '') return [];
  const checked = validateValue(input, input.default);
  return checked.ok ? [] : [diagnosticAt(checked.code, at('default'), `default: ${checked.message}`, checked.nextStep)];
};
