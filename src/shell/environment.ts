import type { CarriedEnvironment } from './attempt-files.ts';
import { readJson, replaceDurably } from './durable-files.ts';
import { markerVariable } from './processes.ts';

export type Environment = Readonly<Record<string, string>>;

/** Variables that make a shell or a program run code of somebody's choice before the command's. */
const dropped = /^(BASH_ENV|ENV|LD_.*|NODE_OPTIONS|PROMPT_COMMAND|BASH_FUNC_.*)$/;

/** What a shell sets for itself, and the marker: meaningless to the next command. */
const ownToOneShell = new Set(['_', 'SHLVL', 'PWD', 'OLDPWD', 'COLUMNS', 'LINES', 'KUBECONFIG', markerVariable]);

const isCarried = (name: string): boolean => !dropped.test(name) && !ownToOneShell.has(name);

/** The operator's environment without what could run code unseen. `kubeconfig` replaces KUBECONFIG when given. */
export const startEnvironment = (
  operator: Readonly<Record<string, string | undefined>>,
  kubeconfig: string | null,
): Environment => {
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(operator)) {
    if (value !== undefined && !dropped.test(name) && name !== markerVariable) kept[name] = value;
  }
  if (kubeconfig !== null) kept.KUBECONFIG = kubeconfig;
  return kept;
};

/** Names of tool variables that choose what a command acts on. */
const choosesTarget = /^(AWS|CLOUDSDK|AZURE|DOCKER|HELM|ARGOCD|VAULT)_|^PG[A-Z]+$/;

export const targetVariablesIn = (environment: Environment): readonly string[] =>
  Object.keys(environment)
    .filter((name) => choosesTarget.test(name))
    .sort();

export interface EnvironmentChange {
  readonly set: Readonly<Record<string, string>>;
  readonly unset: readonly string[];
}

/** What turns `from` into `to`, of the variables that go from one command to the next. */
export const changeBetween = (from: Environment, to: Environment): EnvironmentChange => {
  const set: Record<string, string> = {};
  for (const [name, value] of Object.entries(to)) {
    if (isCarried(name) && from[name] !== value) set[name] = value;
  }
  const unset = Object.keys(from).filter((name) => isCarried(name) && !Object.hasOwn(to, name));
  return { set, unset: unset.sort() };
};

export const applyChange = (environment: Environment, change: EnvironmentChange): Environment => {
  const result: Record<string, string> = { ...environment, ...change.set };
  for (const name of change.unset) delete result[name];
  return result;
};

/** Reads `env.json`; null when no command has handed anything on yet. */
export const readCarried = (path: string): CarriedEnvironment | null => readJson(path) as CarriedEnvironment | null;

/** Replaces `env.json`, unless a later command has already handed on its own. True when it was replaced. */
export const carry = (path: string, carried: CarriedEnvironment): boolean => {
  const before = readCarried(path);
  if (before !== null && before.attempt >= carried.attempt) return false;
  replaceDurably(path, JSON.stringify(carried));
  return true;
};
