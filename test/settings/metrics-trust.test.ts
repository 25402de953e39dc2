import { hash } from 'node:crypto';
import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { isKnownMetrics, rememberMetrics } from '../../src/settings/metrics-trust.ts';
import { allow, trustState } from '../../src/settings/trust.ts';
import { temporaryFolder } from './support/folder.ts';

test('a server is known for the context it was agreed to for', async () => {
  const folder = temporaryFolder();
  expect(isKnownMetrics('prod-eu', 'https://m.example.com', folder)).toBe(false);
  await rememberMetrics('prod-eu', 'https://m.example.com', folder);
  await rememberMetrics('prod-eu', 'https://m.example.com', folder);
  expect(isKnownMetrics('prod-eu', 'https://m.example.com', folder)).toBe(true);
  expect(isKnownMetrics('prod-us', 'https://m.example.com', folder)).toBe(false);
  expect(isKnownMetrics('prod-eu', 'https://other.example.com', folder)).toBe(false);
});

test('what runbooks may run stays as it is', async () => {
  const folder = temporaryFolder();
  const bytes = Buffer.from('# x');
  await allow('/x.md', bytes, { folder });
  await rememberMetrics('prod-eu', 'https://m.example.com', folder);
  const sha256 = hash('sha256', bytes, 'hex');
  expect(trustState({ path: '/x.md', sha256 }, { folder }).kind).toBe('allowed');
});

test('a list that others could have written is not believed', async () => {
  const folder = temporaryFolder();
  await rememberMetrics('prod-eu', 'https://m.example.com', folder);
  chmodSync(join(folder, 'trust.json'), 0o666);
  expect(() => isKnownMetrics('prod-eu', 'https://m.example.com', folder)).toThrow('can be written by others');
});
