declare const safeBrand: unique symbol;

/**
 * Text that holds no control, format, private-use or invisible character except `\n`:
 * the only text that may reach a screen, title, notification, export, log or error message.
 */
export type SafeText = string & { readonly [safeBrand]: true };

const emojiJoin = /(?<=\p{Extended_Pictographic}\uFE0F?)\u200D(?=\p{Extended_Pictographic})/u;
const dangerous =
  /[\u0000-\u0009\u000B-\u001F\u007F-\u009F]|[\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}]|\p{Default_Ignorable_Code_Point}/gu;

const shown = (char: string, offset: number, whole: string): string => {
  const code = char.codePointAt(0) as number;
  if (code < 0x20) return `^${String.fromCharCode(code + 0x40)}`;
  if (code === 0x7f) return '^?';
  if (code === 0xfe0f && /\p{Emoji}$/u.test(whole.slice(Math.max(0, offset - 2), offset))) return char;
  if (code === 0x200d) {
    const around = whole.slice(Math.max(0, offset - 3), offset + 3);
    if (emojiJoin.test(around)) return char;
  }
  return `⟨U+${code.toString(16).toUpperCase().padStart(4, '0')}⟩`;
};

const plainAscii = /^[\n\x20-\x7E]*$/;

/**
 * Shows instead of deleting: C0 as caret (`^[`), DEL as `^?`, other hidden characters as `⟨U+202E⟩`.
 * Keeps `\n`; a tab becomes spaces to the next multiple of 4.
 */
export const safeText = (text: string): SafeText => {
  if (plainAscii.test(text)) return text as SafeText;
  return expandTabs(text).replace(dangerous, shown) as SafeText;
};

/** The same for one line: a line break is shown as `^J`. */
export const safeLine = (text: string): SafeText => safeText(text).replaceAll('\n', '^J') as SafeText;

/** Joins texts that are safe already with a separator of our own. */
export const joinSafe = (parts: readonly SafeText[], separator = ''): SafeText => parts.join(separator) as SafeText;

/** Template tag: the literal parts are ours, every value passes `safeText`. */
export const safe = (strings: TemplateStringsArray, ...values: readonly (string | number | SafeText)[]): SafeText => {
  let out = strings[0] ?? '';
  values.forEach((value, i) => {
    out += safeText(String(value)) + (strings[i + 1] ?? '');
  });
  return out as SafeText;
};

const expandTabs = (text: string): string => {
  if (!text.includes('\t')) return text;
  return text
    .split('\n')
    .map((line) => {
      if (!line.includes('\t')) return line;
      let out = '';
      for (const char of line) out += char === '\t' ? ' '.repeat(4 - (out.length % 4)) : char;
      return out;
    })
    .join('\n');
};
