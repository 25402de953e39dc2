import type { Recorded, RunEvent } from '../session/events.ts';
import { reduce } from '../session/reduce.ts';
import { pathSteps } from '../session/select.ts';
import { frameValues } from '../session/spec.ts';
import type { SessionState } from '../session/state.ts';
import { initialState } from '../session/state.ts';
import { isProduction, loadSettings } from '../settings/settings.ts';
import { type ExitCode, exitCodes } from '../text/errors.ts';
import { safe, safeLine } from '../text/safe-text.ts';
import { findRunbook } from './find-runbook.ts';
import { openRunbook } from './open-runbook.ts';
import { print } from './output.ts';
import { reachableFrom, referenceOf } from './reachable.ts';
import type { RunOptions } from './run-options.ts';
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
  const state = preview(main, reachable.ways, inputs, target);
  print(safe`${safeLine(main.runbook.title)}`);
  print(
    safe`target: ${target.production ? 'PROD ' : ''}${target.context ?? 'current context'} / ${target.namespace ?? 'default namespace'}`,
  );
  for (const { name, type } of missing) print(safe`missing: ${name}${type === 'secret' ? ' (secret)' : ''}`);
  const values = frameValues(state, state.frames[0] as SessionState['frames'][number]);
  for (const [name, value] of Object.entries(values)) print(safe`  ${name}=${value}`);
  let phase = -1;
  for (const at of pathSteps(state)) {
    if (at.phase.number !== phase) print(safe`\n${at.phase.title}`);
    phase = at.phase.number;
    print(
      safe`${at.step.id.padEnd(6)} ${at.step.title}${at.step.kind === 'manual' || at.step.kind === 'command' ? '' : `  [${at.step.kind}]`}`,
    );
    for (const action of at.step.actions) {
      if (action.kind !== 'command') continue;
      const { command } = action;
      print(
        safe`         ${command.options.manual ? 'by hand' : command.risk}${command.blocked === null ? '' : `, blocked ${command.blocked}`}`,
      );
      for (const line of command.script.trimEnd().split('\n')) print(safe`         $ ${line}`);
    }
  }
  return exitCodes.done;
};

const preview = (
  main: Awaited<ReturnType<typeof openRunbook>>,
  ways: Awaited<ReturnType<typeof reachableFrom>>['ways'],
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
  return [started, opened].map(recorded).reduce(reduce, initialState({ [main.sha256]: main.runbook }));
};
