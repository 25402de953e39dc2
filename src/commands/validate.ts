import type { ValueVerdict } from '../engine/face.ts';
import { sameAsSecret, validateValue } from '../runbook/inputs.ts';
import type { Input } from '../runbook/model.ts';
import { safeLine } from '../text/safe-text.ts';

/** Checks typed values: rules of the input, and W506 against the secrets known so far. */
export const validateFor =
  (secrets: Iterable<string>) =>
  (input: Input, value: string): ValueVerdict => {
    const check = validateValue(input, value);
    if (!check.ok)
      return { ok: false, message: safeLine(`${check.code} ${check.message}`), nextStep: safeLine(check.nextStep) };
    const warning = sameAsSecret(input, value, secrets) ?? check.warnings[0] ?? null;
    return {
      ok: true,
      value: check.value,
      warning: warning === null ? null : safeLine(`${warning.code} ${warning.message}`),
    };
  };
