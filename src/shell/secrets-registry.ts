import type { Secret, SecretsRegistry } from '../ports/secrets.ts';
import { createMasker, type Masker, maskText, secretIn } from './masker.ts';
import { shortestPattern } from './secret-patterns.ts';

const secretName = /TOKEN|SECRET|PASSWORD|_KEY$/i;

/** `*TOKEN*`, `*SECRET*`, `*PASSWORD*`, `*_KEY`: its value is taken for a secret without anybody saying so. */
export const isNamedLikeSecret = (name: string): boolean => secretName.test(name);

const isHarmless = (value: string): boolean =>
  /^[+-]?\d+(\.\d+)?$/.test(value) || /^(true|false)$/i.test(value) || /^(~|\.{1,2})?\/[^\s:]*$/.test(value);

/** Whether the value of such a variable is worth masking: short values, numbers, paths and flags would only spoil the output. */
export const isInheritedSecret = (name: string, value: string): boolean =>
  isNamedLikeSecret(name) && value.length >= 8 && !isHarmless(value);

export const createSecretsRegistry = (): SecretsRegistry => {
  const secrets = new Map<string, Secret>();
  let masker: Masker | null | undefined;
  const current = (): Masker | null => {
    masker ??= createMasker([...secrets.values()]);
    return masker;
  };
  const register = (name: string, value: string): void => {
    if (value.length < shortestPattern || secrets.has(value)) return;
    secrets.set(value, { name, value });
    masker = undefined;
  };
  return {
    register,
    registerInherited(environment) {
      const taken: string[] = [];
      for (const [name, value] of Object.entries(environment)) {
        if (value === undefined || !isInheritedSecret(name, value)) continue;
        register(name, value);
        taken.push(name);
      }
      return taken;
    },
    get all() {
      return [...secrets.values()];
    },
    heldIn: (text) => secretIn(current(), text),
    mask: (text) => maskText(current(), text),
  };
};
