import { ExpectedError } from '../text/errors.ts';
import { fullError } from './health.ts';

/** A disk without room, or one that refuses, is the operator's to know; anything else is a bug and given back as it is. */
export const asExpected = (error: unknown, dir: string): unknown => {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'ENOSPC' || code === 'EDQUOT') return fullError(dir);
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS' || code === 'EIO') {
    return new ExpectedError(`the run's folder cannot be used (${code})`, {
      place: dir,
      nextStep: 'Check its owner, its rights and the disk, or set XDG_STATE_HOME to another folder',
      cause: error,
    });
  }
  if (code === 'EEXIST' || code === 'ENOTDIR') {
    const nextStep = 'Move it away, or set XDG_STATE_HOME to another folder';
    return new ExpectedError('a file is where a folder belongs', { code: 'E704', place: dir, nextStep, cause: error });
  }
  return error;
};
