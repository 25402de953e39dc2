import { styledCharsFromTokens, styledCharsToString, tokenize } from '@alcalzone/ansi-tokenize';
import fc from 'fast-check';
import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import * as rememberedTokens from '../../../src/ui/remembered/ansi-tokenize.ts';
import { remember } from '../../../src/ui/remembered/remember.ts';
import rememberedWidth from '../../../src/ui/remembered/string-width.ts';

/** Lines as a screen has them: letters, frames, wide and combined characters, colours. */
const line = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 4 }),
      fc.constantFrom('│', '▸', '部署', '\u001b[31m', '\u001b[39m', '\u001b[7m'),
    ),
  )
  .map((parts) => parts.join(''));

describe('what Ink asks for again', () => {
  it('is measured and taken apart as the packages do it, the first time and later', () => {
    fc.assert(
      fc.property(line, (text) => {
        for (const _ of [1, 2]) {
          expect(rememberedWidth(text)).toBe(stringWidth(text));
          expect(rememberedTokens.tokenize(text)).toEqual(tokenize(text));
          const styled = rememberedTokens.styledCharsFromTokens(rememberedTokens.tokenize(text));
          expect(styled).toEqual(styledCharsFromTokens(tokenize(text)));
          expect(styledCharsToString(styled)).toBe(styledCharsToString(styledCharsFromTokens(tokenize(text))));
        }
        expect(rememberedWidth(text, { ambiguousIsNarrow: false })).toBe(
          stringWidth(text, { ambiguousIsNarrow: false }),
        );
        expect(rememberedTokens.tokenize(text, 3)).toEqual(tokenize(text, 3));
      }),
    );
  });

  it('is kept for so many texts only', () => {
    const asked: string[] = [];
    const length = remember((text) => asked.push(text), 2);
    for (const text of ['a', 'b', 'a', 'c', 'a']) length(text);
    expect(asked).toEqual(['a', 'b', 'c', 'a']);
  });
});
