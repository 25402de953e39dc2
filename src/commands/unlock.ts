import { createInterface } from 'node:readline/promises';
import { infoOf } from '../cluster/lock/entries.ts';
import type { KeptEntry, LockStore } from '../cluster/lock/lock-store.ts';
import { unlockSeen } from '../cluster/lock/unlock.ts';
import { openJournal } from '../journal/open.ts';
import { holderUser, holderWords } from '../session/lock-words.ts';
import { requireSettings } from '../settings/settings.ts';
import { forgetKubeconfigs } from '../shell/attempt-kubeconfig.ts';
import { type ExitCode, ExpectedError, exitCodes } from '../text/errors.ts';
import { safe } from '../text/safe-text.ts';
import { print } from './output.ts';
import { newSessionId, type Person, personAt } from './session-id.ts';
import { findLock, runHere } from './unlock-place.ts';

export interface UnlockOptions {
  readonly context?: string;
  readonly namespace?: string;
  readonly reason?: string;
  /** The user part of the holder, where it has to be typed. */
  readonly type?: string;
}

/** Gives a lock free that nobody works under any more: parked, kept after a rollback, or left behind. */
export const unlock = async (what: string | null, options: UnlockOptions): Promise<ExitCode> => {
  const settings = await requireSettings();
  const found = await findLock(what, options);
  if (found === null) {
    print(safe`no run of this host keeps a deploy lock; one in a cluster: gonogo unlock SCOPE --context NAME`);
    return exitCodes.done;
  }
  const { store, scope, close } = found;
  try {
    const read = await store.read();
    if (read.kind === 'denied' || read.kind === 'unreachable')
      throw new ExpectedError(`the deploy lock "${scope}" cannot be read: ${read.because}`, {
        exit: exitCodes.refused,
        nextStep: 'Check --context, --namespace and your permissions',
      });
    if (read.kind === 'none' || read.entry.holder === null) {
      print(safe`"${scope}" is free`);
      return exitCodes.done;
    }
    return await freeSeen({ store, scope, seen: read, options, person: personAt(settings.operator) });
  } finally {
    await close();
  }
};

interface Seen {
  readonly store: LockStore;
  readonly scope: string;
  readonly seen: KeptEntry;
  readonly options: UnlockOptions;
  readonly person: Person;
}

const freeSeen = async ({ store, scope, seen, options, person }: Seen): Promise<ExitCode> => {
  const info = infoOf(seen.entry);
  const user = holderUser(info.holder);
  const alive = store.lives(seen);
  print(safe`${holderWords(scope, info, alive === false && info.note === null)}`);
  const mine = info.note !== null && info.holder.startsWith(`${person.user}@${person.host}/`);
  if (info.note === null && alive !== false)
    print(safe`It is not parked: its holder may be at work, and is stopped before the next change.`);
  const reason = await given(options.reason, 'Why may it be given free?', '--reason TEXT');
  if (!mine) {
    const typed = await given(options.type, `Type the holder "${user}" to give it free:`, `--type ${user}`);
    if (typed !== user)
      throw new ExpectedError(`"${typed}" is not the holder`, {
        exit: exitCodes.refused,
        nextStep: `Nothing was changed; type ${user}`,
      });
  }
  const unlocked = await unlockSeen(store, seen, `by ${person.operator}: ${reason}`);
  if (unlocked.kind === 'changed')
    throw new ExpectedError(`"${scope}" changed while it was looked at`, {
      exit: exitCodes.failed,
      nextStep: 'Look again: gonogo unlock',
    });
  if (unlocked.kind === 'failed')
    throw new ExpectedError(`"${scope}" could not be given free: ${unlocked.because}`, {
      exit: exitCodes.refused,
      nextStep: 'Check your permissions, then try again',
    });
  print(safe`"${scope}" is free. ${await recorded(info.holder, scope, reason, person)}`);
  return exitCodes.done;
};

/** Its run's own journal where it is on this host and not open; else the lock itself tells. */
const recorded = async (holder: string, scope: string, reason: string, person: Person): Promise<string> => {
  const dir = runHere(holder, person);
  if (dir === null) return 'The reason is kept in the lock, and told to whoever takes it next.';
  const opened = await openJournal(dir, { session: newSessionId(), actor: person.operator });
  if (opened.kind !== 'open') return 'Its run is open elsewhere and finds out before its next change.';
  try {
    const frame = opened.events.at(-1)?.frame ?? 0;
    await opened.journal.append({ type: 'lock.released', frame, data: { scope, reason, by: person.operator } });
    if (opened.events.some(({ type }) => type === 'run.finished')) forgetKubeconfigs(dir);
    return 'It is recorded in the run that had it.';
  } finally {
    await opened.journal.close();
  }
};

/** From an option, else asked. Throws `ExpectedError` when there is nobody to ask, or nothing is said. */
const given = async (option: string | undefined, question: string, name: string): Promise<string> => {
  const asked = option ?? (await ask(question, name));
  const text = asked.trim();
  if (text === '')
    throw new ExpectedError('nothing was said, and nothing was changed', {
      exit: exitCodes.refused,
      nextStep: `Give it: ${name}`,
    });
  return text;
};

const ask = async (question: string, name: string): Promise<string> => {
  if (!process.stdin.isTTY)
    throw new ExpectedError('there is nobody to ask', { exit: exitCodes.refused, nextStep: `Give it: ${name}` });
  const reader = createInterface({ input: process.stdin, output: process.stdout });
  try {
    return await reader.question(`${safe`${question}`} `);
  } finally {
    reader.close();
  }
};
