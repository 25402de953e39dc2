// The build puts this in the place of the package, for Ink. What it gives is never changed by those who ask.
import { type StyledChar, styledCharsFromTokens as styledChars, type Token, tokenize as tokens } from '#ansi-tokenize';
import { remember } from './remember.ts';

export * from '#ansi-tokenize';

const whole = remember((text) => tokens(text), 2_000);

export const tokenize = (text: string, end?: number): Token[] => (end === undefined ? whole(text) : tokens(text, end));

const styled = new WeakMap<Token[], StyledChar[]>();

export const styledCharsFromTokens = (of: Token[]): StyledChar[] => {
  const found = styled.get(of);
  if (found !== undefined) return found;
  const fresh = styledChars(of);
  styled.set(of, fresh);
  return fresh;
};
