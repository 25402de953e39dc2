import type { ResolveSecret, SecretsRegistry } from '../ports/secrets.ts';
import type { ExecSpec } from '../session/exec-spec.ts';
import { secretInputOf } from '../session/spec.ts';
import type { FrameState } from '../session/state.ts';

/** Secret values of this process, by input name (same-named inputs of a rollback or handoff share them); references are resolved when a command needs them. */
export interface Vault {
  keep(input: string, value: string): void;
  /** Values of the secret variables in a spec; rejects with E512 when a reference cannot be resolved. */
  valuesFor(frame: FrameState, spec: ExecSpec): Promise<Readonly<Record<string, string>>>;
}

export const createVault = (registry: SecretsRegistry, resolve: ResolveSecret): Vault => {
  const typed = new Map<string, string>();
  return {
    keep: (input, value) => {
      registry.register(input, value);
      typed.set(input, value);
    },
    valuesFor: async (frame, spec) => {
      const values: Record<string, string> = {};
      for (const { name, sha256 } of spec.env) {
        if (sha256 !== null) continue;
        const input = secretInputOf(frame, name);
        const kept = input === null ? undefined : typed.get(input.name);
        if (kept !== undefined) values[name] = kept;
        else if (input?.from) {
          const value = await resolve(input.from);
          registry.register(input.name, value);
          values[name] = value;
        }
      }
      return values;
    },
  };
};
