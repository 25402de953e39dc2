/** Words of a server, short enough for a panel and a record. */
export const bounded = (text: string, limit = 300): string => {
  const trimmed = text.trim();
  return trimmed.length <= limit ? trimmed : `${trimmed.slice(0, limit - 1)}…`;
};
