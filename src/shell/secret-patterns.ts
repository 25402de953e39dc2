import type { Secret } from '../ports/secrets.ts';

/** Shorter texts would mask half of the output; a secret of that length is refused (E511). */
export const shortestPattern = 4;

/** One byte string that must not appear, and the secret it gives away. */
export interface SecretPattern {
  readonly name: string;
  readonly bytes: Buffer;
}

/** base64 of the value wherever it starts in a group of three bytes, without the characters that its neighbours decide. */
const base64Forms = (bytes: Buffer): readonly string[] => {
  const whole = [bytes.toString('base64'), Buffer.concat([bytes, Buffer.from('\n')]).toString('base64')];
  const inside = [0, 1, 2].map((offset) => {
    const text = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64');
    return text.slice(offset === 0 ? 0 : offset + 1, Math.floor(((offset + bytes.length) * 8) / 6));
  });
  const standard = [...whole, ...inside];
  // `base64` breaks lines at 76 characters, openssl and PEM at 64.
  for (const width of [64, 76]) {
    const text = whole[0] as string;
    if (text.length > width) for (let i = 0; i < text.length; i += width) standard.push(text.slice(i, i + width));
  }
  return standard.flatMap((text) => [text, text.replaceAll('+', '-').replaceAll('/', '_'), text.replace(/=+$/, '')]);
};

const percentByte = (byte: number): string => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;

const percentForms = (text: string): readonly string[] => {
  const keeping = (kept: RegExp): string =>
    [...Buffer.from(text)]
      .map((b) => (kept.test(String.fromCharCode(b)) ? String.fromCharCode(b) : percentByte(b)))
      .join('');
  const forms = [/[A-Za-z0-9_.~-]/, /[A-Za-z0-9_.~/-]/, /[A-Za-z0-9_.!~*'()-]/, /[A-Za-z0-9_.*-]/].map(keeping);
  const withPlus = forms.map((form) => form.replaceAll('%20', '+'));
  return [...forms, ...withPlus].flatMap((f) => [f, f.replace(/%[0-9A-F]{2}/g, (hex) => hex.toLowerCase())]);
};

const jsonForms = (text: string): readonly string[] => {
  const inner = JSON.stringify(text).slice(1, -1);
  const escaped = (chars: RegExp): string =>
    inner.replace(chars, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
  return [
    inner,
    inner.replaceAll('/', '\\/'),
    escaped(/[^\x20-\x7e]/g),
    escaped(/[<>&]/g),
    escaped(/[<>&]|[^\x20-\x7e]/g),
  ];
};

const xmlForms = (text: string): readonly string[] => {
  const base = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  const forms = [base];
  for (const double of ['"', '&quot;', '&#34;', '&#x22;']) {
    for (const single of ["'", '&apos;', '&#39;', '&#x27;']) {
      forms.push(base.replaceAll('"', double).replaceAll("'", single));
    }
  }
  return forms;
};

const shellForms = (text: string): readonly string[] => {
  const backslashed = text.replace(/[ \t!"$&'()*;<>?[\\\]^`{|}]/g, '\\$&');
  return [
    text.replaceAll("'", "'\\''"),
    text.replaceAll("'", `'"'"'`),
    text.replace(/["$`\\]/g, '\\$&'),
    // As `printf %q` writes it: commas too, `#` and `~` only in front.
    backslashed,
    backslashed.replace(/^[#~]/, '\\$&').replaceAll(',', '\\,'),
    // Inside `$'…'`.
    text.replace(/[\\']/g, '\\$&').replaceAll('\n', '\\n').replaceAll('\t', '\\t'),
  ];
};

const formsOf = (text: string): readonly (string | Buffer)[] => {
  const bytes = Buffer.from(text);
  const hex = bytes.toString('hex');
  return [
    bytes,
    ...base64Forms(bytes),
    hex,
    hex.toUpperCase(),
    ...percentForms(text),
    ...jsonForms(text),
    ...xmlForms(text),
    ...shellForms(text),
  ];
};

/** The value, the value without white space around it, and each of its lines. */
const partsOf = (value: string): ReadonlySet<string> => {
  const lines = value.split(/\r?\n/);
  return new Set([value, value.trim(), ...lines, ...lines.map((line) => line.trim())]);
};

/** All byte strings to mask, each once; the first secret that has it gives the name. */
export const secretPatterns = (secrets: readonly Secret[]): readonly SecretPattern[] => {
  const patterns = new Map<string, SecretPattern>();
  for (const { name, value } of secrets) {
    for (const part of partsOf(value)) {
      if ([...part].length < shortestPattern) continue;
      for (const form of formsOf(part)) {
        const bytes = Buffer.from(form as string);
        const key = bytes.toString('latin1');
        if (bytes.length >= shortestPattern && !patterns.has(key)) patterns.set(key, { name, bytes });
      }
    }
  }
  return [...patterns.values()];
};
