import type { ResolveSecret } from '../ports/secrets.ts';
import { ExpectedError } from '../text/errors.ts';
import { runBounded } from './bounded-run.ts';
import type { Environment } from './environment.ts';

export interface ResolverOptions {
  readonly environment: Environment;
  readonly cwd: string;
  /** Default 20 s. */
  readonly timeoutMs?: number;
}

interface Lookup {
  readonly file: string;
  readonly args: readonly string[];
}

/** `db.password` -> `["db"]["password"]`, as sops wants it. */
const sopsPath = (key: string): string =>
  key
    .split('.')
    .map((part) => `[${JSON.stringify(part)}]`)
    .join('');

const split = (text: string): readonly [string, string] | null => {
  const hash = text.lastIndexOf('#');
  return hash <= 0 || hash === text.length - 1 ? null : [text.slice(0, hash), text.slice(hash + 1)];
};

/** The program that knows the value; null when the reference is not of a known form. */
const lookupFor = (reference: string): Lookup | null => {
  if (reference.startsWith('op://')) return { file: 'op', args: ['read', '--no-newline', reference] };
  const colon = reference.indexOf(':');
  const scheme = reference.slice(0, colon);
  const rest = reference.slice(colon + 1);
  const parts = split(rest);
  if (scheme === 'vault' && parts !== null)
    return { file: 'vault', args: ['kv', 'get', `-field=${parts[1]}`, parts[0]] };
  if (scheme === 'sops' && parts !== null) {
    return { file: 'sops', args: ['--decrypt', '--extract', sopsPath(parts[1]), parts[0]] };
  }
  if (scheme === 'cmd' && rest.trim() !== '') {
    return { file: 'bash', args: ['--noprofile', '--norc', '-eo', 'pipefail', '-c', rest] };
  }
  return null;
};

const unresolved = (reference: string, why: string, nextStep: string): ExpectedError =>
  new ExpectedError(`secret ${reference} could not be resolved: ${why}`, { code: 'E512', nextStep });

/** Resolves references by the programs that hold the secrets. What those print on stderr is not passed on: it may hold a value. */
export const createSecretResolver = (options: ResolverOptions): ResolveSecret => {
  const timeoutMs = options.timeoutMs ?? 20_000;
  return async (reference) => {
    if (reference.startsWith('env:')) {
      const value = options.environment[reference.slice(4)];
      if (value === undefined || value === '') {
        throw unresolved(reference, 'the variable is not set', 'set it before gonogo starts');
      }
      return value;
    }
    const lookup = lookupFor(reference);
    if (lookup === null) {
      const known = 'write env:NAME, op://VAULT/ITEM/FIELD, vault:PATH#FIELD, sops:FILE#KEY or cmd:COMMAND';
      throw unresolved(reference, 'not a known form of reference', known);
    }
    const result = await runBounded({
      ...lookup,
      environment: options.environment,
      cwd: options.cwd,
      input: null,
      timeoutMs,
      limitBytes: 1 << 20,
    });
    if (result.missing) throw unresolved(reference, `${lookup.file} was not found on PATH`, `install ${lookup.file}`);
    if (result.timedOut) {
      throw unresolved(reference, `${lookup.file} did not answer in ${timeoutMs / 1000} s`, 'log in with it first');
    }
    if (result.exit !== 0) {
      const how = result.exit === null ? 'was ended by a signal' : `ended with exit ${result.exit}`;
      throw unresolved(reference, `${lookup.file} ${how}`, 'run it by hand to see why');
    }
    const value = result.stdout.toString('utf8').replace(/\r?\n$/, '');
    if (value === '' || result.truncated) {
      throw unresolved(
        reference,
        `${lookup.file} gave ${value === '' ? 'nothing' : 'more than 1 MiB'}`,
        'check the reference',
      );
    }
    return value;
  };
};
