import { createInterface } from 'node:readline/promises';
import { loadRunbook } from '../runbook/load.ts';
import type { Command, Runbook } from '../runbook/model.ts';
import { places } from '../session/walk.ts';
import { requireSettings } from '../settings/settings.ts';
import { allow, trustState } from '../settings/trust.ts';
import { trustRepo } from '../settings/trust-repo.ts';
import { type ExitCode, ExpectedError, exitCodes } from '../text/errors.ts';
import { safe, safeText } from '../text/safe-text.ts';
import { askedChecks } from './asked-checks.ts';
import { findRunbook, shippedFolder } from './find-runbook.ts';
import { type OpenedRunbook, openRunbook } from './open-runbook.ts';
import { print } from './output.ts';
import { reachableFrom } from './reachable.ts';
import { printWarnings } from './runbook-warnings.ts';

interface TrustOptions {
  readonly yes?: boolean;
  readonly repo?: boolean;
}

/** Shows what a runbook and those it leads to would run or contact, and remembers that these bytes are allowed. */
export const trust = async (reference: string, options: TrustOptions): Promise<ExitCode> => {
  const settings = await requireSettings();
  const main = await openRunbook(findRunbook(reference), settings.path);
  const { runbooks } = await reachableFrom(main, settings.path);
  const open = runbooks.filter(
    ({ realPath, sha256 }) =>
      trustState({ path: realPath, sha256 }, { shippedFolder: shippedFolder() }).kind !== 'allowed',
  );
  if (open.length === 0) {
    print(safe`${main.path}: every command is allowed already`);
    return exitCodes.done;
  }
  if (options.repo === true) {
    for (const { realPath, bytes, path } of open) {
      await trustRepo(realPath, bytes, settings.trustBranch);
      print(safe`allowed: ${path}, as it is at ${settings.trustBranch}`);
    }
    return exitCodes.done;
  }
  for (const file of open) describe(file, settings.path);
  printWarnings(open);
  if (options.yes !== true && !(await agreed(open.length))) {
    print(safeText('nothing was allowed'));
    return exitCodes.refused;
  }
  for (const { realPath, bytes, path } of open) {
    await allow(realPath, bytes);
    print(safe`allowed: ${path}`);
  }
  return exitCodes.done;
};

const agreed = async (files: number): Promise<boolean> => {
  if (!process.stdin.isTTY)
    throw new ExpectedError('there is nobody to ask', {
      nextStep: 'Look at what it runs, then: gonogo trust FILE --yes',
      exit: exitCodes.refused,
    });
  const reader = createInterface({ input: process.stdin, output: process.stdout });
  try {
    const answer = await reader.question(
      `Allow ${files === 1 ? 'this file' : `these ${files} files`} to run these commands? y/N `,
    );
    return /^y(es)?$/i.test(answer.trim());
  } finally {
    reader.close();
  }
};

/** Everything of a runbook that a shell would get, in order. */
const commandsOf = (runbook: Runbook): readonly Command[] =>
  places(runbook).flatMap(({ step }) => [
    ...step.actions.flatMap((action) => {
      if (action.kind === 'command') return [action.command];
      return action.kind === 'message' && action.message.send !== null ? [action.message.send] : [];
    }),
    ...step.undo,
  ]);

const describe = (file: OpenedRunbook, offPath: 'auto' | 'all'): void => {
  const { runbook, path, realPath, sha256 } = file;
  const state = trustState({ path: realPath, sha256 });
  const previous =
    state.kind === 'changed' && state.previous !== null
      ? loadRunbook(state.previous, { path: realPath, offPath }).runbook
      : null;
  const known = new Set(previous === null ? [] : commandsOf(previous).map(({ script }) => script));
  print(safe`${path}: ${runbook.title}${state.kind === 'changed' ? ' (changed since it was allowed)' : ''}`);
  const commands = commandsOf(runbook);
  for (const { script, risk } of commands) {
    const mark = previous === null ? ' ' : known.has(script) ? ' ' : '+';
    for (const [i, line] of script.trimEnd().split('\n').entries())
      print(safe` ${mark} ${i === 0 ? `[${risk}] ` : '    '}${line}`);
  }
  const now = new Set(commands.map(({ script }) => script));
  for (const script of known) if (!now.has(script)) print(safe` - ${script.trimEnd()}`);
  for (const { by, text } of askedChecks(runbook)) print(safe`   ${by}: ${text.trimEnd()}`);
  for (const { command } of runbook.panels) print(safe`   panel: ${command}`);
  for (const { url } of runbook.links) print(safe`   link: ${url}`);
  for (const { name, from } of runbook.inputs.filter(({ type }) => type === 'secret'))
    print(safe`   secret: ${name}${from === null ? ' (asked)' : ` from ${from}`}`);
  const { target } = runbook;
  if (target !== null)
    print(safe`   target: ${[target.context ?? 'any context', target.namespace ?? 'any namespace'].join(' / ')}`);
  print();
};
