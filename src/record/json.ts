import type { DeploymentRecord } from './record.ts';
import { sealOf } from './seal.ts';

/** `record.json`: one key a line, the seal as its last key. Its shape is `schema/record.schema.json`. */
export const renderJson = (record: DeploymentRecord): string => {
  const open = JSON.stringify(record, null, 2).replace(/\n\}$/, '');
  const body = `${open},\n`;
  return `${body}  "seal": "${sealOf(body, record.journal.head)}"\n}\n`;
};
