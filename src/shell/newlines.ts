/** Number of line feeds in `bytes[start, end)`. Four bytes at a time: whole gigabytes pass through here. */
export const countNewlines = (bytes: Uint8Array, start: number, end: number): number => {
  let count = 0;
  let i = start;
  for (; i < end && (bytes.byteOffset + i) % 4 !== 0; i++) if (bytes[i] === 10) count += 1;
  if (i >= end) return count;
  const words = new Int32Array(bytes.buffer, bytes.byteOffset + i, (end - i) >> 2);
  count += countInWords(words);
  for (i += words.length * 4; i < end; i++) if (bytes[i] === 10) count += 1;
  return count;
};

/** A byte of `x` is zero where the input has a line feed; the sum turns each such byte into a 1 in its own lane. */
const countInWords = (words: Int32Array): number => {
  let count = 0;
  let i = 0;
  while (i < words.length) {
    // A lane of eight bits holds at most 255.
    const stop = Math.min(words.length, i + 255);
    let lanes = 0;
    for (; i < stop; i++) {
      const x = (words[i] as number) ^ 0x0a0a0a0a;
      lanes = (lanes + ((~(((x & 0x7f7f7f7f) + 0x7f7f7f7f) | x) >>> 7) & 0x01010101)) | 0;
    }
    count += (lanes & 255) + ((lanes >>> 8) & 255) + ((lanes >>> 16) & 255) + (lanes >>> 24);
  }
  return count;
};
