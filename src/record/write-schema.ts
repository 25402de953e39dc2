import { writeFileSync } from 'node:fs';
import * as z from 'zod';
import { recordFileSchema } from './record-schema.ts';

/** JSON Schema of `record.json`, as text. */
export const recordJsonSchema = (): string =>
  `${JSON.stringify({ title: 'gonogo deployment record', ...z.toJSONSchema(recordFileSchema, { target: 'draft-2020-12' }) }, null, 2)}\n`;

if (import.meta.main) writeFileSync(new URL('../../schema/record.schema.json', import.meta.url), recordJsonSchema());
