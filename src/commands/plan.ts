import type { ReachableRunbook, Recorded, RunEvent } from '../session/events.ts';
import { openingOf } from '../session/frames.ts';
import { reduce } from '../session/reduce.ts';
import { frameValues } from '../session/spec.ts';
import type { FrameState, SessionState } from '../session/state.ts';
import { initialState } from '../session/state.ts';
import { isProduction, loadSettings } from '../settings/settings.ts';
import { type ExitCode, exitCodes } from '../text/errors.ts';
import { safe, safeLine } from '../text/safe-text.ts';
import { findRunbook } from './find-runbook.ts';
import { openRunbook } from './open-runbook.ts';
import { print } from './output.ts';
import { printOffPath, printPath } from './plan-steps.ts';
import { type Reachable, reachableFrom, referenceOf } from './reachable.ts';
import type { RunOptions } from './run-options.ts';
import { printWarnings } from './runbook-warnings.ts';
import { gatherInputs, parseSet } from './start-inputs.ts';
import { runTarget } from './target.ts';

/** Everything that would run, with its values; nothing is executed, nothing is written. */
export const plan = async (reference: string, options: RunOptions): Promise<ExitCode> => {
  const settings = await loadSettings();
  const main = await openRunbook(findRunbook(reference), settings.path);
  const reachable = await reachableFrom(main, settings.path);
  const { given, missing } = gatherInputs(main.runbook, {
    set: parseSet(options.set),
    answers: {},
    environment: process.env,
  });
  const target = runTarget(main.runbook, options, (name) => isProduction(name, settings), given);
  const inputs = Object.fromEntries(Object.entries(given).map(([name, { value }]) => [name, value]));
  const state = preview(main, reachable, inputs, target);
  print(safe`${safeLine(main.runbook.title)}`);
  print(
    safe`target: ${target.production ? 'PROD ' : ''}${target.context ?? 'current context'} / ${target.namespace ?? 'default namespace'}`,
  );
  for (const { name, type } of missing) print(safe`missing: ${name}${type === 'secret' ? ' (secret)' : ''}`);
  const frame = state.frames[0] as FrameState;
  for (const [name, value] of Object.entries(frameValues(state, frame))) print(safe`  ${name}=${value}`);
  printPath(main.runbook);
  printOffPath(main.runbook);
  for (const way of reachable.ways) printWay(state, frame, way);
  printWarnings(reachable.runbooks);
  return exitCodes.done;
};

/** Another runbook that this one leads to, with the values it would get as far as they are known. */
const printWay = (state: SessionState, main: FrameState, way: ReachableRunbook): void => {
  const runbook = state.library[way.runbook.sha256];
  if (runbook === undefined) return;
  print(
    safe`\n${way.purpose === 'rollback' ? 'Rollback' : 'Handoff'}: ${safeLine(runbook.title)}  (${way.runbook.path})`,
  );
  if (way.from === main.reference.sha256) {
    const { inputs } = openingOf(state, main, way.runbook, way.with, way.purpose, null, null);
    for (const [name, value] of Object.entries(inputs)) print(safe`  ${name}=${value}`);
  }
  printPath(runbook);
  printOffPath(runbook);
};

const preview = (
  main: Awaited<ReturnType<typeof openRunbook>>,
  { runbooks, ways }: Reachable,
  inputs: Readonly<Record<string, string>>,
  target: ReturnType<typeof runTarget>,
): SessionState => {
  const started: RunEvent = {
    type: 'run.started',
    frame: 0,
    data: {
      run: '',
      tool: '',
      mode: 'plain',
      operator: '',
      host: '',
      user: '',
      utcOffset: 0,
      ticket: null,
      cwd: '',
      plannedAt: null,
      target,
      restricted: [],
      settings: {},
      git: null,
      targetVariables: [],
    },
  };
  const opened: RunEvent = {
    type: 'frame.opened',
    frame: 0,
    data: { purpose: 'main', runbook: referenceOf(main), inputs, parent: null, source: null, reachable: ways },
  };
  const recorded = (event: RunEvent): Recorded => ({
    ...event,
    seq: 0,
    at: 0,
    mono: 0,
    boot: '',
    session: '',
    actor: '',
    h: '',
  });
  const library = Object.fromEntries(runbooks.map(({ sha256, runbook }) => [sha256, runbook]));
  return [started, opened].map(recorded).reduce(reduce, initialState(library));
};
