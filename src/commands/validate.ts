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
    // W506: as a plain value it would be written into the journal.
    const same = input.type === 'secret' ? null : sameAsSecret(input, value, secrets);
    if (same !== null)
      return { ok: false, message: safeLine(`${same.code} ${same.message}`), nextStep: safeLine(same.nextStep) };
    const warning = check.warnings[0] ?? null;
    return {
      ok: true,
      value: check.value,
      warning: warning === null ? null : safeLine(`${warning.code} ${warning.message}`),
    };
  };
