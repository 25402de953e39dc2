import { ExpectedError, errorLine } from '../text/errors.ts';
import { safeLine } from '../text/safe-text.ts';
import { userConfigFolder } from './folders.ts';
import { defaultSettings, type PrometheusSetting, type Settings } from './shape.ts';
import { readStore, storePath } from './store.ts';

export { defaultSettings, type PrometheusSetting, type Settings, type Theme } from './shape.ts';

export interface ReadSettings {
  readonly path: string;
  /** The defaults when there is a problem: half of a file may be worse than none of it. */
  readonly settings: Settings;
  /** With path and key; exit 2. */
  readonly problem: ExpectedError | null;
}

/** Reads and checks the settings file; the checking library is loaded only when there is a file. */
export const readSettings = async (folder: string = userConfigFolder()): Promise<ReadSettings> => {
  const path = storePath(folder, 'config');
  try {
    const file = readStore(folder, 'config');
    if (file === null) return { path, settings: defaultSettings, problem: null };
    const { parseSettings } = await import('./schema.ts');
    return { path, settings: parseSettings(file, path), problem: null };
  } catch (error) {
    if (!(error instanceof ExpectedError)) throw error;
    return { path, settings: defaultSettings, problem: error };
  }
};

const tellOnStderr = (problem: ExpectedError): void => {
  process.stderr.write(`${safeLine(errorLine(problem))}; the defaults are used\n`);
};

/** For commands that can do without: an invalid file is said and the defaults hold. */
export const loadSettings = async (
  folder?: string,
  tell: (problem: ExpectedError) => void = tellOnStderr,
): Promise<Settings> => {
  const { settings, problem } = await readSettings(folder);
  if (problem !== null) tell(problem);
  return settings;
};

/** For `run` and `trust`: throws the `ExpectedError` of an invalid file, since guessed settings could run the wrong thing. */
export const requireSettings = async (folder?: string): Promise<Settings> => {
  const { settings, problem } = await readSettings(folder);
  if (problem !== null) throw problem;
  return settings;
};

/** Whether a context's name says production. */
export const isProduction = (context: string, settings: Pick<Settings, 'production'>): boolean =>
  settings.production.some((pattern) => new RegExp(pattern, 'i').test(context));

/** The metrics server for a context; null when none is set. */
export const prometheusFor = (context: string, settings: Pick<Settings, 'prometheus'>): PrometheusSetting | null =>
  settings.prometheus.find((one) => new RegExp(one.context, 'i').test(context)) ?? null;
