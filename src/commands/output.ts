import { ExpectedError } from '../text/errors.ts';
import { type SafeText, safeText } from '../text/safe-text.ts';

/** Throws for a format that a command does not print. */
export const checkFormat = (format: string): void => {
  if (format !== 'text' && format !== 'json')
    throw new ExpectedError(`unknown format "${format}"`, { place: '--format', nextStep: 'text or json' });
};

/** Lines of a command that is not a run. */
export const print = (text: SafeText = safeText('')): void => void process.stdout.write(`${text}\n`);

/** Characters of text that are hidden or could steer a terminal are escaped, so that the data stay as they are. */
export const printJson = (value: unknown): void => void process.stdout.write(`${jsonText(value)}\n`);

const jsonText = (value: unknown): string =>
  JSON.stringify(value, null, 2).replace(/[^\n -~]/gu, (char) => (safeText(char) === char ? char : escaped(char)));

const escaped = (char: string): string =>
  Array.from({ length: char.length }, (_, i) => `\\u${char.charCodeAt(i).toString(16).padStart(4, '0')}`).join('');
