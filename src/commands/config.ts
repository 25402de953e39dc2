import { listSettings, setSetting, unsetSetting } from '../settings/change.ts';
import { type ExitCode, ExpectedError, exitCodes } from '../text/errors.ts';
import { safe, safeText } from '../text/safe-text.ts';
import { print } from './output.ts';
import { table } from './table.ts';

/** Without arguments all settings, with a key its value, with a value sets it. */
export const config = async (
  key: string | null,
  value: string | null,
  options: { readonly unset?: boolean },
): Promise<ExitCode> => {
  if (key === null && options.unset === true)
    throw new ExpectedError('--unset needs a key', { nextStep: 'For example: gonogo config theme --unset' });
  if (key === null) {
    for (const line of table(
      listSettings().map((s) => [
        safeText(s.key),
        safe`${JSON.stringify(s.value)}${s.isDefault ? ' (default)' : ''}`,
        safe`${s.about}`,
      ]),
    ))
      print(line);
    return exitCodes.done;
  }
  if (options.unset === true) {
    await unsetSetting(key);
    return exitCodes.done;
  }
  if (value !== null) {
    await setSetting(key, value);
    return exitCodes.done;
  }
  const setting = listSettings().find((s) => s.key === key);
  if (setting === undefined)
    throw new ExpectedError(`unknown key "${key}"`, { nextStep: 'gonogo config lists them all' });
  print(safe`${typeof setting.value === 'string' ? setting.value : JSON.stringify(setting.value)}`);
  return exitCodes.done;
};
