import type { HereDoc, ParsedScript } from 'unbash';
import type { Input } from '../model.ts';
import type { Ending } from './ending.ts';
import type { Finding } from './finding.ts';
import { contexts, scanQuoting } from './quoting.ts';
import type { Variables } from './variables.ts';
import type { Walked } from './walk.ts';

const finding = (
  number: number,
  severity: Finding['severity'],
  offset: number,
  message: string,
  hint: string | null,
): Finding => ({
  number,
  severity,
  offset,
  message,
  hint,
});

/** E412: nothing but blank lines and comments. */
export const emptyFindings = (tree: ParsedScript): Finding[] =>
  tree.commands.length > 0 ? [] : [finding(412, 'error', 0, 'command is empty', 'write a command, or make it text')];

/** E413: the first place that cannot be parsed. */
export const syntaxFindings = (script: string, walked: Walked): Finding[] => {
  const first = [...walked.errors].sort((a, b) => a.pos - b.pos)[0];
  if (first === undefined) return [];
  const line = script.slice(0, first.pos).split('\n').length;
  return [
    finding(413, 'error', first.pos, `line ${line} of the command: ${first.message}`, 'correct the shell syntax'),
  ];
};

/** W408: a backslash that ends a line but for spaces, so that the next line is a command of its own. */
export const backslashFindings = (script: string): Finding[] => {
  if (!/\\[ \t]+(\n|$)/.test(script)) return [];
  const { map } = scanQuoting(script);
  return [...script.matchAll(/\\[ \t]+(?=\n|$)/g)]
    .filter(({ index }) => map[index] === contexts.bare && script[index - 1] !== '\\')
    .map(({ index }) =>
      finding(408, 'warning', index, 'space after the backslash that continues the line', 'remove the space'),
    );
};

/**
 * E409: `${service}` or `{{service}}`, in any quoting, where `service` is an input: values arrive as environment variables.
 * `$service` counts when the script does not set it.
 */
export const inputNameFindings = (script: string, inputs: readonly Input[], variables: Variables): Finding[] => {
  const named = inputs.filter(({ name, variable }) => name !== variable || script.includes('{{'));
  if (named.length === 0) return [];
  const byName = new Map(named.map((input) => [input.name, input]));
  const unset = new Set(variables.uses);
  const { map } = scanQuoting(script);
  const findings: Finding[] = [];
  for (const match of script.matchAll(/\$\{([\w-]+)\}|\{\{\s*([\w-]+)\s*\}\}|\$([A-Za-z_]\w*)/g)) {
    const input = byName.get(match[1] ?? match[2] ?? match[3] ?? '');
    if (input === undefined || map[match.index] === contexts.comment) continue;
    if (match[2] === undefined && input.name === input.variable) continue;
    if (match[3] !== undefined && !unset.has(input.name)) continue;
    findings.push(
      finding(
        409,
        'error',
        match.index,
        `${match[0]} is not replaced in what a shell runs`,
        `use "$${input.variable}"`,
      ),
    );
  }
  return findings;
};

/** W410: `$VERSION` of an input outside quotes, where a value with spaces or `*` becomes several words. */
export const unquotedFindings = (inputs: readonly Input[], variables: Variables): Finding[] => {
  const declared = new Set(inputs.map(({ variable }) => variable));
  return variables.bare
    .filter(({ name }) => declared.has(name))
    .map(({ name, pos }) => finding(410, 'warning', pos, `$${name} is not quoted`, `write "$${name}"`));
};

/** W415: processes that may outlive the step; `wait` takes a plain `&` back. */
export const backgroundFindings = (walked: Walked): Finding[] => {
  const waits = walked.seen.some(({ name }) => name === 'wait');
  const starts = walked.seen.filter(({ name, remote }) => !remote && /^(nohup|setsid|disown)$/.test(name));
  const places = [
    ...(waits ? [] : walked.background.map((offset) => ({ offset, what: '&' }))),
    ...starts.map(({ offset, name }) => ({ offset, what: name })),
  ];
  return places.map(({ offset, what }) =>
    finding(
      415,
      'warning',
      offset,
      `${what}: the process may outlive the step`,
      'mark the fence {background}, or wait for it',
    ),
  );
};

const secretName = /TOKEN|SECRET|PASSWORD|PASSWD|_KEY$|^KEY$|CREDENTIAL/i;
const secretText =
  /-----BEGIN [A-Z ]*PRIVATE KEY|\bAKIA[0-9A-Z]{16}\b|\bgh[pousr]_\w{30,}|\b(password|passwd|token|secret|api[_-]?key)["']?\s*[:=]\s*["']?[^\s"'${}<>]{6,}|^kind:\s*Secret\b/im;

/** W418: a here-document that holds a secret, which then stands in a file or on a screen. */
export const heredocFindings = (heredocs: readonly HereDoc[], inputs: readonly Input[]): Finding[] => {
  const secrets = new Set(inputs.filter(({ type }) => type === 'secret').map(({ variable }) => variable));
  return heredocs.flatMap(({ pos, body, delimiter }) => {
    const names =
      delimiter?.quoted === true
        ? []
        : [...body.text.matchAll(/\$\{?([A-Za-z_]\w*)/g)].map((match) => match[1] as string);
    const name = names.find((candidate) => secrets.has(candidate) || secretName.test(candidate));
    if (name === undefined && !secretText.test(body.text)) return [];
    const what = name === undefined ? 'a secret' : `$${name}`;
    return [
      finding(418, 'warning', pos, `heredoc with ${what}`, 'pass the secret on stdin or by a file that is deleted'),
    ];
  });
};

/** W421: an EXIT trap or `exec` of its own takes the place of what carries environment and outcome. */
export const takeoverFindings = (walked: Walked): Finding[] =>
  walked.seen
    .filter(({ top }) => top)
    .flatMap(({ name, call, offset }) => {
      const values = call.args.slice(1).map(({ value }) => value);
      if (name === 'trap' && values.slice(1).some((value) => value === 'EXIT' || value === '0')) {
        return [
          finding(
            421,
            'warning',
            offset,
            'own EXIT trap',
            'environment and directory are not carried to the next command',
          ),
        ];
      }
      if (name === 'exec' && values.length > 0) {
        return [
          finding(
            421,
            'warning',
            offset,
            'exec replaces the shell',
            'environment and directory are not carried to the next command',
          ),
        ];
      }
      return [];
    });

/** W327: the exit status of the last part says nothing about health. */
export const endingFindings = (ending: Ending): Finding[] => {
  if (ending.saysNothing === null || ending.saysNothing === 'diff') return [];
  const message = `ends in ${ending.saysNothing}: its exit status says nothing about health`;
  return [finding(327, 'warning', ending.offset, message, 'state what must be seen: {expect="…"} or {expect=none}')];
};
