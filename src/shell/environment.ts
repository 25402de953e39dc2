import { outranksKubeconfig } from '../session/pin.ts';
import type { CarriedEnvironment } from './attempt-files.ts';
import { readJson, replaceDurably } from './durable-files.ts';
import { markerVariable } from './processes.ts';

export type Environment = Readonly<Record<string, string>>;

/** Variables that make a shell or a program run code of somebody's choice before the command's. */
const dropped = /^(BASH_ENV|ENV|LD_.*|NODE_OPTIONS|PROMPT_COMMAND|BASH_FUNC_.*)$/;

/** What a shell sets for itself, and the marker: meaningless to the next command. */
const ownToOneShell = new Set(['_', 'SHLVL', 'PWD', 'OLDPWD', 'COLUMNS', 'LINES', 'KUBECONFIG', markerVariable]);

const isCarried = (name: string): boolean => !dropped.test(name) && !ownToOneShell.has(name);

/** The operator's environment without what could run code unseen. */
export const startEnvironment = (operator: Readonly<Record<string, string | undefined>>): Environment => {
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(operator)) {
    if (value !== undefined && !dropped.test(name) && name !== markerVariable) kept[name] = value;
  }
  return kept;
};

/** With a kubeconfig of the run nothing may outrank it. */
export const withoutOutranking = (environment: Environment): Environment =>
  Object.fromEntries(Object.entries(environment).filter(([name]) => !outranksKubeconfig(name)));

/** Variables of the tools that act on something, by their prefixes. */
const ofTargetTools = /^(AWS|CLOUDSDK|AZURE|DOCKER|HELM|ARGOCD|VAULT)_|^PG[A-Z]+$/;

/** Those of them that say what a tool trusts and how it works or prints, not what it acts on. */
const onlySettings = new Set(
  `AWS_CA_BUNDLE AWS_PAGER AWS_DEFAULT_OUTPUT AWS_MAX_ATTEMPTS AWS_RETRY_MODE AWS_CLI_AUTO_PROMPT AWS_EXECUTION_ENV
  AWS_CLI_FILE_ENCODING AWS_SDK_UA_APP_ID CLOUDSDK_PYTHON CLOUDSDK_CORE_CUSTOM_CA_CERTS_FILE CLOUDSDK_CORE_DISABLE_PROMPTS
  CLOUDSDK_CORE_VERBOSITY CLOUDSDK_CORE_DISABLE_USAGE_REPORTING AZURE_CORE_OUTPUT AZURE_CORE_NO_COLOR
  AZURE_CORE_COLLECT_TELEMETRY AZURE_CLI_DISABLE_CONNECTION_VERIFICATION DOCKER_BUILDKIT DOCKER_CLI_HINTS
  DOCKER_CERT_PATH DOCKER_TLS_VERIFY DOCKER_CONTENT_TRUST DOCKER_DEFAULT_PLATFORM DOCKER_HIDE_LEGACY_COMMANDS HELM_DEBUG
  HELM_MAX_HISTORY HELM_PLUGINS HELM_CACHE_HOME HELM_DATA_HOME HELM_NO_PLUGINS HELM_KUBECAFILE ARGOCD_LOG_LEVEL
  VAULT_CACERT VAULT_CACERT_BYTES VAULT_CAPATH VAULT_SKIP_VERIFY VAULT_FORMAT VAULT_LOG_LEVEL VAULT_MAX_RETRIES
  VAULT_CLIENT_TIMEOUT VAULT_RATE_LIMIT VAULT_CLI_NO_COLOR PGSSLMODE PGSSLROOTCERT PGSSLCRL PGSSLCOMPRESSION
  PGAPPNAME PGTZ PGDATESTYLE PGCLIENTENCODING PGCONNECT_TIMEOUT PGGSSENCMODE`.split(/\s+/),
);

const choosesTarget = (name: string): boolean => ofTargetTools.test(name) && !onlySettings.has(name);

export const targetVariablesIn = (environment: Environment): readonly string[] =>
  Object.keys(environment).filter(choosesTarget).sort();

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
