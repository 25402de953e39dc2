import { createHash } from 'node:crypto';

/**
 * The seal: the last line of a record, `seal: HEAD SUM`.
 *
 * HEAD is the hash of the journal's last event when the record was written, 64 hex characters (12 of them are shown
 * on screen and in messages). SUM is the SHA-256 of all bytes before that line followed by the 64 characters of HEAD.
 * By hand, for a Markdown record:
 *
 *     head=$(tail -n 1 record.md | cut -d ' ' -f 2)
 *     { head -n -1 record.md; printf %s "$head"; } | sha256sum        # gives SUM
 *
 * In JSON, which is written one key a line, the seal is the last key, `  "seal": "HEAD SUM"`, and only the closing
 * brace follows it:
 *
 *     head=$(tail -n 2 record.json | head -n 1 | cut -d '"' -f 4 | cut -d ' ' -f 1)
 *     { head -n -2 record.json; printf %s "$head"; } | sha256sum
 *
 * HEAD in turn stands for the whole journal: the hash of a line is the SHA-256 of the previous line's hash (64 zeros
 * before the first) followed by the line without its `,"h":"…"`. So
 *
 *  - SUM shows that the text was not changed after it was sealed by somebody who did not compute a new SUM,
 *  - rebuilding the record from the journal up to HEAD shows that the text says what the journal says,
 *  - a HEAD published elsewhere (a message, a ticket) at some time is an anchor: what the journal holds up to it
 *    cannot have been changed since.
 *
 * Whoever holds the files could write both anew, so nothing more is claimed than: tamper-evident since the last anchor.
 */
export const sealOf = (body: string | Uint8Array, head: string): string =>
  `${head} ${createHash('sha256').update(body).update(head).digest('hex')}`;

/** The text with its seal as the last line. `body` ends with a line break. */
export const sealText = (body: string, head: string): string => `${body}seal: ${sealOf(body, head)}\n`;

export type SealCheck =
  | { readonly kind: 'intact'; readonly head: string }
  /** Intact once its line ends are `\n`: pasted through a form that writes `\r\n`, or without its last line break. */
  | { readonly kind: 'intact-line-ends'; readonly head: string }
  | { readonly kind: 'broken'; readonly head: string }
  | { readonly kind: 'missing' };

const textSeal = /(?:^|\n)seal: ([0-9a-f]{64}) ([0-9a-f]{64})\n?$/;
const jsonSeal = /\n {2}"seal": "([0-9a-f]{64}) ([0-9a-f]{64})"\n\}\n?$/;

const checkBytes = (text: string): SealCheck => {
  const found = (text.startsWith('{') ? jsonSeal : textSeal).exec(text);
  if (found === null) return { kind: 'missing' };
  const [whole, head, sum] = found as unknown as readonly [string, string, string];
  const body = text.slice(0, found.index + (whole.startsWith('\n') ? 1 : 0));
  return { kind: sealOf(Buffer.from(body, 'latin1'), head) === `${head} ${sum}` ? 'intact' : 'broken', head };
};

/** Bytes as they lie on disk, or text that is UTF-8 there. */
export const checkSeal = (record: string | Uint8Array): SealCheck => {
  const text = Buffer.from(record as Uint8Array).toString('latin1');
  const exact = checkBytes(text);
  if (exact.kind === 'intact') return text.endsWith('\n') ? exact : { kind: 'intact-line-ends', head: exact.head };
  const unix = checkBytes(text.replaceAll('\r\n', '\n'));
  if (unix.kind === 'intact') return { kind: 'intact-line-ends', head: unix.head };
  return exact.kind === 'missing' ? unix : exact;
};
