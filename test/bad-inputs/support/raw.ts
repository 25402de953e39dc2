import { expect } from 'vitest';

/** What a terminal could act on, or an eye could not see. */
const raw = /[\u0000-\u0009\u000B-\u001F\u007F-\u009F]|[\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}]/u;

/** Text for a terminal may hold line breaks, and else only what is seen. */
export const expectNothingRaw = (text: string): void => {
  const found = raw.exec(text);
  expect(
    found === null ? null : JSON.stringify(text.slice(Math.max(0, found.index - 40), found.index + 20)),
  ).toBeNull();
};
