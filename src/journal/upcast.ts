import { formatVersion, type LineFields } from './line.ts';

/** Turns the fields of one version into those of the next. Pure: the file itself is never rewritten. */
export type Upcast = (fields: LineFields) => LineFields;

/** By the version they start from. Empty as long as there has been one version only. */
export const upcasts: Readonly<Record<number, Upcast>> = {};

/** Fields of version `version` as version `current` knows them; null when a step is missing. */
export const toCurrent = (
  fields: LineFields,
  version: number,
  steps: Readonly<Record<number, Upcast>> = upcasts,
  current: number = formatVersion,
): LineFields | null => {
  let now = fields;
  for (let v = version; v < current; v++) {
    const step = steps[v];
    if (step === undefined) return null;
    now = step(now);
  }
  return now;
};
