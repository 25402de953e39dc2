import type { CommandRunner } from '../ports/commands.ts';
import type { Command, Runbook } from '../runbook/model.ts';
import { windowState } from '../runbook/windows.ts';
import type { PreflightCheck, RunTarget } from '../session/events.ts';
import { shippedReference } from '../session/frames.ts';
import { places } from '../session/walk.ts';
import type { OpenedRunbook } from './open-runbook.ts';
import type { Reachable } from './reachable.ts';
import { warningsOf } from './runbook-warnings.ts';

export interface PreflightFacts {
  readonly main: OpenedRunbook;
  readonly reachable: Reachable;
  readonly restricted: ReadonlySet<string>;
  readonly target: RunTarget;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly runner: CommandRunner;
  /** UTC ms. */
  readonly now: number;
}

/** A check is data: what it is called and what it finds; null = it does not concern this run. */
interface Check {
  readonly id: string;
  readonly title: string;
  readonly find: (facts: PreflightFacts) => Promise<Finding | null> | Finding | null;
}

type Finding = Pick<PreflightCheck, 'level' | 'message' | 'nextStep'>;

const ok = (message: string): Finding => ({ level: 'ok', message, nextStep: null });

/** Looks at everything that can be known before the first step; the order is the order on the screen. */
export const preflight = async (facts: PreflightFacts): Promise<readonly PreflightCheck[]> => {
  const found = await Promise.all(
    checks.map(async ({ id, title, find }): Promise<PreflightCheck | null> => {
      const finding = await find(facts);
      return finding === null ? null : { id, title, ...finding };
    }),
  );
  return found.filter((check) => check !== null);
};

const commandsOf = (runbook: Runbook): readonly { readonly command: Command; readonly line: number }[] =>
  places(runbook).flatMap(({ step }) => [
    ...step.actions.flatMap((action) =>
      action.kind === 'command' ? [{ command: action.command, line: action.line }] : [],
    ),
    ...step.undo.map((command) => ({ command, line: step.line })),
  ]);

const trust = ({ main, reachable, restricted }: PreflightFacts): Finding => {
  const untrusted = reachable.runbooks.filter(({ sha256 }) => restricted.has(sha256)).map(({ path }) => path);
  if (untrusted.length === 0) return ok('you have allowed every command of this run');
  return {
    level: 'warn',
    message: `not allowed by you yet: ${untrusted.join(', ')}. Commands are shown and ticked by hand, none is run`,
    nextStep: `gonogo trust ${untrusted[0] ?? main.path} shows them and allows them`,
  };
};

const warnings = ({ reachable }: PreflightFacts): Finding | null => {
  const found = reachable.runbooks.flatMap((file) => warningsOf(file).map((warning) => ({ path: file.path, warning })));
  const [first] = found;
  if (first === undefined) return null;
  const { code, line, message } = first.warning;
  const more = found.length === 1 ? '' : ` (and ${found.length - 1} more)`;
  return {
    level: 'warn',
    message: `${code} ${first.path}:${line}: ${message}${more}`,
    nextStep: `gonogo check ${first.path} says what to do about it`,
  };
};

const target = ({ target: { context, namespace, production, pinned }, main }: PreflightFacts): Finding | null => {
  const usesCluster = commandsOf(main.runbook).some(
    ({ command }) =>
      command.uses.includes('NAMESPACE') ||
      command.uses.includes('CONTEXT') ||
      /\b(kubectl|helm)\b/.test(command.script),
  );
  // The pinned cluster speaks for itself.
  if (pinned || (context === null && namespace === null && !usesCluster)) return null;
  const where = [context ?? 'the current context of your kubeconfig', namespace ?? 'its default namespace'].join(' / ');
  const words = `${production ? 'PROD ' : ''}${where}; by name only, the cluster itself is not checked`;
  return production && context === null
    ? {
        level: 'override',
        message: `production without a named context: ${words}`,
        nextStep: 'Start again with --context NAME, or say why the current one is right',
      }
    : ok(words);
};

const environment = ({ reachable, environment: variables }: PreflightFacts): Finding | null => {
  const wanted = [...new Set(reachable.runbooks.flatMap(({ runbook }) => runbook.env))];
  if (wanted.length === 0) return null;
  const unset = wanted.filter((name) => !variables[name]);
  if (unset.length === 0) return ok(`${wanted.join(', ')} set`);
  return { level: 'stop', message: `not set: ${unset.join(', ')}`, nextStep: `export ${unset[0]}=… and start again` };
};

/** Programs of conditional steps are left out: a rollback by another method must not warn about this one. */
const tools = async ({ reachable, runner, restricted }: PreflightFacts): Promise<Finding | null> => {
  const always = (runbook: Runbook): readonly Command[] =>
    places(runbook)
      .filter(({ step, path }) => step.when === null && path.every(({ when }) => when === null))
      .flatMap(({ step }) => step.actions.flatMap((action) => (action.kind === 'command' ? [action.command] : [])));
  const trusted = reachable.runbooks.filter(({ sha256 }) => !restricted.has(sha256));
  const words = new Set(trusted.flatMap(({ runbook }) => always(runbook).flatMap(({ programs }) => programs)));
  if (words.size === 0) return null;
  const missing: string[] = [];
  for (const word of words) if ((await runner.findOnPath(word)) === null) missing.push(word);
  if (missing.length === 0) return ok(`${words.size} ${words.size === 1 ? 'command' : 'commands'} found`);
  return {
    level: 'warn',
    message: `not on PATH: ${missing.sort().join(', ')}`,
    nextStep: 'Install them before the steps that need them',
  };
};

const syntax = async ({ reachable, runner, restricted }: PreflightFacts): Promise<Finding | null> => {
  const scripts = reachable.runbooks
    .filter(({ sha256 }) => !restricted.has(sha256))
    .flatMap(({ runbook, path }) =>
      commandsOf(runbook)
        .filter(({ command }) => command.blocked === null && isBash(command))
        .map((c) => ({ ...c, path })),
    );
  if (scripts.length === 0) return null;
  // One bash for all of them; only when that one complains, one each, to name the place.
  if ((await runner.checkSyntax('bash', scripts.map(({ command }) => `${command.script}\n`).join('\n'))) === null)
    return ok(`${scripts.length} parsed by bash`);
  for (const { command, line, path } of scripts) {
    const problem = await runner.checkSyntax('bash', command.script);
    if (problem !== null)
      return {
        level: 'stop',
        message: `E413 ${path}:${line}: line ${problem.line}: ${problem.message}`,
        nextStep: 'Correct the command',
      };
  }
  return ok(`${scripts.length} parsed by bash`);
};

const isBash = (command: Command): boolean =>
  ['bash', 'sh', 'shell', 'console', 'shell-session', 'terminal'].includes(command.shell);

const windows = ({ main, now }: PreflightFacts): Finding | null => {
  if (main.runbook.windows.length === 0) return null;
  const state = windowState(main.runbook.windows, now);
  return state.open
    ? ok('changes are allowed now')
    : { level: 'override', message: state.because, nextStep: 'Wait, or say why it cannot wait' };
};

const rollback = ({ main, reachable }: PreflightFacts): Finding | null => {
  if (main.runbook.kind === 'rollback') return null;
  const way = reachable.ways.find(({ purpose, from }) => purpose === 'rollback' && from === main.sha256);
  if (way === undefined) return ok('the rollback section of this runbook');
  const gaps = inputGaps(reachable, way);
  const where = `${way.runbook.title} (${way.runbook.path})`;
  if (gaps.length === 0 || way.reference === shippedReference) return ok(where);
  return {
    level: 'warn',
    message: `${where} will ask for ${gaps.join(', ')}`,
    nextStep: `Give it in rollback: with: {…} of ${main.path}, so that R needs no form`,
  };
};

const handoffs = ({ reachable }: PreflightFacts): Finding | null => {
  const ways = reachable.ways.filter(({ purpose }) => purpose === 'handoff');
  if (ways.length === 0) return null;
  const gaps = ways.flatMap((way) => inputGaps(reachable, way).map((name) => `${way.runbook.path}: ${name}`));
  return gaps.length === 0
    ? ok(`${ways.length} loaded`)
    : { level: 'warn', message: `will ask for ${gaps.join(', ')}`, nextStep: 'Give them in with: {…} of the handoff' };
};

/** Inputs of a runbook that neither `with`, an input or capture of the same name, nor a default will fill. */
const inputGaps = (reachable: Reachable, way: Reachable['ways'][number]): readonly string[] => {
  const from = reachable.runbooks.find(({ sha256 }) => sha256 === way.from)?.runbook;
  const to = reachable.runbooks.find(({ sha256 }) => sha256 === way.runbook.sha256)?.runbook;
  const captures = new Set(from === undefined ? [] : commandsOf(from).map(({ command }) => command.options.capture));
  return (to?.inputs ?? [])
    .filter(
      (input) =>
        !input.askedAtStep && input.type !== 'secret' && input.default === null && way.with[input.name] === undefined,
    )
    .filter((input) => !from?.inputs.some(({ name }) => name === input.name) && !captures.has(input.variable))
    .map(({ name }) => name);
};

const secrets = ({ reachable, environment: variables }: PreflightFacts): Finding | null => {
  const references = reachable.runbooks.flatMap(({ runbook }) =>
    runbook.inputs.flatMap(({ name, from }) => (from === null ? [] : [{ name, from }])),
  );
  if (references.length === 0) return null;
  const unset = references.filter(({ from }) => from.startsWith('env:') && !variables[from.slice(4)]);
  if (unset.length === 0) return ok(`${references.length} by reference`);
  return {
    level: 'warn',
    message: `E512 not set: ${unset.map(({ name, from }) => `${name} (${from})`).join(', ')}`,
    nextStep: 'Set it before the step that needs it, and start again',
  };
};

const variables = ({ runner: { targetVariables, leftOutVariables } }: PreflightFacts): Finding | null => {
  const inherited = `inherited and used by tools: ${targetVariables.join(', ')}`;
  const leftOut = `left out, as Helm ranks them above the pinned kubeconfig: ${leftOutVariables.join(', ')}`;
  const parts = [
    ...(targetVariables.length === 0 ? [] : [inherited]),
    ...(leftOutVariables.length === 0 ? [] : [leftOut]),
  ];
  return parts.length === 0 ? null : ok(parts.join('; '));
};

const checks: readonly Check[] = [
  { id: 'trust', title: 'Trust', find: trust },
  { id: 'runbook', title: 'Runbook', find: warnings },
  { id: 'target', title: 'Target', find: target },
  { id: 'environment', title: 'Environment', find: environment },
  { id: 'tools', title: 'Commands on PATH', find: tools },
  { id: 'syntax', title: 'Command syntax', find: syntax },
  { id: 'windows', title: 'Change window', find: windows },
  { id: 'rollback', title: 'Rollback', find: rollback },
  { id: 'handoffs', title: 'Handoffs', find: handoffs },
  { id: 'secrets', title: 'Secrets', find: secrets },
  { id: 'variables', title: 'Target variables', find: variables },
];
