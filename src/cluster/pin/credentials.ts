import { readFileSync } from 'node:fs';
import { ExpectedError, exitCodes } from '../../text/errors.ts';
import type { Authentication, Credentials } from '../api/connection.ts';
import { type ExecCredential, type ExecPluginOptions, runExecPlugin } from './exec-plugin.ts';
import type { PinnedContext, PinnedUser } from './pinned-context.ts';

export interface CredentialsOptions extends ExecPluginOptions {
  /** UTC ms. */
  readonly now: () => number;
  /** A new secret: it must be masked wherever it turns up. */
  readonly onSecret?: (value: string) => void;
}

/** A credential is not used in its last seconds: it would expire on its way. */
const expiryMarginMs = 10_000;

/** The user of a pinned context. Certificates and tokens stay in memory; a login helper is run when one is needed. */
export const createCredentials = (pinned: PinnedContext, options: CredentialsOptions): Credentials => {
  const { user } = pinned;
  let held: ExecCredential | null = null;
  let asking: Promise<ExecCredential> | null = null;

  const ask = (): Promise<ExecCredential> => {
    asking ??= runExecPlugin(pinned, options)
      .then((credential) => {
        for (const secret of [credential.token, credential.key]) if (secret !== null) options.onSecret?.(secret);
        held = credential;
        return credential;
      })
      .finally(() => {
        asking = null;
      });
    return asking;
  };
  const isValid = ({ expiresAt }: ExecCredential): boolean =>
    expiresAt === null || expiresAt - expiryMarginMs > options.now();

  return {
    now: async () => {
      if (user.exec === null) return plainAuthentication(user, options);
      const credential = held !== null && isValid(held) ? held : await ask();
      return {
        headers: { ...bearer(credential.token), ...impersonation(user) },
        cert: credential.cert ?? user.cert,
        key: credential.key ?? user.key,
      };
    },
    renew: async () => {
      if (user.exec === null) return user.tokenFile !== null;
      held = null;
      await ask();
      return true;
    },
  };
};

const plainAuthentication = (user: PinnedUser, { onSecret }: CredentialsOptions): Authentication => {
  const token = user.tokenFile === null ? user.token : readToken(user.tokenFile);
  if (token !== null) onSecret?.(token);
  return { headers: { ...bearer(token), ...impersonation(user) }, cert: user.cert, key: user.key };
};

const readToken = (path: string): string => {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch (error) {
    throw new ExpectedError(`the token file ${path} cannot be read (${(error as NodeJS.ErrnoException).code ?? ''})`, {
      code: 'E605',
      exit: exitCodes.refused,
      nextStep: 'Log in again, so that it is there',
    });
  }
};

const bearer = (token: string | null): Readonly<Record<string, string>> =>
  token === null ? {} : { authorization: `Bearer ${token}` };

/** One header line for each group: an API server takes `a,b` for the name of one. */
const impersonation = ({ as, asUid, asGroups }: PinnedUser): Authentication['headers'] => ({
  ...(as === null ? {} : { 'impersonate-user': as }),
  ...(asUid === null ? {} : { 'impersonate-uid': asUid }),
  ...(asGroups.length === 0 ? {} : { 'impersonate-group': [...asGroups] }),
});
