import { writeFileSync } from 'node:fs';
import { jsonSchemas, schemaText } from './json-schemas.ts';

// Development script (`npm run schema`), not part of the program.
for (const [name, schema] of Object.entries(jsonSchemas())) {
  writeFileSync(new URL(`../../schema/${name}`, import.meta.url), schemaText(schema));
}
