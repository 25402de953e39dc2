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
  printPath(frame);
  printOffPath(frame);
  const frames = [frame];
  for (const way of reachable.ways) frames.push(...printWay(state, frames, way));
  printWarnings(reachable.runbooks);
  return exitCodes.done;
};

/** Another runbook that one of these frames leads to, with the values it would get as far as they are known. */
const printWay = (state: SessionState, frames: readonly FrameState[], way: ReachableRunbook): readonly FrameState[] => {
  const from = frames.find(({ reference }) => reference.sha256 === way.from);
  if (from === undefined) return [];
  const data = openingOf(state, from, way.runbook, way.with, way.purpose, null, null);
  const frame = reduce(state, recorded({ type: 'frame.opened', frame: state.frames.length, data })).frames.at(-1);
  if (frame === undefined) return [];
  const { runbook } = frame;
  print(
    safe`\n${way.purpose === 'rollback' ? 'Rollback' : 'Handoff'}: ${safeLine(runbook.title)}  (${way.runbook.path})`,
  );
  for (const [name, value] of Object.entries(data.inputs)) print(safe`  ${name}=${value}`);
  if (frames.some(({ reference }) => reference.sha256 === frame.reference.sha256)) print(safe`  its steps: above`);
  else {
    printPath(frame);
    printOffPath(frame);
  }
  return [frame];
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
  const library = Object.fromEntries(runbooks.map(({ sha256, runbook }) => [sha256, runbook]));
  return [started, opened].map(recorded).reduce(reduce, initialState(library));
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
