import { randomUUID } from 'node:crypto';
import { hostname, userInfo } from 'node:os';

/** Who is at the keyboard, as far as the machine knows. */
export interface Person {
  readonly operator: string;
  readonly user: string;
  readonly host: string;
}

const safeUser = (): string => {
  try {
    return userInfo().username;
  } catch {
    // A container whose uid has no entry in passwd.
    return process.env.USER ?? process.env.LOGNAME ?? `uid ${process.getuid?.() ?? 'unknown'}`;
  }
};

/** The settings' `operator`, else the login name. Behind sudo it is the person who called it. */
export const personAt = (operator: string | null): Person => {
  const user = safeUser();
  return { operator: operator ?? process.env.SUDO_USER ?? user, user, host: hostname() };
};

export const newSessionId = (): string => randomUUID();
