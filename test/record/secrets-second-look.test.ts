import { performance } from 'node:perf_hooks';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildRecord } from '../../src/record/build.ts';
import { renderJson } from '../../src/record/json.ts';
import { renderMarkdown } from '../../src/record/markdown.ts';
import { secondLook } from '../../src/record/secrets-second-look.ts';
import * as runs from './hotfix-runs.ts';

const jwt =
  'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U';
const pem = [
  '-----BEGIN RSA PRIVATE KEY-----',
  'MIIEpAIBAAKCAQEAx5mZ3rVbq8nY',
  'c2VjcmV0c2VjcmV0c2VjcmV0',
  '-----END RSA PRIVATE KEY-----',
];
/** Put together here, so that no scanner takes the test for a leak. */
const joined = (...parts: readonly string[]): string => parts.join('');

const secrets: readonly (readonly [title: string, text: string, secret: string])[] = [
  ['JWT', `token ${jwt} used`, jwt],
  ['Bearer or Basic credentials', 'Authorization: Bearer 9f8e7d6c5b4a39281706', '9f8e7d6c5b4a39281706'],
  ['Bearer or Basic credentials', 'authorization: basic dXNlcjpwYXNz', 'dXNlcjpwYXNz'],
  ['password in a URL', 'postgres://app:hunter2!x@db.example.com:5432/app', 'hunter2!x'],
  ['private key', pem.join('\n'), 'MIIEpAIBAAKCAQEAx5mZ3rVbq8nY'],
  ['private key', pem.slice(1).join('\n'), 'c2VjcmV0c2VjcmV0c2VjcmV0'],
  ['private key', pem.slice(0, 3).join('\n'), 'c2VjcmV0c2VjcmV0c2VjcmV0'],
  ['password or token', 'PGPASSWORD=correct-horse psql', 'correct-horse'],
  ['password or token', 'db.password = "swordfish1"', 'swordfish1'],
  ['password or token', '--password swordfish1 --yes', 'swordfish1'],
  ['password or token', '{"user":"app","apiKey":"abcd1234efgh"}', 'abcd1234efgh'],
  ['password or token', 'AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMIK7MDENGbPxRfiCYzzzz', 'wJalrXUtnFEMIK7MDENGbPxRfiCYzzzz'],
  ['password or token', 'apiVersion: v1\n  password: s3cr3t-value', 's3cr3t-value'],
  [
    'Kubernetes Secret',
    'apiVersion: v1\nkind: Secret\ndata:\n  tls.key: c2VjcmV0\n  user: YWRtaW4=\nmetadata:\n  name: db',
    'c2VjcmV0',
  ],
  ['Kubernetes Secret', '{"kind": "Secret", "data": {"user": "YWRtaW4=", "key": "c2VjcmV0"}}', 'c2VjcmV0'],
  ['AWS access key', joined('id AKIA', 'IOSFODNN7EXAMPLE done'), joined('AKIA', 'IOSFODNN7EXAMPLE')],
  [
    'GitHub token',
    joined('ghp_', 'wWPw5k4aXcaT4fNP0UcnZwJUVFk6LO0pINUx'),
    joined('ghp_', 'wWPw5k4aXcaT4fNP0UcnZwJUVFk6LO0pINUx'),
  ],
  ['GitLab token', joined('glpat-', 'abcdefghij0123456789'), joined('glpat-', 'abcdefghij0123456789')],
  ['Slack token', joined('https://hooks.slack.com/services/', 'T000/B000/XXXXYYYYZZZZ'), 'T000/B000/XXXXYYYYZZZZ'],
  [
    'Google key',
    joined('AIza', 'SyA1234567890abcdefghijklmnopqrstuvw'),
    joined('AIza', 'SyA1234567890abcdefghijklmnopqrstuvw'),
  ],
  ['token of a service', joined('hvs.', 'CAESIJabcdefghijklmnop'), joined('hvs.', 'CAESIJabcdefghijklmnop')],
  ['signed URL', 'https://x.example.com/a?se=1&sig=abcdefghij0123456789', 'abcdefghij0123456789'],
];

const harmless = [
  'PGPASSWORD="$DB_PASSWORD" psql',
  'curl -H "Authorization: Bearer $TOKEN" https://example.com',
  'kubectl get secret checkout-tls -n production',
  'password=*** (masked)',
  'PWD=/home/alice/project',
  'the token has expired: ask for another',
  'https://example.com:8443/path@v2',
  `sha256:${'ab12'.repeat(16)}`,
  'deployment "checkout" successfully rolled out',
  'Basic authentication is switched off',
  'token: required',
  'kind: ConfigMap\ndata:\n  mode: production',
];

describe('the second look', () => {
  it.each(secrets)('masks a %s', (title, text, secret) => {
    const look = secondLook();
    const masked = look.mask(text, 'here');
    expect(masked).not.toContain(secret);
    expect(masked).toContain(`[masked: ${title}]`);
    expect(look.findings().map(({ rule }) => rule)).toContain(title);
  });

  it.each(harmless)('leaves alone: %s', (text) => {
    const look = secondLook();
    expect(look.mask(text, 'here')).toBe(text);
    expect(look.findings()).toEqual([]);
  });

  it('leaves all else of a text as it was', () => {
    expect(secondLook().mask('before postgres://app:hunter2x@db/app after', 'x')).toBe(
      'before postgres://app:[masked: password in a URL]@db/app after',
    );
    const secret = 'kind: Secret\ndata:\n  key: c2VjcmV0\nmetadata:\n  namespace: production';
    expect(secondLook().mask(secret, 'x')).toBe(
      'kind: Secret\ndata:\n  key: [masked: Kubernetes Secret]\nmetadata:\n  namespace: production',
    );
  });

  it('masks what it has masked no second time', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray(secrets.map(([, text]) => text)), (texts) => {
        const once = secondLook().mask(texts.join('\n'), 'x');
        expect(secondLook().mask(once, 'x')).toBe(once);
      }),
      { numRuns: 50 },
    );
  });

  it('keeps a finding only by its name and with a reason', () => {
    const look = secondLook([{ what: 'jwt-1', reason: 'a sample from the manual' }]);
    expect(look.mask(jwt, 'a note')).toBe(jwt);
    expect(look.mask(jwt.replace('doz', 'abc'), 'a note')).toBe('[masked: JWT]');
    expect(look.findings()).toMatchObject([
      { what: 'jwt-1', kept: 'a sample from the manual' },
      { what: 'jwt-2', kept: null },
    ]);
  });

  it('is not slow on any text', () => {
    const texts = ['password', 'a:', 'eyJ', '-----BEGIN ', 'AAAA\n', '"data":{"', ' a: b\n', 'Bearer ', '://a:'].map(
      (part) => part.repeat(20_000),
    );
    const started = performance.now();
    for (const text of texts) secondLook().mask(`kind: Secret\n"kind": "Secret"\n${text.slice(0, 64 * 1024)}`, 'x');
    expect(performance.now() - started).toBeLessThan(10_000);
  });
});

describe('a record', () => {
  const leaky = () =>
    runs
      .prepared()
      .ran('4.2', runs.commands.rollout, `ready\ntoken ${jwt}\n`, 1)
      .add('note.added', { step: null, text: `they use ${jwt}` });

  it('holds no secret that the second look knows, and lists what it masked', () => {
    const record = buildRecord(leaky().events, runs.library);
    const text = renderMarkdown(record);
    expect(text).not.toContain(jwt);
    expect(renderJson(record)).not.toContain(jwt);
    expect(text).toContain('- Masked on export: JWT in output of step 4.2');
    expect(text).toContain('- Masked on export: JWT in a note');
  });

  it('shows a kept one and says why among the deviations', () => {
    const text = renderMarkdown(
      buildRecord(leaky().events, runs.library, { kept: [{ what: 'jwt-1', reason: 'expired test token' }] }),
    );
    expect(text).toContain(jwt);
    expect(text).toContain('- **kept unmasked** JWT in output of step 4.2: expired test token');
  });
});
