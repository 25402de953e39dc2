import { diagnosticAt } from './diagnostic.ts';
import type { Diagnostic } from './model.ts';

export type DecodedText =
  /** Line breaks are `\n`, no byte order mark; line numbers are those of the file. */
  | { readonly text: string; readonly diagnostics: readonly Diagnostic[] }
  | { readonly text: null; readonly diagnostics: readonly Diagnostic[] };

/** 1 MiB. */
export const maximumBytes = 1024 * 1024;

/** The bytes of a runbook file as text, or the reason why they are none (E101, E103-E106, E111). */
export const decodeText = (bytes: Uint8Array): DecodedText => {
  if (bytes.length > maximumBytes)
    return refused('E103', `file is ${megabytes(bytes.length)} MB, limit 1 MB`, 'split it');
  if (isUtf16(bytes)) return refused('E105', 'UTF-16 file', 'save as UTF-8');
  const text = decodeUtf8(bytes);
  if (text === null) {
    const at = firstInvalidByte(bytes);
    const line = lineAt(bytes, at);
    return refused('E104', `not UTF-8 at byte ${at} (line ${line})`, 'save as UTF-8', line);
  }
  if (text.trim() === '') return refused('E101', 'runbook is empty', 'write a heading and a step');
  return checkControls(text, bytes.length > 2 && bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf);
};

const checkControls = (text: string, hasMark: boolean): DecodedText => {
  const nul = text.indexOf('\0');
  if (nul >= 0) {
    const line = lineOf(text, nul);
    return refused('E106', `NUL at line ${line}`, 'remove it', line);
  }
  const unified = text.replaceAll('\r\n', '\n');
  const bare = unified.indexOf('\r');
  if (bare >= 0) {
    const line = lineOf(unified, bare);
    return refused('E111', `bare CR hides text at line ${line}`, 'use LF or CRLF line ends', line);
  }
  const note = 'file starts with a UTF-8 byte order mark';
  return { text: unified, diagnostics: hasMark ? [diagnosticAt('I106', { line: 1, column: 1 }, note)] : [] };
};

const refused = (code: string, message: string, hint: string, line = 1): DecodedText => ({
  text: null,
  diagnostics: [diagnosticAt(code, { line, column: 1 }, message, hint)],
});

/** One digit, never rounded down to the limit itself. */
const megabytes = (size: number): string => (Math.ceil((size / maximumBytes) * 10) / 10).toFixed(1);

const isUtf16 = (bytes: Uint8Array): boolean =>
  (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);

const decodeUtf8 = (bytes: Uint8Array): string | null => {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
};

/** Offset of the first byte that starts no valid UTF-8 sequence: the longest prefix that decodes, by halving. */
const firstInvalidByte = (bytes: Uint8Array): number => {
  const decodes = (end: number): boolean => {
    try {
      new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(0, end), { stream: true });
      return true;
    } catch {
      return false;
    }
  };
  let good = 0;
  let bad = bytes.length + 1;
  while (bad - good > 1) {
    const middle = (good + bad) >> 1;
    if (decodes(middle)) good = middle;
    else bad = middle;
  }
  return sequenceStart(bytes, good);
};

/** A sequence that is cut short is reported at its first byte, not at the byte where it breaks. */
const sequenceStart = (bytes: Uint8Array, breaks: number): number => {
  for (let back = 1; back <= 3 && breaks - back >= 0; back += 1) {
    const byte = bytes[breaks - back] as number;
    if (byte < 0x80) break;
    if (byte < 0xc0) continue;
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
    return length > back ? breaks - back : breaks;
  }
  return breaks;
};

const lineAt = (bytes: Uint8Array, end: number): number => {
  let line = 1;
  for (let i = 0; i < end; i += 1) if (bytes[i] === 0x0a) line += 1;
  return line;
};

const lineOf = (text: string, offset: number): number => {
  let line = 1;
  for (let at = text.indexOf('\n'); at >= 0 && at < offset; at = text.indexOf('\n', at + 1)) line += 1;
  return line;
};
