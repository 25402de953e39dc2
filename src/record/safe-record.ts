import { safeText } from '../text/safe-text.ts';
import type { DeploymentRecord } from './record.ts';
import { type KeptSecret, secondLook } from './secrets-second-look.ts';

type Path = readonly (string | number)[];

const mapTexts = <T>(value: T, change: (text: string, path: Path) => string, path: Path = []): T => {
  if (typeof value === 'string') return change(value, path) as T;
  if (Array.isArray(value)) return value.map((item, i) => mapTexts(item, change, [...path, i])) as T;
  if (value === null || typeof value !== 'object') return value;
  const entries = Object.entries(value).map(([key, item]) => [
    change(key, path),
    mapTexts(item, change, [...path, key]),
  ]);
  return Object.fromEntries(entries) as T;
};

/** Colours have no place in a record; other control sequences are shown as text. */
const colour = /\u001B\[[0-9;:]*m/g;

/** Where a text of the record stands, for people: `output of step 8.2`. */
const placeWords = (record: DeploymentRecord, path: Path): string => {
  const [part, index] = path;
  const last = path.at(-1);
  if (part === 'commands' && typeof index === 'number') {
    const step = record.commands[index]?.step ?? '';
    if (last === 'tail') return `output of step ${step}`;
    return last === 'script' || last === 'original'
      ? `command of step ${step}`
      : `${path.slice(2).join(' ')} of step ${step}`;
  }
  if (part === 'frames' && typeof index === 'number') return `${path.slice(2).join(' ')} of runbook ${index + 1}`;
  const list = { notes: 'a note', messages: 'a message', statusUpdates: 'a status update', deviations: 'a deviation' };
  return list[part as keyof typeof list] ?? path.filter((key) => typeof key === 'string').join(' ');
};

/** Masks what looks like a secret, lists it, and makes every text safe to show. */
export const safeRecord = (record: DeploymentRecord, kept: readonly KeptSecret[]): DeploymentRecord => {
  const look = secondLook(kept);
  const masked = mapTexts(record, (text, path) => look.mask(text, placeWords(record, path)));
  const whole = { ...masked, secondLook: look.findings() };
  return mapTexts(whole, (text, path) => safeText(path.at(-1) === 'tail' ? text.replaceAll(colour, '') : text));
};
