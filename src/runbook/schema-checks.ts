import * as z from 'zod';
import {
  anyText,
  boolean,
  durationOrInput,
  fields,
  named,
  oneOf,
  oneOrMany,
  openFields,
  refused,
  regex,
  scalar,
  shown,
  text,
  wholeNumber,
} from './schema-parts.ts';

const url = text.transform((value, ctx) =>
  /^(?:https?:\/\/|\$\{)/i.test(value)
    ? value
    : refused(ctx, `${shown(value)} is not a web address`, 'start it with http:// or https://'),
);

/** `<= 0`: what a number in a command's output is compared with. */
const numberCheck = scalar.transform((value, ctx) =>
  /^\s*(?:<=|>=|==|<|>)\s*[-+]?(?:\d+(?:\.\d+)?|\.\d+)\s*$/.test(value)
    ? value.trim()
    : refused(ctx, `${shown(value)} is not a comparison with a number`, "write for example '<= 0'", 'E320'),
);

const http = z.union([url, fields({ url, status: wholeNumber(100, 599).optional(), json: named(anyText).optional() })]);

const command = z.union([
  text,
  fields({
    run: text,
    exit: wholeNumber(0, 255).optional(),
    json: named(anyText).optional(),
    matches: regex.optional(),
    number: numberCheck.optional(),
    risk: oneOf(['read']).optional(),
  }),
]);

const logs = fields({ selector: text, none: regex, since: text.optional() });

/** `> 5 in 5m`; the number may be an input's. */
const restarts = text.transform((value, ctx) =>
  /^(?:<=|>=|==|<|>)\s*(?:\d+|\$\{[^}]*\})(?:\s+in\s+\d+(?:ms|s|m|h|d))?$/.test(value.trim())
    ? value.trim()
    : refused(ctx, `${shown(value)} is not understood`, "write for example '> 5 in 5m'", 'E320'),
);

const pods = text.transform((value, ctx) =>
  /^(?:failing|(?:\S.*\s)?ready)$/.test(value.trim())
    ? value.trim()
    : refused(
        ctx,
        `${shown(value)} is not understood`,
        "write 'app=web ready', or failing under rollback.when",
        'E320',
      ),
);

const rollout = text.transform((value, ctx) =>
  value.trim() === 'deadline' || /^[^\s/]+\/\S+$/.test(value.trim())
    ? value.trim()
    : refused(ctx, `${shown(value)} is not a workload`, "write for example 'deployment/web'", 'E320'),
);

/** Kinds of check that are not metrics; `expression` stands for every metric's name. */
export const checkKinds = { rollout, pods, logs, http, command, restarts } as const;

export const checkKindNames: readonly string[] = Object.keys(checkKinds);

const checkFields = {
  rollout: oneOrMany(rollout).optional(),
  pods: oneOrMany(pods).optional(),
  logs: oneOrMany(logs).optional(),
  http: oneOrMany(http).optional(),
  command: oneOrMany(command).optional(),
  restarts: oneOrMany(restarts).optional(),
};

const expression = z.union([text, z.array(text)]);

const breach = text.transform((value, ctx) => {
  const match = /^(\d{1,3})\s+of\s+(\d{1,3})$/.exec(value.trim());
  const bad = Number(match?.[1]);
  const of = Number(match?.[2]);
  if (match !== null && bad >= 1 && of >= bad) return { bad, of };
  return refused(ctx, `${shown(value)} is not understood`, 'write for example "3 of 3"');
});

/** Everything in a gate that is not a check. */
export const gateOptions = {
  name: text.optional(),
  critical: boolean.optional(),
  else: z.array(text).optional(),
  for: durationOrInput.optional(),
  within: durationOrInput.optional(),
  settle: durationOrInput.optional(),
  every: durationOrInput.optional(),
  breach: breach.optional(),
  floor: text.optional(),
  'min-looks': wholeNumber(1, 10_000).optional(),
  'hold-timeout': durationOrInput.optional(),
  shift: oneOf(['1d', '7d']).optional(),
};

export const gateOptionNames: readonly string[] = Object.keys(gateOptions);

/** Body of a `gate` fence. Keys that are not known are names of metrics; the builder looks them up. */
export const gateSchema = openFields({ ...gateOptions, ...checkFields }, expression).meta({ id: 'gate' });

/** One item of `rollback.when`. */
export const criterionSchema = openFields(checkFields, expression);
