import { safeText } from '../text/safe-text.ts';

/** Letters of other scripts that cannot be told from a Latin one in common fonts. Source: Unicode UTS #39, confusables. */
const twins: ReadonlyMap<string, string> = new Map(
  [
    'аa',
    'сc',
    'ԁd',
    'еe',
    'һh',
    'іi',
    'јj',
    'ӏl',
    'оo',
    'рp',
    'ԛq',
    'ѕs',
    'ѵv',
    'ԝw',
    'хx',
    'уy',
    'ʏy',
    'ɡg',
    'АA',
    'ВB',
    'СC',
    'ЕE',
    'НH',
    'ІI',
    'ЈJ',
    'КK',
    'МM',
    'ОO',
    'РP',
    'ЅS',
    'ТT',
    'ХX',
    'ҮY',
    'ԌG',
    'ԜW',
    'αa',
    'γy',
    'ιi',
    'κk',
    'νv',
    'οo',
    'ρp',
    'υu',
    'χx',
    'ϲc',
    'ϳj',
    'ΑA',
    'ΒB',
    'ΕE',
    'ΖZ',
    'ΗH',
    'ΙI',
    'ΚK',
    'ΜM',
    'ΝN',
    'ΟO',
    'ΡP',
    'ΤT',
    'ΥY',
    'ΧX',
    'ցg',
    'հh',
    'ոn',
    'օo',
    'ս' + 'u',
    'զq',
    'ԼL',
    'ՕO',
    'ՍU',
    'ՏS',
    'ıi',
    'ȷj',
  ].map((pair) => [pair.charAt(0), pair.charAt(1)] as const),
);

const letter = /\p{L}/u;
const latin = /\p{Script=Latin}/u;
/** Scripts that are written together with Latin in ordinary text. */
const company =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Bopomofo}\p{Script=Common}\p{Script=Inherited}]/u;

export interface LookAlike {
  readonly word: string;
  readonly character: string;
  /** `U+043E`. */
  readonly codePoint: string;
  /** The Latin letter or digit it looks like; null when it only mixes scripts. */
  readonly like: string | null;
}

export const codePointOf = (character: string): string =>
  `U+${(character.codePointAt(0) as number).toString(16).toUpperCase().padStart(4, '0')}`;

/**
 * The first character that makes a word look like another one. Words that mix Latin with, say, Cyrillic count always.
 * `identifier` also refuses words made of look-alikes only, and fullwidth or mathematical letters and digits.
 */
export const findLookAlike = (text: string, kind: 'identifier' | 'prose'): LookAlike | null => {
  if (/^[\x00-\x7F]*$/.test(text)) return null;
  for (const [word] of text.matchAll(/[\p{L}\p{N}\p{M}_]+/gu)) {
    const suspect = mixedIn(word) ?? (kind === 'identifier' ? disguisedIn(word) : null);
    if (suspect !== null) return { word, character: suspect, codePoint: codePointOf(suspect), like: latinOf(suspect) };
  }
  return null;
};

const latinOf = (character: string): string | null => {
  const folded = character.normalize('NFKC');
  return twins.get(character) ?? (folded !== character && /^[A-Za-z0-9]$/.test(folded) ? folded : null);
};

/**
 * The text as it pretends to read: what is hidden left out, what imitates ASCII as what it imitates.
 * It tells what a line is meant to be, so that a disguised command is reported instead of taken for output; it is never run.
 */
export const undisguised = (text: string): string =>
  /^[\t\n\x20-\x7E]*$/.test(text)
    ? text
    : text.replace(/\u001B\[[0-9;:]*m/g, '').replace(/[^\t\n\x20-\x7E]/gu, (character, at: number, whole: string) => {
        if (safeText(character) !== character) return '';
        if (/[\u2018-\u201B]/.test(character)) return "'";
        if (/[\u201C-\u201F]/.test(character)) return '"';
        if (/[\u2010-\u2015\u2212]/.test(character)) return /[A-Za-z]/.test(whole[at + 1] ?? '') ? '-' : character;
        return /\p{Zs}/u.test(character) ? ' ' : (latinOf(character) ?? character);
      });

/** The first letter that is not Latin in a word that also has Latin letters. */
const mixedIn = (word: string): string | null => {
  const letters = [...word].filter((character) => letter.test(character));
  if (!letters.some((character) => latin.test(character))) return null;
  return letters.find((character) => !latin.test(character) && !company.test(character)) ?? null;
};

const disguisedIn = (word: string): string | null => {
  const characters = [...word];
  const folded = characters.find(
    (character) => character.charCodeAt(0) > 0x7f && /^[A-Za-z0-9]$/.test(character.normalize('NFKC')),
  );
  if (folded !== undefined) return folded;
  const letters = characters.filter((character) => letter.test(character));
  return letters.length > 0 && letters.every((character) => twins.has(character)) ? (letters[0] as string) : null;
};
