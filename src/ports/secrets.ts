/** A value that must appear nowhere, with the name it is shown by. */
export interface Secret {
  readonly name: string;
  readonly value: string;
}

/** The secrets this process knows. Every text that leaves it for a disk or another program passes `mask`. Source: 50-safety. */
export interface SecretsRegistry {
  /** From now on every encoding of the value is masked. Values under 4 characters are ignored: they are refused as E511 before. */
  register(name: string, value: string): void;
  /** Registers the values of variables named like a secret, from 8 characters on; gives the names it took. */
  registerInherited(environment: Readonly<Record<string, string | undefined>>): readonly string[];
  readonly all: readonly Secret[];
  /** The name of a secret that the text holds in any encoding; null when there is none. */
  heldIn(text: string): string | null;
  /** Each occurrence becomes `[secret NAME]`. */
  mask(text: string): string;
}

/**
 * The value behind `env:NAME`, `op://…`, `vault:path#field`, `sops:file#key` or `cmd:…`.
 * Rejects with `ExpectedError` E512, which holds the reference and never the value.
 */
export type ResolveSecret = (reference: string) => Promise<string>;
