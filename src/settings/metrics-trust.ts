import { userConfigFolder } from './folders.ts';
import { changeStore, checkOwnStore, readStore } from './store.ts';

/** A metrics server that this user once said is the right one for a context. Source: 40-cluster. */
interface KnownMetrics {
  readonly context: string;
  readonly url: string;
}

const entries = (folder: string): readonly KnownMetrics[] => {
  checkOwnStore(folder, 'trust');
  const list = readStore(folder, 'trust')?.metrics;
  return Array.isArray(list) ? list.filter(isKnown) : [];
};

const isKnown = (value: unknown): value is KnownMetrics => {
  const one = value as Partial<KnownMetrics> | null;
  return typeof one?.context === 'string' && typeof one.url === 'string';
};

/** Throws `ExpectedError` when the list could have been written by somebody else or is no JSON. */
export const isKnownMetrics = (context: string, url: string, folder: string = userConfigFolder()): boolean =>
  entries(folder).some((one) => one.context === context && one.url === url);

export const rememberMetrics = async (
  context: string,
  url: string,
  folder: string = userConfigFolder(),
): Promise<void> => {
  if (isKnownMetrics(context, url, folder)) return;
  await changeStore(folder, 'trust', 'metrics', [...entries(folder), { context, url }]);
};
