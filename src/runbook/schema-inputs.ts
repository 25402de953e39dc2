import * as z from 'zod';
import { anyText, fields, named, oneOf, refused, shown, text } from './schema-parts.ts';

export const inputTypes = ['string', 'text', 'integer', 'number', 'boolean', 'choice', 'secret'] as const;

const secretReference = text.transform((value, ctx) =>
  /^(?:env:[A-Za-z_]\w*|op:\/\/.+|vault:.+|sops:.+|cmd:.+)$/.test(value)
    ? value
    : refused(
        ctx,
        `${shown(value)} is not a reference to a secret`,
        'write env:NAME, op://…, vault:…, sops:… or cmd:…',
      ),
);

/** One entry of `inputs:` or of an `ask` body. */
export const inputSchema = fields({
  type: oneOf(inputTypes).optional(),
  prompt: text.optional(),
  example: text.optional(),
  default: anyText.optional(),
  pattern: text.optional(),
  choices: z.array(text).min(1).optional(),
  from: secretReference.optional(),
}).meta({ id: 'input', type: ['object', 'null'] });

export const inputsSchema = named(inputSchema);

export type InputFields = z.output<typeof inputSchema>;
