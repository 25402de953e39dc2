import * as z from 'zod';
import { modelSchema } from './schema-model.ts';
import { runbookSchema } from './schema-runbook.ts';

/** The JSON Schemas that are shipped, by file name. Editors check runbooks with the first, programs read models with the second. */
export const jsonSchemas = (): Readonly<Record<string, object>> => ({
  'runbook.schema.json': {
    $id: 'runbook.schema.json',
    title: 'gonogo runbook (YAML notation)',
    ...z.toJSONSchema(runbookSchema, { io: 'input' }),
  },
  'model.schema.json': {
    $id: 'model.schema.json',
    title: 'gonogo show --format json',
    ...z.toJSONSchema(modelSchema, { io: 'output' }),
  },
});

/** The text of such a file. */
export const schemaText = (schema: object): string => `${JSON.stringify(schema, null, 2)}\n`;
