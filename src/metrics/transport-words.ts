/** A fault of the network in the words of an operator. Source: bad-inputs, network table. */
export const transportWords = (error: unknown): string => {
  const code = codeOf(error);
  const known = code === null ? undefined : words[code];
  if (known !== undefined) return known;
  const message = innermost(error);
  return code === null || message.includes(code) ? message : `${code}: ${message}`;
};

const words: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'the connection was reset',
  EPIPE: 'the connection was closed',
  UND_ERR_SOCKET: 'the connection was closed',
  ENOTFOUND: 'its name is not known (DNS)',
  EAI_AGAIN: 'no answer from DNS',
  EHOSTUNREACH: 'no route to the host',
  ENETUNREACH: 'no route to its network',
  ETIMEDOUT: 'no answer from the host',
  UND_ERR_CONNECT_TIMEOUT: 'no answer from the host',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  CERT_NOT_YET_VALID: 'its certificate is not valid yet',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another name',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is signed by itself',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate comes from an unknown authority',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate comes from an unknown authority',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'its certificate comes from an unknown authority',
  HPE_INVALID_CONSTANT: 'it does not speak HTTP',
};

const chain = (error: unknown): readonly unknown[] => {
  const out: unknown[] = [];
  let at: unknown = error;
  while (at !== null && typeof at === 'object' && out.length < 8) {
    out.push(at);
    const { cause, errors } = at as { cause?: unknown; errors?: readonly unknown[] };
    at = cause ?? errors?.[0];
  }
  return out;
};

const codeOf = (error: unknown): string | null =>
  chain(error)
    .map((one) => (one as { code?: unknown }).code)
    .findLast((code): code is string => typeof code === 'string') ?? null;

const innermost = (error: unknown): string => {
  const last = chain(error).findLast((one): one is Error => one instanceof Error && one.message !== '');
  return last?.message ?? String(error);
};
