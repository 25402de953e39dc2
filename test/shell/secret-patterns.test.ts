import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createMasker, maskText } from '../../src/shell/masker.ts';
import { createSecretsRegistry } from '../../src/shell/secrets-registry.ts';

const value = `p&ss "w<rd>' $x\\/é+?`;

const leaks = (output: string, secret: string = value): string =>
  maskText(createMasker([{ name: 'S', value: secret }]), output);

const hidden = (output: string, secret: string = value): void => {
  const encoded = output.trim();
  expect(leaks(`before ${encoded} after`, secret)).toBe('before [secret S] after');
};

describe('the encodings of a secret', () => {
  it('masks what real programs make of it', () => {
    const bash = (script: string): string => execFileSync('bash', ['-c', script, 'bash', value], { encoding: 'utf8' });
    hidden(bash('printf %s "$1" | base64 -w0'));
    hidden(bash('echo "$1" | base64 -w0'));
    hidden(bash('printf %s "$1" | od -An -tx1 | tr -d " \\n"'));
    hidden(bash('printf %q "$1"').replaceAll("$'", '').replace(/'$/, ''));
    const python = (code: string): string =>
      execFileSync('python3', ['-c', `import sys,json,base64,urllib.parse,html;v=sys.argv[1];print(${code})`, value], {
        encoding: 'utf8',
      });
    hidden(python('json.dumps(v)[1:-1]'));
    hidden(python('json.dumps(v,ensure_ascii=False)[1:-1]'));
    hidden(python('urllib.parse.quote(v)'));
    hidden(python('urllib.parse.quote(v,safe="")'));
    hidden(python('urllib.parse.quote_plus(v)'));
    hidden(python('html.escape(v)'));
    hidden(python('base64.urlsafe_b64encode(v.encode()).decode()'));
    hidden(python('v.encode().hex().upper()'));
  });

  it('masks the characters of base64 that the secret alone decides, wherever it stands in the encoded text', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 6, maxLength: 40 }), fc.nat(5), fc.nat(5), (secret, before, after) => {
        fc.pre(secret.trim().length >= 6);
        const whole = Buffer.concat([Buffer.alloc(before, 'x'), Buffer.from(secret), Buffer.alloc(after, 'y')]);
        const left = leaks(whole.toString('base64'), secret).replaceAll('[secret S]', '');
        // At most the characters shared with a neighbour remain, and the neighbours themselves.
        expect(left.length).toBeLessThanOrEqual(Math.ceil((before * 4) / 3) + Math.ceil((after * 4) / 3) + 6);
      }),
    );
  });

  it('masks the lines of a long value, also where base64 breaks them', () => {
    const pem = Array.from({ length: 12 }, (_, i) => `line-${i}-${'x'.repeat(40 + i)}`).join('\n');
    const base64 = execFileSync('base64', { input: pem, encoding: 'utf8' });
    expect(leaks(base64, pem).replaceAll('[secret S]', '').trim()).toBe('');
    expect(leaks(`a ${pem.split('\n')[3]} b`, pem)).toBe('a [secret S] b');
  });
});

describe('inherited variables', () => {
  it('registers values of variables named like a secret, from 8 characters on, unless they are plainly none', () => {
    const registry = createSecretsRegistry();
    const taken = registry.registerInherited({
      GITHUB_TOKEN: 'ghp_abcdefgh',
      MY_SECRET_THING: 'hidden-value',
      DB_PASSWORD: 'short',
      API_KEY: '1234567890',
      SSH_KEY: '/home/me/.ssh/id_ed25519',
      USE_TOKEN: 'true',
      KEYBOARD: 'qwertyuiop',
      HOME: '/home/me-and-more',
    });
    expect(taken).toEqual(['GITHUB_TOKEN', 'MY_SECRET_THING']);
    expect(registry.mask('ghp_abcdefgh short 1234567890')).toBe('[secret GITHUB_TOKEN] short 1234567890');
    expect(registry.heldIn('value: hidden-value')).toBe('MY_SECRET_THING');
    expect(registry.heldIn('nothing')).toBe(null);
  });
});
