import { isIP } from 'node:net';
import { connect, type PeerCertificate } from 'node:tls';
import { bounded } from './bounded.ts';

/** Faults of a certificate, as TLS names them. */
const certificateCode = /CERT|SIGNATURE/;

export const isCertificateFault = (code: unknown): boolean => typeof code === 'string' && certificateCode.test(code);

/**
 * Whose certificate a server shows and until when it is valid: `m.example.com, valid until 2026-11-20`. Empty when it
 * cannot be seen. Whoever does not trust it has already been refused; this looks at it and sends nothing.
 */
export const certificateOf = (address: string, signal: AbortSignal): Promise<string> => {
  const { hostname, port } = new URL(address);
  const host = hostname.replace(/^\[|\]$/g, '');
  const { promise, resolve } = Promise.withResolvers<string>();
  const socket = connect({
    host,
    port: port === '' ? 443 : Number(port),
    // An address is no name for SNI.
    ...(isIP(host) === 0 ? { servername: host } : {}),
    rejectUnauthorized: false,
  });
  const end = (words: string): void => {
    signal.removeEventListener('abort', late);
    socket.destroy();
    resolve(words);
  };
  const late = (): void => end('');
  signal.addEventListener('abort', late, { once: true });
  socket.once('secureConnect', () => end(wordsOf(socket.getPeerCertificate())));
  socket.once('close', late);
  socket.on('error', late);
  if (signal.aborted) late();
  return promise;
};

const wordsOf = ({ subject, subjectaltname, valid_from, valid_to }: Partial<PeerCertificate>): string => {
  const names = (subjectaltname ?? '').replaceAll(/(DNS|IP Address):/g, '');
  const name = names === '' ? String(subject?.CN ?? '') : names;
  const [from, until] = [dayOf(valid_from), dayOf(valid_to)];
  const isEarly = from !== null && Date.parse(valid_from ?? '') > Date.now();
  const valid = isEarly ? `valid from ${from}` : until === null ? '' : `valid until ${until}`;
  return [bounded(name, 120), valid].filter((part) => part !== '').join(', ');
};

const dayOf = (text: string | undefined): string | null => {
  const time = Date.parse(text ?? '');
  return Number.isNaN(time) ? null : new Date(time).toISOString().slice(0, 10);
};
