import { Command, CommanderError } from 'commander';
import { nearest } from '../runbook/nearest.ts';
import { ExpectedError, exitCodes } from '../text/errors.ts';
import { version } from './about.ts';
import { NoRunbookError } from './no-runbook.ts';
import type { RunOptions } from './run-options.ts';
import type { UnlockOptions } from './unlock.ts';
import type { WatchOptions } from './watch.ts';

/** Shipped runbooks that have a command of their own. */
const shippedNames = ['hotfix', 'canary', 'rollback', 'pre-deploy'] as const;

const collect = (value: string, all: readonly string[]): readonly string[] => [...all, value];

/** Parses the command line and runs the command; gives the exit code. Commands are loaded when they are called. */
export const runCommandLine = async (argv: readonly string[]): Promise<number> => {
  let exit: number = exitCodes.done;
  const ends = (run: () => Promise<number>) => async (): Promise<void> => {
    exit = await run();
  };
  const program = build((run) => ends(run)());
  try {
    await program.parseAsync(withRun(program, argv), { from: 'user' });
    return exit;
  } catch (error) {
    if (error instanceof NoRunbookError) throw noSuchWord(program, argv, error);
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return exitCodes.done;
    if (error.code === 'commander.help') throw noSuchCommand(program, argv[1] ?? '');
    throw new ExpectedError(error.message.replace(/^error: /, '').replace(/\.$/, ''), {
      nextStep: helpFor(program, argv),
    });
  }
};

const isCommand = (program: Command, name: string): boolean =>
  name === 'help' || program.commands.some((command) => command.name() === name || command.aliases().includes(name));

/** Where the command that was meant is explained; a word that is none, and looks like one, is named. */
const helpFor = (program: Command, [first = '']: readonly string[]): string => {
  if (isCommand(program, first)) return `gonogo ${first} --help shows how it is used`;
  const meant = nearestCommand(program, first);
  return meant === null ? 'gonogo --help lists commands and options' : `Did you mean "gonogo ${meant}"?`;
};

/** `gonogo help chekc`. */
const noSuchCommand = (program: Command, word: string): ExpectedError => {
  const meant = nearestCommand(program, word);
  return new ExpectedError(`there is no command "${word}"`, {
    nextStep: meant === null ? 'gonogo --help lists them' : `Did you mean "gonogo help ${meant}"?`,
  });
};

/** `gonogo chekc`: a mistyped command is looked up as a runbook, and there is none of that name. */
const noSuchWord = (program: Command, [first = '']: readonly string[], error: NoRunbookError): ExpectedError => {
  const meant = isCommand(program, first) ? null : nearestCommand(program, first);
  return meant === null
    ? error
    : new ExpectedError(`there is no command and no runbook "${first}"`, {
        nextStep: `Did you mean "gonogo ${meant}"?`,
      });
};

const nearestCommand = (program: Command, word: string): string | null =>
  nearest(
    word,
    program.commands.map((command) => command.name()),
  );

/** `gonogo FILE` is `gonogo run FILE`; a bare name never shadows a command. */
const withRun = (program: Command, argv: readonly string[]): readonly string[] => {
  const [first] = argv;
  if (first === undefined || first.startsWith('-')) return argv;
  return isCommand(program, first) ? argv : ['run', ...argv];
};

const runFlags = (command: Command): Command =>
  command
    .option('--set <name=value>', 'a value for an input; can be given several times', collect, [])
    .option('--context <name>', 'Kubernetes context; the run is bound to its cluster')
    .option('--namespace <name>', 'namespace of the run and of its commands')
    .option('--prometheus <url>', 'metrics server of the run; else the one that the settings bind to the context')
    .option('--ticket <id>', 'ticket for the record')
    .option('--at <time>', 'planned start (T-0), for example 14:30')
    .option('--plain', 'lines instead of a screen')
    .option('--auto', 'run what needs no judgement; stops with exit code 6 where a person is needed')
    .option('--answers <file>', 'answers to the prompts, as YAML');

const build = (ends: (run: () => Promise<number>) => Promise<void>): Command => {
  const program = new Command('gonogo')
    .description('Walk deployment runbooks in the terminal, one go/no-go decision at a time, and keep the record.')
    .version(version)
    .helpCommand(true)
    .exitOverride()
    .configureOutput({ writeErr: () => undefined })
    .showHelpAfterError(false)
    .action(() => ends(async () => (await import('./start.ts')).start(() => program.outputHelp())));
  addRuns(program, ends);
  addRunbooks(program, ends);
  addRecords(program, ends);
  for (const command of program.commands) command.exitOverride().configureOutput({ writeErr: () => undefined });
  return program;
};

type Ends = (run: () => Promise<number>) => Promise<void>;

const addRuns = (program: Command, ends: Ends): void => {
  runFlags(program.command('run <runbook>').description('walk a runbook (a path, or a name that "gonogo list" shows)'))
    .addHelpText(
      'after',
      '\nExample:\n  gonogo run runbooks/hotfix.md --set service=checkout --set version=v2.3.1 --ticket INC-4711',
    )
    .action((runbook: string, options: RunOptions) =>
      ends(async () => (await import('./run.ts')).run(runbook, options)),
    );
  for (const name of shippedNames) {
    runFlags(program.command(name).description(`the shipped ${name} runbook`))
      .addHelpText('after', `\nExample:\n  gonogo ${name} --set service=checkout`)
      .action((options: RunOptions) => ends(async () => (await import('./run.ts')).runShipped(name, options)));
  }
  program
    .command('resume [run]')
    .description('go on with a run; without an id the newest unfinished one')
    .option('--plain', 'lines instead of a screen')
    .option('--auto', 'run what needs no judgement')
    .option('--answers <file>', 'answers to the prompts, as YAML')
    .addHelpText('after', '\nExample:\n  gonogo resume')
    .action((run: string | undefined, options: RunOptions) =>
      ends(async () => (await import('./resume.ts')).resume(run ?? null, options)),
    );
  program
    .command('watch <run>')
    .description('watch rollback criteria and panels of a run without lock or changes; resume tells what was seen')
    .option('--notify', "start the settings' notify command when a criterion is breached")
    .option('--plain', 'lines instead of a screen')
    .addHelpText('after', '\nExample:\n  gonogo watch 0199 --notify')
    .action((run: string, options: WatchOptions) => ends(async () => (await import('./watch.ts')).watch(run, options)));
  program
    .command('unlock [run-or-scope]')
    .description('give a deploy lock free that a run parked or kept after a rollback, with a reason')
    .option('--context <name>', 'the cluster that a scope is locked in; without it on this host')
    .option('--namespace <name>', 'the namespace of the lock')
    .option('--reason <text>', 'why it may be given free; else it is asked')
    .option('--type <user>', 'the holder, where it has to be typed')
    .addHelpText(
      'after',
      '\nExample:\n  gonogo unlock deployment-checkout --context prod-eu --namespace shop --reason "rolled back, CHG-4711 is closed"',
    )
    .action((what: string | undefined, options: UnlockOptions) =>
      ends(async () => (await import('./unlock.ts')).unlock(what ?? null, options)),
    );
  program
    .command('runs')
    .description('list runs, the newest first')
    .option('--limit <n>', 'how many', '20')
    .option('--format <format>', 'text or json', 'text')
    .addHelpText('after', '\nExample:\n  gonogo runs --limit 5')
    .action((options: { limit: string; format: string }) =>
      ends(async () => (await import('./runs.ts')).runs(options)),
    );
};

const addRunbooks = (program: Command, ends: Ends): void => {
  program
    .command('list')
    .description('list the runbooks that are found by name')
    .addHelpText('after', '\nExample:\n  gonogo list')
    .action(() => ends(async () => (await import('./list.ts')).list()));
  program
    .command('show <runbook>')
    .description('print what gonogo reads in a runbook')
    .option('--format <format>', 'text or json', 'text')
    .addHelpText('after', '\nExample:\n  gonogo show runbooks/canary.md --format json')
    .action((runbook: string, options: { format: string }) =>
      ends(async () => (await import('./show.ts')).show(runbook, options)),
    );
  program
    .command('plan <runbook>')
    .description('print everything that would run, with values; nothing is executed')
    .option('--set <name=value>', 'a value for an input; can be given several times', collect, [])
    .option('--context <name>', 'Kubernetes context, by name')
    .option('--namespace <name>', 'namespace, by name')
    .addHelpText('after', '\nExample:\n  gonogo plan hotfix --set service=checkout --set version=v2.3.1')
    .action((runbook: string, options: RunOptions) =>
      ends(async () => (await import('./plan.ts')).plan(runbook, options)),
    );
  program
    .command('check <path...>')
    .description('report every problem of runbooks; folders are searched')
    .option('--strict', 'warnings fail, too')
    .option('--format <format>', 'text or json', 'text')
    .addHelpText('after', '\nExample:\n  gonogo check runbooks --strict')
    .action((paths: string[], options: { strict?: boolean; format: string }) =>
      ends(async () => (await import('./check.ts')).check(paths, options)),
    );
  program
    .command('init [file]')
    .description('write a commented runbook to start from')
    .addHelpText('after', '\nExample:\n  gonogo init deploy.md')
    .action((file: string | undefined) => ends(async () => (await import('./init.ts')).init(file ?? 'runbook.md')));
  program
    .command('trust <runbook>')
    .description('show what a runbook would run, and allow it')
    .option('--yes', 'allow it without asking')
    .option('--repo', 'allow it when it equals the file at the protected branch as last fetched')
    .addHelpText('after', '\nExample:\n  gonogo trust deploy.md')
    .action((runbook: string, options: { yes?: boolean; repo?: boolean }) =>
      ends(async () => (await import('./trust.ts')).trust(runbook, options)),
    );
};

const addRecords = (program: Command, ends: Ends): void => {
  program
    .command('export <run>')
    .description('write the record of a run')
    .option('--format <format>', 'md or json', 'md')
    .option('--fit <where>', 'keep the limit of github, jira or slack')
    .option('-o, --output <file>', 'a file; without it the record is printed')
    .addHelpText('after', '\nExample:\n  gonogo export 0199 --format md --fit github')
    .action((run: string, options: { format: string; fit?: string; output?: string }) =>
      ends(async () => (await import('./export.ts')).exportRecord(run, options)),
    );
  program
    .command('verify <run-or-record>')
    .description('check that a run or a record was not changed')
    .option('--anchor <hex>', 'a head that was published while the run went on', collect, [])
    .addHelpText('after', '\nExample:\n  gonogo verify record.md')
    .action((what: string, options: { anchor: readonly string[] }) =>
      ends(async () => (await import('./verify.ts')).verify(what, options)),
    );
  program
    .command('config [key] [value]')
    .description('show or change settings')
    .option('--unset', 'back to the default')
    .addHelpText('after', '\nExample:\n  gonogo config operator "Alice Example"')
    .action((key: string | undefined, value: string | undefined, options: { unset?: boolean }) =>
      ends(async () => (await import('./config.ts')).config(key ?? null, value ?? null, options)),
    );
};
