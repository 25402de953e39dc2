import { ExpectedError } from '../text/errors.ts';
import { userConfigFolder } from './folders.ts';
import { isSettingKey, parseSetting, type SettingKey, settingKeys } from './schema.ts';
import { defaultSettings } from './shape.ts';
import { changeStore, readStore, storePath } from './store.ts';

/** One line of `gonogo config`. */
export interface SettingLine {
  readonly key: SettingKey;
  readonly about: string;
  /** As it stands in the file, else the default. */
  readonly value: unknown;
  readonly isDefault: boolean;
}

const about: Readonly<Record<SettingKey, string>> = {
  prometheus: 'metrics servers: {"CONTEXT PATTERN": "URL"}, or {"url": …, "headers": {"Authorization": "env:TOKEN"}}',
  production: 'patterns of production contexts',
  notify: 'shell command that is run when a person is needed; GONOGO_MESSAGE, GONOGO_EVENT … say why',
  operator: 'your name in the record',
  theme: 'auto, dark, light or mono',
  records: 'folder where records are copied to',
  lock: 'advisory or required',
  path: 'auto, or all: rollback and reference phases are walked too',
  approvers: 'OpenSSH allowed_signers file of those who may approve',
  trustBranch: 'remote branch whose runbooks `trust --repo` takes as reviewed',
};

/** All settings in their order, also those that are wrong in the file. Throws `ExpectedError` when it is no JSON. */
export const listSettings = (folder: string = userConfigFolder()): readonly SettingLine[] => {
  const file = readStore(folder, 'config') ?? {};
  return settingKeys.map((key) => {
    const isDefault = !Object.hasOwn(file, key);
    return { key, about: about[key], value: isDefault ? defaultSettings[key] : file[key], isDefault };
  });
};

/** Sets one key after checking it. Throws `ExpectedError` for an unknown key or a wrong value. */
export const setSetting = async (key: string, text: string, folder: string = userConfigFolder()): Promise<void> => {
  const setting = parseSetting(key, text, storePath(folder, 'config'));
  await changeStore(folder, 'config', setting.key, setting.value);
};

/** Takes one key out of the file, so that its default holds again. */
export const unsetSetting = async (key: string, folder: string = userConfigFolder()): Promise<void> => {
  const place = storePath(folder, 'config');
  if (!isSettingKey(key) && !Object.hasOwn(readStore(folder, 'config') ?? {}, key)) {
    throw new ExpectedError(`unknown key "${key}"`, { place, nextStep: `Keys are ${settingKeys.join(', ')}` });
  }
  await changeStore(folder, 'config', key, undefined);
};
