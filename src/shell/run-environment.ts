import { join } from 'node:path';
import type { SecretsRegistry } from '../ports/secrets.ts';
import type { AttemptOutcome } from '../session/outcome.ts';
import type { ExitFile } from './attempt-files.ts';
import {
  applyChange,
  carry,
  type Environment,
  readCarried,
  startEnvironment,
  withoutOutranking,
} from './environment.ts';
import { isInheritedSecret } from './secrets-registry.ts';

export interface RunEnvironmentOptions {
  readonly runDir: string;
  /** The operator's. */
  readonly operator: Readonly<Record<string, string | undefined>>;
  readonly startCwd: string;
  readonly secrets: SecretsRegistry;
  /** Commands get the run's kubeconfig. */
  readonly pinned: boolean;
}

/** What the next command of a run starts from. */
export interface RunEnvironment {
  readonly start: Environment;
  /** Names of the operator's variables that would outrank the run's kubeconfig. */
  readonly leftOut: readonly string[];
  current(): Environment;
  cwd(): string;
  /** What earlier commands set, by name; null for a value that holds a secret. */
  carried(): Readonly<Record<string, string | null>>;
  /**
   * Takes over what an ended attempt hands on, and gives its outcome. `memory` are the values that are in no file; null
   * when they were lost. An environment that cannot be saved, on a full disk, does not cost the outcome: nothing is
   * carried then, and a note says so.
   */
  take(exit: ExitFile, memory: Environment | null): AttemptOutcome;
}

const notSaved = (outcome: AttemptOutcome, error: unknown): AttemptOutcome => {
  const why = (error as NodeJS.ErrnoException).code ?? String(error);
  const note = `its variables and folder could not be saved (${why}): the next command starts without them`;
  return { ...outcome, carried: null, notes: [...outcome.notes, note] };
};

export const createRunEnvironment = (options: RunEnvironmentOptions): RunEnvironment => {
  const { secrets } = options;
  const path = join(options.runDir, 'env.json');
  const whole = startEnvironment(options.operator);
  const kept = (environment: Environment): Environment =>
    options.pinned ? withoutOutranking(environment) : environment;
  const start = kept(whole);
  secrets.registerInherited(start);
  let memory: Environment = {};
  return {
    start,
    leftOut: Object.keys(whole)
      .filter((name) => !Object.hasOwn(start, name))
      .sort(),
    current() {
      const carried = readCarried(path);
      return carried === null ? start : kept({ ...applyChange(start, carried), ...memory });
    },
    cwd: () => readCarried(path)?.cwd ?? options.startCwd,
    carried() {
      const values = Object.entries(readCarried(path)?.set ?? {});
      const shown = values.map(([name, value]) => [name, secrets.heldIn(value) === null ? value : null]);
      return { ...Object.fromEntries(shown), ...Object.fromEntries(Object.keys(memory).map((name) => [name, null])) };
    },
    take(exit, values) {
      const { outcome, environment } = exit;
      try {
        if (environment === null || !carry(path, environment) || values === null) return outcome;
      } catch (error) {
        return notSaved(outcome, error);
      }
      memory = values;
      for (const [name, value] of Object.entries(values)) {
        if (isInheritedSecret(name, value)) secrets.register(name, value);
      }
      return outcome;
    },
  };
};
