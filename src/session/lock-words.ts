/** `alice` of `alice@host/run-id`. */
export const holderUser = (holder: string): string => holder.split('@')[0] ?? holder;

/** The run's id of `alice@host/run-id`; null when the holder is not of that form. */
export const holderRun = (holder: string): string | null => {
  const slash = holder.indexOf('/');
  return slash === -1 ? null : holder.slice(slash + 1);
};

/** `host` of `alice@host/run-id`; null when the holder is not of that form. */
export const holderHost = (holder: string): string | null => /@([^/]*)\//.exec(holder)?.[1] ?? null;
