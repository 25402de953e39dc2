import { connect, type DetailedPeerCertificate } from 'node:tls';
import { ApiProblem } from './api-problem.ts';
import type { Endpoint } from './connection.ts';
import { tlsOptions } from './transport.ts';

const lookMs = 3_000;

/**
 * The certificate that the server shows, whatever it is worth: a connection of its own that sends no request and no
 * credential, since the one that was refused no longer tells. Null when it cannot be seen.
 */
const shownCertificate = (endpoint: Endpoint): Promise<DetailedPeerCertificate | null> => {
  if (endpoint.proxyUrl !== null) return Promise.resolve(null);
  const { hostname, port } = new URL(endpoint.server);
  return new Promise((resolve) => {
    const socket = connect({
      ...tlsOptions(endpoint),
      host: hostname.replace(/^\[|\]$/g, ''),
      port: port === '' ? 443 : Number(port),
      rejectUnauthorized: false,
    });
    const end = (certificate: DetailedPeerCertificate | null): void => {
      resolve(certificate);
      socket.destroy();
    };
    socket.setTimeout(lookMs, () => end(null));
    socket.once('error', () => end(null));
    socket.once('close', () => end(null));
    socket.once('secureConnect', () => end(socket.getPeerCertificate(true)));
  });
};

const nameOf = (names: DetailedPeerCertificate['subject'] | undefined): string => {
  const name = names?.CN ?? names?.O;
  return (Array.isArray(name) ? name[0] : name) ?? 'no name';
};

const day = (date: string): string => {
  const at = Date.parse(date);
  return Number.isNaN(at) ? date : new Date(at).toISOString().slice(0, 10);
};

/** The certificate itself and those that signed it, as far as the server shows them. */
const chainOf = (first: DetailedPeerCertificate | null): readonly DetailedPeerCertificate[] => {
  const chain: DetailedPeerCertificate[] = [];
  for (let next = first; next?.subject !== undefined && !chain.includes(next); next = next.issuerCertificate)
    chain.push(next);
  return chain;
};

const expired = (chain: readonly DetailedPeerCertificate[]): string => {
  const now = Date.now();
  const guilty = chain.find(({ valid_to }) => Date.parse(valid_to) < now);
  return guilty === undefined
    ? "the server's certificate expired"
    : `certificate of "${nameOf(guilty.subject)}" expired ${day(guilty.valid_to)}`;
};

const notYetValid = (chain: readonly DetailedPeerCertificate[]): string => {
  const now = Date.now();
  const guilty = chain.find(({ valid_from }) => Date.parse(valid_from) > now);
  return guilty === undefined
    ? "the server's certificate is not yet valid"
    : `certificate of "${nameOf(guilty.subject)}" is not valid before ${day(guilty.valid_from)}`;
};

const otherName = (chain: readonly DetailedPeerCertificate[], endpoint: Endpoint): string => {
  const wanted = endpoint.tlsServerName ?? new URL(endpoint.server).hostname;
  const names = (chain[0]?.subjectaltname ?? '').replaceAll(/DNS:|IP Address:/g, '') || nameOf(chain[0]?.subject);
  return `certificate is for ${names}, not for ${wanted}`;
};

const strange = (chain: readonly DetailedPeerCertificate[]): string => {
  const [leaf] = chain;
  if (leaf === undefined) return "the server's certificate is not signed by the cluster's authority";
  return `certificate of "${nameOf(leaf.subject)}" is signed by "${nameOf(leaf.issuer)}", not by the cluster's authority`;
};

const unsigned = new Set([
  'SELF_SIGNED_CERT_IN_CHAIN',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'CERT_SIGNATURE_FAILURE',
  'CERT_UNTRUSTED',
  'INVALID_CA',
]);

const wordsOf = async (code: string, error: unknown, endpoint: Endpoint): Promise<string | null> => {
  const chain = async () => chainOf(await shownCertificate(endpoint));
  if (code === 'CERT_HAS_EXPIRED') return expired(await chain());
  if (code === 'CERT_NOT_YET_VALID') return notYetValid(await chain());
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') return otherName(await chain(), endpoint);
  if (unsigned.has(code)) return strange(await chain());
  if (code === 'ERR_SSL_WRONG_VERSION_NUMBER' || code === 'ERR_SSL_PACKET_LENGTH_TOO_LONG' || code === 'EPROTO') {
    return `${new URL(endpoint.server).host} does not speak TLS`;
  }
  if (code.includes('ALERT')) return 'the server refused our client certificate';
  const isTls = /^(CERT_|CRL_|ERR_TLS|ERR_SSL|ERR_OSSL|UND_ERR_PRX_TLS)/.test(code);
  return isTls ? (error instanceof Error ? error.message : code) : null;
};

/** Null when `code` is not one of TLS. */
export const tlsProblem = async (code: string, error: unknown, endpoint: Endpoint): Promise<ApiProblem | null> => {
  const because = await wordsOf(code, error, endpoint);
  return because === null ? null : new ApiProblem({ kind: 'tls', because, cause: error });
};
