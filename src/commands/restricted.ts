import { trustState } from '../settings/trust.ts';
import type { OpenedRunbook } from './open-runbook.ts';

/** Hashes of the runbooks that this user has not allowed: they are walked by hand. Throws when the trust file is not ours. */
export const restrictedOf = (runbooks: readonly OpenedRunbook[], shippedFolder: string): ReadonlySet<string> =>
  new Set(
    runbooks.flatMap(({ realPath, sha256 }) =>
      trustState({ path: realPath, sha256 }, { shippedFolder }).kind === 'allowed' ? [] : [sha256],
    ),
  );
