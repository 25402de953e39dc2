import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { closeAll, open, read, sourceOf } from './opened.ts';

const folder = mkdtempSync(join(tmpdir(), 'gonogo-certificates-'));
const usual = getCACertificates('default');
const at = (name: string): string => join(folder, name);
const openssl = (...args: readonly string[]): void => {
  execFileSync('openssl', [...args], { stdio: 'ignore' });
};
const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];

beforeAll(() => {
  openssl(
    'req',
    '-x509',
    ...newKey,
    '-days',
    '30',
    '-subj',
    '/CN=tests',
    '-keyout',
    at('ca.key'),
    '-out',
    at('ca.crt'),
  );
  setDefaultCACertificates([...usual, readFileSync(at('ca.crt'), 'utf8')]);
});
afterEach(closeAll);
afterAll(() => {
  setDefaultCACertificates(usual);
  rmSync(folder, { recursive: true, force: true });
});

/** Asks a server whose certificate is for these names and so many more days. */
const faultWith = async (names: string, days: number, signed: boolean): Promise<string> => {
  openssl('req', ...newKey, '-subj', '/CN=m.example.com', '-keyout', at('key'), '-out', at('csr'));
  writeFileSync(at('names'), `subjectAltName=${names}\n`);
  const signer = signed ? ['-CA', at('ca.crt'), '-CAkey', at('ca.key'), '-CAcreateserial'] : ['-signkey', at('key')];
  openssl('x509', '-req', '-in', at('csr'), ...signer, '-days', `${days}`, '-extfile', at('names'), '-out', at('crt'));
  const server = createServer({ key: readFileSync(at('key')), cert: readFileSync(at('crt')) }, (_, response) => {
    response.end(JSON.stringify({ status: 'success', data: { resultType: 'scalar', result: [1, '7'] } }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  open.push({
    close: async () => {
      server.close();
      server.closeAllConnections();
    },
  });
  const { port } = server.address() as { port: number };
  const { value } = await read(sourceOf(`https://127.0.0.1:${port}`), '1');
  return value.kind === 'fault' ? value.because : `${value.kind === 'value' ? value.value : value.missing}`;
};

const dayIn = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);

test.each<[string, string, number, boolean, string]>([
  ['a good one is no fault', 'IP:127.0.0.1', 3, true, '7'],
  ['has expired', 'IP:127.0.0.1', -1, true, `its certificate has expired (127.0.0.1, valid until ${dayIn(-1)})`],
  [
    'is for another name',
    'DNS:a.example.com,DNS:b.example.com',
    3,
    true,
    `its certificate is for another name (a.example.com, b.example.com, valid until ${dayIn(3)})`,
  ],
  [
    'is signed by itself',
    'IP:127.0.0.1',
    3,
    false,
    `its certificate is signed by itself (127.0.0.1, valid until ${dayIn(3)})`,
  ],
])('a certificate that %s', async (_, names, days, signed, expected) => {
  expect(await faultWith(names, days, signed)).toBe(expected);
});
