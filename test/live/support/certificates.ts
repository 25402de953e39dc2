import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from './processes.ts';

/** A certificate authority of our own, in a folder, made with openssl. */
export interface Authority {
  readonly folder: string;
  /** Path of the authority's certificate. */
  readonly certificate: string;
  /**
   * Paths of a certificate signed by it, and of the key. Made once per name.
   * For a client: user = common name, groups = organisations. For a server: the addresses it serves on.
   */
  readonly issue: (name: string, subject: Subject) => Promise<{ certificate: string; key: string }>;
}

export interface Subject {
  readonly user: string;
  readonly groups?: readonly string[];
  /** For example `IP:127.0.0.1`, `DNS:localhost`. */
  readonly addresses?: readonly string[];
}

const openssl = async (args: readonly string[]): Promise<void> => {
  const { exit, stderr } = await runCommand('openssl', args, { seconds: 20 });
  if (exit !== 0) throw new Error(`openssl ${args.join(' ')} ended with ${exit}: ${stderr}`);
};

const days = ['-days', '30'];
const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];

/** Makes the authority, or finds the one that is in the folder already. */
export const openAuthority = async (folder: string, name: string): Promise<Authority> => {
  mkdirSync(folder, { recursive: true });
  const certificate = join(folder, 'ca.crt');
  const authorityKey = join(folder, 'ca.key');
  if (!existsSync(certificate))
    await openssl([
      'req',
      '-x509',
      ...newKey,
      ...days,
      '-subj',
      `/CN=${name}`,
      '-keyout',
      authorityKey,
      '-out',
      certificate,
    ]);
  const issue: Authority['issue'] = async (file, { user, groups = [], addresses = [] }) => {
    const path = (ending: string): string => join(folder, `${file}.${ending}`);
    const made = { certificate: path('crt'), key: path('key') };
    if (existsSync(made.certificate)) return made;
    const subject = [...groups.map((group) => `/O=${group}`), `/CN=${user}`].join('');
    await openssl(['req', ...newKey, '-subj', subject, '-keyout', made.key, '-out', path('csr')]);
    const names = addresses.length > 0 ? `subjectAltName=${addresses.join(',')}\n` : '';
    writeFileSync(path('ext'), `${names}extendedKeyUsage=serverAuth,clientAuth\n`);
    const signer = ['-CA', certificate, '-CAkey', authorityKey, '-CAcreateserial'];
    await openssl([
      'x509',
      '-req',
      '-in',
      path('csr'),
      ...signer,
      ...days,
      '-extfile',
      path('ext'),
      '-out',
      made.certificate,
    ]);
    return made;
  };
  return { folder, certificate, issue };
};
