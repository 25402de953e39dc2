import { safeLine, safeText } from '../text/safe-text.ts';

/** Escaping for Markdown as code hosts read it: nothing of a value can become markup, HTML, a mention or a list. */

export const html = (text: string): string =>
  safeLine(text).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

const escaped = (text: string): string =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll(/[\\`*[\]|~$]/g, '\\$&')
    .replaceAll(/(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])/g, '\\_');

/** What would start a list, a heading or a number at the beginning of a line. */
const opening = (text: string): string =>
  text.replace(/^([-+]|#{1,6})(?=\s|$)/, '\\$1').replace(/^(\d{1,9})([.)])(?=\s|$)/, '$1\\$2');

const longestRun = (text: string): number => Math.max(0, ...(text.match(/`+/g) ?? []).map((run) => run.length));

/** A code span that its content cannot end. */
export const code = (text: string): string => {
  const line = safeLine(text);
  if (line.trim() === '') return '` `';
  const ticks = '`'.repeat(longestRun(line) + 1);
  const pad = line.startsWith('`') || line.endsWith('`') || (line.startsWith(' ') && line.endsWith(' ')) ? ' ' : '';
  return `${ticks}${pad}${line}${pad}${ticks}`;
};

/** A fenced block that its content cannot end. */
export const fence = (text: string, language = ''): string => {
  const content = safeText(text).replace(/\n+$/, '');
  const ticks = '`'.repeat(Math.max(3, longestRun(content) + 1));
  return `${ticks}${language}\n${content}\n${ticks}`;
};

/** Code spans of the source stay code, and `@name` becomes code so that nobody is paged by a record. */
const pieces = /(`+)(?!`)([^`]+?)\1(?!`)|(?<![\w.@-])@[\w./-]+/g;

/** Text that people wrote, on one line; its line breaks become `<br>`. */
export const prose = (text: string): string =>
  safeText(text)
    .trim()
    .split('\n')
    .map((line) => {
      let out = '';
      let at = 0;
      for (const match of line.matchAll(pieces)) {
        out += escaped(line.slice(at, match.index)) + code((match[2] ?? match[0]).trim());
        at = match.index + match[0].length;
      }
      return opening(out + escaped(line.slice(at)));
    })
    .join('<br>');

/** At most `length` characters, with a note of how many are left out. */
export const clipped = (text: string, length: number): string => {
  const characters = [...text];
  return characters.length <= length
    ? text
    : `${characters.slice(0, length).join('')}… (${characters.length - length} characters more)`;
};
