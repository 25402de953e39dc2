import type { DeploymentRecord } from './record.ts';
import { sealOf } from './seal.ts';

/**
 * `record.json`: one key a line, the seal as its last key. A list within a list is a row of a table and stands on one
 * line: samples are many. Its shape is `schema/record.schema.json`.
 */
export const renderJson = (record: DeploymentRecord): string => {
  const open = written(record, '').replace(/\n\}$/, '');
  const body = `${open},\n`;
  return `${body}  "seal": "${sealOf(body, record.journal.head)}"\n}\n`;
};

const written = (value: unknown, indent: string): string => {
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  const inner = `${indent}  `;
  const parts = Array.isArray(value)
    ? value.map((item) => (Array.isArray(item) ? JSON.stringify(item) : written(item, inner)))
    : Object.entries(value)
        .filter(([, item]) => item !== undefined)
        .map(([key, item]) => `${JSON.stringify(key)}: ${written(item, inner)}`);
  const [open, close] = Array.isArray(value) ? ['[', ']'] : ['{', '}'];
  if (parts.length === 0) return `${open}${close}`;
  return `${open}\n${parts.map((part) => `${inner}${part}`).join(',\n')}\n${indent}${close}`;
};
