import { codePointOf, findLookAlike } from '../look-alike.ts';
import type { Finding } from './finding.ts';
import { contexts, scanQuoting } from './quoting.ts';

const asciiOnly = /^[\n\t\x20-\x7E]*$/;
const suspicious = /[^\n\t\x20-\x7E]/gu;

const bidi = /[\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/;
const control = /[\x00-\x1F\x7F-\x9F\u2028\u2029]/;
const invisible = /[\p{Cf}\p{Co}\p{Cn}]|\p{Default_Ignorable_Code_Point}/u;
const space = /\p{Zs}/u;
const quote = /[\u2018-\u201F\u00AB\u00BB\u2039\u203A\u2032\u2033\u2035\u2036\u02BA\u02B9\u301D-\u301F\uFF02\uFF07]/;
const dash = /[\u2010-\u2015\u2212\uFE58\uFE63\uFF0D]/;

/**
 * Characters that hide or disguise what a command does. E401 direction, E402 invisible, E403 look-alike letters,
 * E404 spaces that are not separators, E405 typographic quotes, E406 dashes before an option, E407 control characters,
 * W422 other non-ASCII in a bare word. The first three kinds of hiding count anywhere, the rest outside quotes and comments.
 */
export const checkCharacters = (script: string): readonly Finding[] => {
  if (asciiOnly.test(script)) return [];
  const findings: Finding[] = [];
  const { map } = scanQuoting(script);
  let warnedTo = -1;
  for (const match of script.matchAll(suspicious)) {
    const { index } = match;
    const hidden = hiding(match[0], index, script);
    if (hidden !== null) findings.push({ ...hidden, offset: index, severity: 'error' });
    else if (map[index] === contexts.bare || map[index] === contexts.arithmetic) {
      const finding = disguise(match[0], index, script);
      if (finding.number !== 422) findings.push(finding);
      else if (index >= warnedTo) {
        findings.push(finding);
        warnedTo = index + wordFrom(script, index).length;
      }
    }
  }
  return withoutRepeats([...findings, ...lookAlikes(script, map)]);
};

/** E401, E402 and E407; null for a character that may stand in quotes and comments. */
const hiding = (char: string, at: number, script: string): Pick<Finding, 'number' | 'message' | 'hint'> | null => {
  const code = codePointOf(char);
  if (char === '\r' && script[at + 1] === '\n') return null;
  if (control.test(char)) return { number: 407, message: `control character ${shown(char)}`, hint: 'remove it' };
  if (bidi.test(char)) return { number: 401, message: `hidden direction character ${code}`, hint: 'remove it' };
  if (!invisible.test(char) || isPartOfEmoji(char, at, script)) return null;
  return { number: 402, message: `invisible ${code}`, hint: 'remove it' };
};

const shown = (char: string): string => {
  const code = char.charCodeAt(0);
  if (code === 0x7f) return '^?';
  return code < 0x20 ? `^${String.fromCharCode(code + 0x40)}` : codePointOf(char);
};

/** U+FE0F after an emoji base, U+200D between emoji. */
const isPartOfEmoji = (char: string, at: number, script: string): boolean => {
  const before = script.slice(Math.max(0, at - 4), at);
  const after = script.slice(at + 1, at + 3);
  if (char === '\uFE0F')
    return /[^\x00-\x7F]$/.test(before)
      ? /\p{Emoji}$/u.test(before)
      : /[\d#*]$/.test(before) && after.startsWith('\u20E3');
  if (char !== '\u200D') return false;
  return (
    /[\p{Extended_Pictographic}\p{Emoji_Modifier}]\uFE0F?$/u.test(before) && /^[\p{Extended_Pictographic}]/u.test(after)
  );
};

const wordFrom = (script: string, at: number): string => /^\S*/.exec(script.slice(at, at + 200))?.[0] ?? '';

/** A character outside quotes and comments that is neither hidden nor a control: E403-E406 or W422. */
const disguise = (char: string, at: number, script: string): Finding => {
  const code = codePointOf(char);
  const found = (number: number, message: string, hint: string): Finding => ({
    number,
    severity: 'error',
    offset: at,
    message,
    hint,
  });
  if (space.test(char)) return found(404, `${code} is not a separator`, 'use a space');
  if (quote.test(char))
    return found(
      405,
      `typographic quote ${char} (${code})`,
      `use ${/[\u2018-\u201B\u2032\u2035\u02B9\u2039\u203A\uFF07]/.test(char) ? "'" : '"'}`,
    );
  if (dash.test(char) && (at === 0 || /[\s"'=]/.test(script[at - 1] as string))) {
    return found(406, `${code} before an option`, 'use - or --');
  }
  const plain = char.normalize('NFKC');
  if (plain !== char && /^[!-~]$/.test(plain)) return found(403, `${code} looks like "${plain}"`, `use ${plain}`);
  const word = `${/\S*$/.exec(script.slice(Math.max(0, at - 40), at))?.[0] ?? ''}${wordFrom(script, at).slice(0, 40)}`;
  const message = `${code} in the bare word ${JSON.stringify(word)}`;
  return { number: 422, severity: 'warning', offset: at, message, hint: 'quote it if it is meant' };
};

/** E403 in words outside comments: scripts mixed within one word, also inside quotes. */
const lookAlikes = (script: string, map: Uint8Array): Finding[] => {
  const findings: Finding[] = [];
  for (const match of script.matchAll(/[\p{L}\p{N}\p{M}_]*[^\x00-\x7F][\p{L}\p{N}\p{M}_]*/gu)) {
    const context = map[match.index];
    if (context === contexts.comment) continue;
    const isBare = context === contexts.bare || context === contexts.arithmetic;
    const found = findLookAlike(match[0], isBare ? 'identifier' : 'prose');
    if (found === null) continue;
    findings.push({
      number: 403,
      severity: 'error',
      offset: match.index + match[0].indexOf(found.character),
      message: `mixed scripts in "${found.word}": ${found.codePoint}${found.like === null ? '' : ` looks like "${found.like}"`}`,
      hint: 'type the word again',
    });
  }
  return findings;
};

/** One finding for a place: an error instead of the warning, the first error of several; in order of appearance. */
const withoutRepeats = (findings: readonly Finding[]): Finding[] => {
  const byOffset = new Map<number, Finding>();
  for (const finding of findings) {
    const other = byOffset.get(finding.offset);
    if (other === undefined || (other.severity === 'warning' && finding.severity === 'error'))
      byOffset.set(finding.offset, finding);
  }
  return [...byOffset.values()].sort((a, b) => a.offset - b.offset);
};
