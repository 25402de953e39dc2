import * as z from 'zod';
import { inputTypes } from './schema-inputs.ts';
import { kinds } from './schema-runbook.ts';

/** Schema of `gonogo show --format json`. Source: 10-runbook-format, "The model as JSON". */
const line = z.int().min(1).describe('1-based line of the source file');
const lines = z
  .array(z.tuple([line, line]).readonly())
  .readonly()
  .describe('inclusive ranges');
const nullableText = z.string().nullable();
const milliseconds = z.number().nullable();
const texts = z.record(z.string(), z.string()).readonly();
const names = z.array(z.string()).readonly();

const input = z.strictObject({
  name: z.string(),
  variable: z.string(),
  type: z.enum(inputTypes),
  prompt: z.string(),
  example: nullableText,
  default: nullableText,
  pattern: nullableText,
  choices: names,
  from: nullableText,
  askedAtStep: z.boolean(),
  line,
});

const metric = z.strictObject({
  name: z.string(),
  title: z.string(),
  query: z.string(),
  stable: nullableText,
  unit: z.enum(['ratio', 'percent', 'seconds', 'milliseconds', 'bytes', 'count', 'per-second']),
  worse: z.enum(['higher', 'lower', 'either']),
  traffic: nullableText,
  scrapeMs: milliseconds,
  freshness: nullableText,
  line,
});

const target = z.strictObject({
  context: nullableText,
  namespace: nullableText,
  workloads: names,
  production: z.boolean().nullable(),
  permissions: names,
  pins: z.array(z.enum(['aws', 'gcp', 'azure', 'docker', 'argocd'])).readonly(),
  sameCluster: nullableText,
});

type Body = string | readonly Body[] | { readonly [key: string]: Body };
const body: z.ZodType<Body> = z
  .lazy(() => z.union([z.string(), z.array(body).readonly(), z.record(z.string(), body)]))
  .meta({ id: 'body' });

const check = z.strictObject({ source: z.string(), expression: nullableText, body: body.nullable(), line });
const checks = z.array(check).readonly();

const rollback = z.strictObject({ runbook: nullableText, with: texts, when: checks, line });

export const commandSchema = z
  .strictObject({
    script: z.string().describe('the exact text a shell gets'),
    shell: z.string(),
    lines: lines.describe('the source lines that are executed: all of them and no others'),
    attributes: texts,
    risk: z.enum(['read', 'change', 'destroy']),
    placeholders: z.array(z.strictObject({ text: z.string(), variable: z.string() })).readonly(),
    uses: names,
    sets: names,
    sample: z
      .strictObject({ text: z.string(), lines })
      .describe('sample output, never executed; empty when there is none'),
    blocked: nullableText.describe('code of the problem that keeps it from running'),
  })
  .meta({ id: 'command' });

const gate = z.strictObject({
  name: nullableText,
  critical: z.boolean(),
  checks,
  else: names,
  forMs: milliseconds,
  withinMs: milliseconds,
  settleMs: milliseconds,
  everyMs: milliseconds,
  breach: z.strictObject({ bad: z.int(), of: z.int() }).nullable(),
  floor: nullableText,
  minLooks: z.int().nullable(),
  holdTimeoutMs: milliseconds,
  shift: z.enum(['1d', '7d']).nullable(),
  given: texts.optional().describe('times whose value is an input: { forMs: "soak" }; their default stands above'),
});

const message = z.strictObject({
  name: nullableText,
  to: nullableText,
  text: z.string(),
  send: commandSchema.nullable(),
});

const approve = z.strictObject({
  role: z.string(),
  reasonRequired: z.boolean(),
  valid: z.union([z.number(), z.literal('phase'), z.literal('run')]),
});

const decide = z.array(z.strictObject({ label: z.string(), target: z.string() })).readonly();

const action = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('command'), command: commandSchema }),
  z.strictObject({ kind: z.literal('gate'), gate }),
  z.strictObject({
    kind: z.literal('baseline'),
    baseline: z.strictObject({ metrics: names, windowMs: z.number(), windowInput: z.string().optional() }),
  }),
  z.strictObject({ kind: z.literal('decide'), decide }),
  z.strictObject({ kind: z.literal('ask'), ask: z.array(input).readonly() }),
  z.strictObject({ kind: z.literal('approve'), approve }),
  z.strictObject({ kind: z.literal('message'), message }),
  z.strictObject({ kind: z.literal('handoff'), handoff: z.strictObject({ runbook: z.string(), with: texts }) }),
]);

export interface StepJson {
  readonly id: string;
  readonly name: string | null;
  readonly kind: 'manual' | ActionJson['kind'];
  readonly title: string;
  readonly line: number;
  readonly optional: boolean;
  readonly steps: readonly StepJson[];
  readonly actions: readonly ActionJson[];
  readonly commands: readonly CommandJson[];
}

const step: z.ZodType<StepJson> = z
  .strictObject({
    id: z.string().regex(/^\d+(?:\.\d+)+$/),
    name: nullableText,
    kind: z.enum(['manual', 'command', 'gate', 'baseline', 'decide', 'ask', 'approve', 'message', 'handoff']),
    title: z.string(),
    line,
    optional: z.boolean(),
    get steps() {
      return z.array(step).readonly();
    },
    actions: z.array(action).readonly(),
    commands: z.array(commandSchema).readonly(),
  })
  .meta({ id: 'step' });

export interface PhaseJson {
  readonly title: string;
  readonly line: number;
  readonly offPath: null | 'rollback' | 'reference';
  readonly choice: string | null;
  readonly at: string | null;
  readonly steps: readonly StepJson[];
  readonly phases: readonly PhaseJson[];
}

const phase: z.ZodType<PhaseJson> = z
  .strictObject({
    title: z.string(),
    line,
    offPath: z.enum(['rollback', 'reference']).nullable(),
    choice: nullableText.describe('label when sibling phases are alternatives'),
    at: nullableText.describe('due time: T+15m'),
    steps: z.array(step).readonly(),
    get phases() {
      return z.array(phase).readonly();
    },
  })
  .meta({ id: 'phase' });

const diagnostic = z.strictObject({
  code: z.string().regex(/^[EWI]\d+$/),
  severity: z.enum(['error', 'warning', 'info']),
  line,
  column: z.int().min(1),
  message: z.string(),
});

export const modelSchema = z.strictObject({
  schema: z.literal(1),
  title: z.string(),
  kind: z.enum(kinds),
  plain: z.boolean(),
  inputs: z.array(input),
  metrics: z.array(metric),
  target: target.nullable(),
  rollback: rollback.nullable(),
  phases: z.array(phase),
  diagnostics: z.array(diagnostic),
});

export type ModelJson = z.output<typeof modelSchema>;
export type ActionJson = z.output<typeof action>;
export type CommandJson = z.output<typeof commandSchema>;
