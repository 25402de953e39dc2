import type { Face, InputForm } from '../engine/face.ts';
import { createJournal, runbookStore, uuidv7 } from '../journal/open.ts';
import type { Journal } from '../ports/journal.ts';
import type { SecretsRegistry } from '../ports/secrets.ts';
import type { EventData, MetricsServer, PreflightCheck, RunEvent, RunMode, RunTarget } from '../session/events.ts';
import { project } from '../session/project.ts';
import { initialState } from '../session/state.ts';
import type { Settings } from '../settings/settings.ts';
import { createSecretsRegistry } from '../shell/secrets-registry.ts';
import { ExpectedError, exitCodes } from '../text/errors.ts';
import { safeLine } from '../text/safe-text.ts';
import { version } from './about.ts';
import { type Concealed, conceal, concealedEvents, maskedTarget } from './conceal.ts';
import { gitOf } from './git.ts';
import type { MetricsChoice } from './metrics-server.ts';
import type { OpenedRunbook } from './open-runbook.ts';
import { hasPhasesBeforeStart, plannedStart, validateStart } from './planned-start.ts';
import { preflight } from './preflight.ts';
import { type Reachable, referenceOf } from './reachable.ts';
import { type LockPlace, lockCheck, scopeOf } from './run-lock.ts';
import { parseAt, type RunOptions } from './run-options.ts';
import { libraryOf, openParts, type RunParts } from './run-parts.ts';
import type { Person } from './session-id.ts';
import { type GivenInput, gatherInputs, missingError, parseSet, startInputs } from './start-inputs.ts';
import { findMetrics, metricsOfStart } from './start-metrics.ts';
import { findStart, type NamedTarget, namedTarget } from './start-target.ts';
import { validateFor } from './validate.ts';

export interface StartRequest {
  readonly main: OpenedRunbook;
  readonly reachable: Reachable;
  readonly options: RunOptions;
  readonly answers: Readonly<Record<string, string>>;
  readonly settings: Settings;
  readonly restricted: ReadonlySet<string>;
  readonly person: Person;
  readonly session: string;
  readonly mode: RunMode;
  readonly lastValues: Readonly<Record<string, string>>;
  readonly now: number;
}

/** Everything before the first step: inputs, checks, the run folder and the first events. Null when the operator goes back. */
export const startRun = async (request: StartRequest, face: Face): Promise<RunParts | null> => {
  const { main, now } = request;
  const inputs = await allInputs(request, face);
  if (inputs === null) return null;
  const named = await namedTarget(request, face, inputs.given);
  if (named === null) return null;
  const metrics = metricsOfStart(request, named.target, inputs.given);
  const run = uuidv7(now);
  const journal = await createJournal({ session: request.session, actor: request.person.operator, run });
  const parts = await openedParts(request, named, inputs, metrics, journal).catch(async (error: unknown) => {
    // Node ends the whole process for a file that nobody closed.
    await journal.close();
    throw error;
  });
  let begun = false;
  const git = gitOf(main.realPath, main.bytes);
  try {
    for (const { bytes } of request.reachable.runbooks) await runbookStore(journal.dir).store(bytes);
    for (const [name, value] of Object.entries(inputs.secrets)) parts.engine.keepSecret(name, value);
    const concealed = conceal(main.runbook.inputs, inputs.given, parts.heldIn);
    for (const [name, value] of Object.entries(concealed.values)) parts.engine.keepSecret(name, value);
    const target = maskedTarget(named.target, parts.mask);
    const values = { ...inputs, ...concealed, metrics: metrics.server };
    const begins = (checks: readonly PreflightCheck[], reasons: Readonly<Record<string, string>>, from = noGit) =>
      firstEvents(request, run, target, checks, reasons, values, parts, from);
    const { reachable, restricted } = request;
    const session = project(initialState(libraryOf(reachable.runbooks)), begins([], {}), now);
    const [found, asked] = await Promise.all([
      findStart(request, named, parts),
      findMetrics(request, target, metrics, parts, session),
    ]);
    const facts = { main, reachable, restricted, target, environment: process.env, runner: parts.runner, now };
    const lock = await lockCheck(parts.lock.lock, target, request.settings.lock, parts.target.cluster !== null);
    const checks = [...(await preflight(facts)), ...found.checks, ...asked.checks, lock, ...concealed.checks];
    const page = { title: safeLine(main.runbook.title), target, checks, headline: headline(target, concealed.given) };
    const agreed = await face.preflight(page);
    if (agreed === null) return null;
    if (checks.some(({ level }) => level === 'stop')) return stopped(checks);
    await asked.remember();
    const events = begins(checks, agreed.reasons, await git);
    await parts.engine.record(events.toSpliced(1, 0, ...(await found.bind())));
    begun = true;
    return parts;
  } finally {
    if (!begun) await parts.discard();
  }
};

const noGit: EventData['run.started']['git'] = null;

const openedParts = async (
  request: StartRequest,
  { choice, target }: NamedTarget,
  { given }: AllInputs,
  { server }: MetricsChoice,
  journal: Journal,
): Promise<RunParts> =>
  openParts({
    journal,
    events: [],
    runbooks: request.reachable.runbooks,
    settings: request.settings,
    cwd: process.cwd(),
    context: choice === 'none' ? null : choice.context,
    lock: await lockPlace(request, target, given, journal.run),
    watch: { namespace: target.namespace, workloads: target.workloads, beganAt: request.now },
    metrics: server,
  });

const lockPlace = async (
  { main, person }: StartRequest,
  { namespace, workloads }: RunTarget,
  given: AllInputs['given'],
  run: string,
): Promise<LockPlace> => {
  const values = Object.fromEntries(Object.entries(given).map(([name, { value }]) => [name, value]));
  const scope = await scopeOf(main.runbook, main.path, workloads, values);
  return { scope, namespace, holder: `${person.user}@${person.host}/${run}`, who: person.operator };
};

const stopped = (checks: readonly PreflightCheck[]): never => {
  const check = checks.find(({ level }) => level === 'stop');
  throw new ExpectedError(check?.message ?? 'a check failed', {
    exit: exitCodes.refused,
    nextStep: check?.nextStep ?? '',
  });
};

interface AllInputs {
  readonly given: Readonly<Record<string, GivenInput>>;
  readonly secrets: Readonly<Record<string, string>>;
  /** T-0, UTC ms. */
  readonly plannedAt: number | null;
}

/** Asks for what is missing in one form, the planned start included when phases come before T-0. */
const allInputs = async (request: StartRequest, face: Face): Promise<AllInputs | null> => {
  const { main, options, mode } = request;
  const sources = { set: parseSet(options.set), answers: request.answers, environment: process.env };
  const { given, missing } = gatherInputs(main.runbook, sources);
  const asksStart =
    options.at === undefined && mode !== 'auto' && process.stdin.isTTY && hasPhasesBeforeStart(main.runbook);
  const plannedAt = options.at === undefined ? null : parseAt(options.at, request.now);
  if (missing.length === 0 && !asksStart) return { given, secrets: {}, plannedAt };
  if (mode === 'auto') throw missingError(missing);
  const { heldIn } = inheritedSecrets();
  const fields = startInputs(main.runbook)
    .filter((input) => input.type !== 'secret' || input.from === null)
    // A form shows what it is filled with.
    .filter(({ name }) => heldIn(given[name]?.value ?? '') === null)
    .map((input) => {
      const value = given[input.name]?.value;
      return { input, value: value ?? '', last: lastOf(request.lastValues[input.name], value) };
    });
  const form: InputForm = {
    title: safeLine(main.runbook.title),
    summary: main.runbook.summary === null ? null : safeLine(main.runbook.summary),
    fields: asksStart ? [...fields, { input: plannedStart, value: '', last: null }] : fields,
    validate: (input, value) =>
      input === plannedStart ? validateStart(value, request.now) : validateFor(heldIn)(input, value),
  };
  const filled = await face.askInputs(form);
  if (filled === null && !process.stdin.isTTY) throw missingError(missing);
  if (filled === null) return null;
  const { [plannedStart.name]: start, ...values } = filled.values;
  const isSecret = (name: string): boolean =>
    main.runbook.inputs.some((input) => input.name === name && input.type === 'secret');
  const typed = Object.entries(filled.secrets);
  const plain = typed.filter(([name]) => !isSecret(name));
  const asked = [...Object.entries(values), ...plain].map(([name, value]): [string, GivenInput] => {
    const known = given[name];
    return [name, known !== undefined && known.value === value ? known : { value, source: 'form' }];
  });
  return {
    given: { ...given, ...Object.fromEntries(asked) },
    secrets: Object.fromEntries(typed.filter(([name]) => isSecret(name))),
    plannedAt: start === undefined ? plannedAt : parseAt(start, request.now),
  };
};

const inheritedSecrets = (): SecretsRegistry => {
  const registry = createSecretsRegistry();
  registry.registerInherited(process.env);
  return registry;
};

const lastOf = (last: string | undefined, value: string | undefined): InputForm['fields'][number]['last'] =>
  last === undefined || last === value ? null : safeLine(last);

const headline = (target: RunTarget, given: Readonly<Record<string, GivenInput>>): ReturnType<typeof safeLine> => {
  const where = [target.context, target.namespace].filter((name) => name !== null).join(' / ');
  const what = [given.service?.value, given.version?.value].filter((value) => value !== undefined).join(' ');
  return safeLine(
    [target.production ? 'PROD' : '', where === '' ? 'no cluster' : where, what]
      .filter((part) => part !== '')
      .join('  '),
  );
};

const firstEvents = (
  request: StartRequest,
  run: string,
  target: RunTarget,
  checks: readonly PreflightCheck[],
  reasons: Readonly<Record<string, string>>,
  inputs: AllInputs & Concealed & { readonly metrics: MetricsServer | null },
  parts: RunParts,
  git: EventData['run.started']['git'],
): readonly RunEvent[] => {
  const { main, options, person, reachable, restricted, settings, mode, now } = request;
  const started: EventData['run.started'] = {
    run,
    tool: version,
    mode,
    ...person,
    utcOffset: -new Date(now).getTimezoneOffset(),
    ticket: options.ticket ?? null,
    cwd: process.cwd(),
    plannedAt: inputs.plannedAt,
    target,
    restricted: [...restricted],
    settings: { ...settings },
    git,
    targetVariables: parts.runner.targetVariables,
    metrics: inputs.metrics,
  };
  const values = Object.fromEntries(Object.entries(inputs.given).map(([name, { value }]) => [name, value]));
  const opened: EventData['frame.opened'] = {
    purpose: 'main',
    runbook: referenceOf(main),
    inputs: values,
    parent: null,
    source: null,
    reachable: reachable.ways,
  };
  return [
    { type: 'run.started', frame: 0, data: started },
    { type: 'preflight.checked', frame: 0, data: { checks } },
    ...Object.entries(reasons).map(
      ([what, reason]): RunEvent => ({ type: 'override.given', frame: 0, data: { what, reason } }),
    ),
    { type: 'frame.opened', frame: 0, data: opened },
    ...Object.entries(inputs.given).map(
      ([input, { value, source }]): RunEvent => ({
        type: 'input.given',
        frame: 0,
        data: { input, value, source, step: null },
      }),
    ),
    ...concealedEvents(inputs),
    ...Object.keys(inputs.secrets).map(
      (input): RunEvent => ({ type: 'secret.provided', frame: 0, data: { input, source: 'typed' } }),
    ),
  ];
};
