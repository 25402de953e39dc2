import { statSync } from 'node:fs';
import type { Diagnostic, Runbook } from '../runbook/model.ts';
import { places } from '../session/walk.ts';
import { loadSettings } from '../settings/settings.ts';
import { type ExitCode, ExpectedError, exitCodes } from '../text/errors.ts';
import { safe, safeLine, safeText } from '../text/safe-text.ts';
import { filesToCheck } from './check-files.ts';
import { diagnosticLine, type OpenedRunbook, readRunbook, shownPath } from './open-runbook.ts';
import { checkFormat, print, printJson } from './output.ts';
import { namesOthers, reachableFrom } from './reachable.ts';

interface Checked {
  readonly path: string;
  readonly runbook: Runbook | null;
  readonly diagnostics: readonly Diagnostic[];
  /** It could not be read at all. */
  readonly unreadable: string | null;
}

interface CheckOptions {
  readonly strict?: boolean;
  readonly format: string;
}

/** Reports every problem of files and folders; a folder ends with a table. Exit 2 with errors, with `--strict` also with warnings. */
export const check = async (paths: readonly string[], options: CheckOptions): Promise<ExitCode> => {
  checkFormat(options.format);
  const { path: offPath } = await loadSettings();
  const { runbooks, passedOver } = filesToCheck(paths);
  const checked: Checked[] = [];
  for (const path of runbooks) checked.push(await checkOne(path, offPath));
  const bad = checked.some(
    ({ unreadable, runbook, diagnostics }) =>
      unreadable !== null ||
      runbook === null ||
      diagnostics.some(({ severity }) => severity === 'error' || (options.strict === true && severity === 'warning')),
  );
  if (options.format === 'json')
    printJson([
      ...checked.map(({ path, diagnostics, runbook, unreadable }) => ({
        path,
        model: runbook !== null,
        passedOver: false,
        unreadable,
        diagnostics,
      })),
      ...passedOver.map((path) => ({
        path: shownPath(path),
        model: false,
        passedOver: true,
        unreadable: null,
        diagnostics: [],
      })),
    ]);
  else
    await report(
      checked,
      passedOver.map((path) => shownPath(path)),
      paths.some((path) => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true),
    );
  return bad ? exitCodes.usage : exitCodes.done;
};

const checkOne = async (path: string, offPath: 'auto' | 'all'): Promise<Checked> => {
  try {
    const file = await readRunbook(path, offPath);
    const { runbook, diagnostics } = file;
    const unreachable = runbook === null ? [] : await unreachableFrom({ ...file, runbook }, offPath);
    return { path: shownPath(path), runbook, diagnostics: [...diagnostics, ...unreachable], unreadable: null };
  } catch (error) {
    if (!(error instanceof ExpectedError)) throw error;
    return {
      path: shownPath(path),
      runbook: null,
      diagnostics: [],
      unreadable: `${error.code === null ? '' : `${error.code} `}${error.message}${error.nextStep === null ? '' : `. ${error.nextStep}`}`,
    };
  }
};

/** E218 for a rollback or handoff, here or further on, that is missing, cannot be used or leads back to itself. */
const unreachableFrom = async (file: OpenedRunbook, offPath: 'auto' | 'all'): Promise<readonly Diagnostic[]> => {
  if (!namesOthers(file.runbook)) return [];
  try {
    await reachableFrom(file, offPath);
    return [];
  } catch (error) {
    if (!(error instanceof ExpectedError) || error.code !== 'E218') throw error;
    const place = error.place ?? '';
    const own = place.startsWith(`${file.path}:`) ? Number(place.slice(file.path.length + 1)) : null;
    const message = own === null ? `${place}: ${error.message}` : error.message;
    return [{ code: 'E218', severity: 'error', line: own ?? 1, column: 1, message, hint: error.nextStep }];
  }
};

const report = async (checked: readonly Checked[], passedOver: readonly string[], isFolder: boolean): Promise<void> => {
  for (const { path, diagnostics, unreadable } of checked) {
    if (unreadable !== null) print(safe`${path}: ${unreadable}`);
    for (const diagnostic of diagnostics) print(diagnosticLine(path, diagnostic));
  }
  const problems = checked.reduce(
    (sum, { diagnostics, unreadable }) => sum + diagnostics.length + (unreadable === null ? 0 : 1),
    0,
  );
  if (isFolder) await summary(checked, passedOver);
  else if (problems === 0)
    print(safe`${checked.length === 1 ? (checked[0]?.path ?? '') : `${checked.length} files`}: no problems`);
};

const commandsIn = (runbook: Runbook): readonly { readonly blocked: string | null }[] =>
  places(runbook).flatMap(({ step }) =>
    step.actions.flatMap((action) => (action.kind === 'command' ? [action.command] : [])),
  );

const kindOf = ({ runbook, diagnostics }: Checked): string => {
  if (runbook === null || diagnostics.some(({ severity }) => severity === 'error')) return 'cannot run';
  const commands = commandsIn(runbook);
  if (commands.length === 0 && runbook.plain) return 'reference only';
  if (commands.some(({ blocked }) => blocked !== null)) return 'has blocked commands';
  return runbook.inputs.some((input) => input.default === null) ? 'asks for values' : 'runs as it is';
};

const kinds = ['runs as it is', 'asks for values', 'has blocked commands', 'reference only', 'cannot run'];

/** Names of files that are told in one line. */
const namedFiles = 5;

const summary = async (checked: readonly Checked[], passedOver: readonly string[]): Promise<void> => {
  // Measuring text loads tables of all characters, which the check of a file does not need.
  const { table } = await import('./table.ts');
  if (checked.length === 0) print(safeText('there is no runbook in this folder; gonogo init writes one to start from'));
  print();
  const counts = kinds.map((kind) => [
    safeText(kind),
    safeText(String(checked.filter((file) => kindOf(file) === kind).length)),
  ]);
  for (const line of table(counts)) print(line);
  if (passedOver.length > 0) {
    const more = passedOver.length > namedFiles ? ` and ${passedOver.length - namedFiles} more` : '';
    const names = safeLine(passedOver.slice(0, namedFiles).join(', ') + more);
    print(safe`\npassed over, as neither "gonogo:" nor "phases:" stands at their top: ${names}`);
  }
  const reasons = new Map<string, { count: number; message: string }>();
  for (const { code, message } of checked.flatMap(({ diagnostics }) => diagnostics)) {
    const known = reasons.get(code);
    reasons.set(code, { count: (known?.count ?? 0) + 1, message: known?.message ?? message });
  }
  const frequent = [...reasons].toSorted(([, a], [, b]) => b.count - a.count).slice(0, 10);
  if (frequent.length === 0) return;
  print();
  for (const line of table(
    frequent.map(([code, { count, message }]) => [
      safeText(String(count)),
      safeText(code),
      safe`for example: ${safeLine(message)}`,
    ]),
  ))
    print(line);
};
