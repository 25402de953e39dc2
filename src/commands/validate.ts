import type { ValueVerdict } from '../engine/face.ts';
import { secretInValue, validateValue } from '../runbook/inputs.ts';
import type { Input } from '../runbook/model.ts';
import { safeLine } from '../text/safe-text.ts';
import type { HeldIn } from './conceal.ts';

/** Checks typed values: rules of the input, and W506 against the secrets known so far. */
export const validateFor =
  (heldIn: HeldIn) =>
  (input: Input, value: string): ValueVerdict => {
    const check = validateValue(input, value);
    if (!check.ok)
      return { ok: false, message: safeLine(`${check.code} ${check.message}`), nextStep: safeLine(check.nextStep) };
    const held = input.type === 'secret' ? null : secretInValue(input, check.value, heldIn);
    const warning = held ?? check.warnings[0] ?? null;
    return {
      ok: true,
      value: check.value,
      secret: input.type === 'secret' || held !== null,
      warning: warning === null ? null : safeLine(`${warning.code} ${warning.message}`),
    };
  };
