import { homedir } from 'node:os';
import { join } from 'node:path';

/** Settings, recents, trust and the user's own runbooks: `$XDG_CONFIG_HOME/gonogo`, else `~/.config/gonogo`. */
export const userConfigFolder = (
  env: Readonly<Record<string, string | undefined>> = process.env,
  home: string = homedir(),
): string =>
  env.XDG_CONFIG_HOME?.startsWith('/') ? join(env.XDG_CONFIG_HOME, 'gonogo') : join(home, '.config', 'gonogo');
