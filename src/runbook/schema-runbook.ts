import * as z from 'zod';
import { attributeNames } from './attribute-names.ts';
import {
  approveSchema,
  askSchema,
  baselineSchema,
  decideSchema,
  handoffSchema,
  messageSchema,
  withSchema,
} from './schema-bodies.ts';
import { criterionSchema, gateSchema } from './schema-checks.ts';
import { inputsSchema } from './schema-inputs.ts';
import { boolean, duration, durationText, fields, named, oneOf, refused, scalar, shown, text } from './schema-parts.ts';

export const kinds = [
  'pre-deploy',
  'deploy',
  'canary',
  'blue-green',
  'hotfix',
  'rollback',
  'verify',
  'incident',
] as const;

const version = scalar
  .meta({ enum: [1, '1'] })
  .transform((value, ctx) =>
    value === '1' ? 1 : refused(ctx, `${shown(value)} is not a version this program reads`, 'write "gonogo: 1"'),
  );

const metricSchema = fields({
  title: text.optional(),
  query: text,
  stable: text.optional(),
  unit: oneOf(['ratio', 'percent', 'seconds', 'milliseconds', 'bytes', 'count', 'per-second']).optional(),
  worse: oneOf(['higher', 'lower', 'either']).optional(),
  traffic: text.optional(),
  scrape: duration.optional(),
  freshness: text.optional(),
});

const variableName = text.transform((value, ctx) =>
  /^[A-Za-z_]\w*$/.test(value)
    ? value
    : refused(ctx, `${shown(value)} is not a variable`, 'write a name like AWS_PROFILE'),
);

const shellName = text.transform((value, ctx) =>
  /^[A-Za-z0-9][\w.+-]*$/.test(value)
    ? value
    : refused(ctx, `${shown(value)} is not the name of a shell`, 'write bash, sh or zsh; a path is not allowed'),
);

/** Front matter of a gonogo runbook. Source: 10, "Front matter". */
const headerShape = {
  gonogo: version.optional(),
  title: text.optional(),
  kind: oneOf(kinds).optional(),
  summary: text.optional(),
  inputs: inputsSchema.optional(),
  env: z.array(variableName).optional(),
  target: fields({
    context: text.optional(),
    namespace: text.optional(),
    workloads: z.array(text).optional(),
    production: boolean.optional(),
    permissions: z.array(text).optional(),
    pins: z.array(oneOf(['aws', 'gcp', 'azure', 'docker', 'argocd'])).optional(),
    'same-cluster': text.optional(),
  }).optional(),
  lock: fields({ scope: text }).optional(),
  metrics: named(metricSchema).optional(),
  panels: z
    .array(
      fields({
        title: text,
        command: text,
        risk: oneOf(['read', 'change', 'destroy']).optional(),
        every: duration.optional(),
      }),
    )
    .optional(),
  links: z.array(fields({ title: text, url: text })).optional(),
  contacts: z.array(fields({ role: text, how: text })).optional(),
  rollback: fields({
    runbook: text.optional(),
    with: withSchema.optional(),
    when: z.array(criterionSchema).optional(),
  }).optional(),
  'status-updates': fields({ every: duration, message: text }).optional(),
  windows: z.array(z.union([fields({ allow: text }), fields({ deny: text })])).optional(),
  shell: shellName.optional(),
};

export const headerSchema = fields(headerShape);
export type HeaderFields = z.output<typeof headerSchema>;

const attribute = scalar;
const attributesShape = Object.fromEntries([...attributeNames.keys()].map((name) => [name, attribute.optional()]));

/** `run: TEXT`, or the script with the fence's attributes as keys. */
export const runSchema = z.union([text, fields({ script: text, ...attributesShape })]).meta({ id: 'run' });

const actionShape = {
  run: runSchema.optional(),
  gate: gateSchema.optional(),
  baseline: baselineSchema.optional(),
  decide: decideSchema.optional(),
  ask: askSchema.optional(),
  approve: approveSchema.optional(),
  message: messageSchema.optional(),
  handoff: handoffSchema.optional(),
};

export const actionNames: readonly string[] = Object.keys(actionShape);

const itemShape = {
  name: text.optional(),
  when: text.optional(),
  owe: durationText.optional(),
  critical: boolean.optional(),
};

const stepSchema: z.ZodType = fields({
  title: text,
  ...itemShape,
  do: z.array(fields(actionShape)).optional(),
  ...actionShape,
  notes: text.optional(),
  undo: z.union([runSchema, z.array(runSchema)]).optional(),
  get steps(): z.ZodType {
    return z.array(stepSchema).optional();
  },
}).meta({ id: 'step' });

const phaseSchema: z.ZodType = fields({
  title: text,
  at: text.optional(),
  notes: text.optional(),
  path: oneOf(['main', 'rollback', 'reference']).optional(),
  ...itemShape,
  steps: z.array(stepSchema).optional(),
  get phases(): z.ZodType {
    return z.array(phaseSchema).optional();
  },
}).meta({ id: 'phase' });

const phases = z.array(phaseSchema);

/** What the YAML notation adds to the header. */
export const phasesSchema = fields({ phases });

/** A whole runbook in the YAML notation. */
export const runbookSchema = fields({ ...headerShape, phases });
