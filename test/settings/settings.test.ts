import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { listSettings, setSetting, unsetSetting } from '../../src/settings/change.ts';
import { userConfigFolder } from '../../src/settings/folders.ts';
import {
  defaultSettings,
  isProduction,
  loadSettings,
  prometheusFor,
  readSettings,
  requireSettings,
} from '../../src/settings/settings.ts';
import type { ExpectedError } from '../../src/text/errors.ts';
import { temporaryFolder } from './support/folder.ts';

const folderWith = (content: unknown): string => {
  const folder = temporaryFolder();
  const text = typeof content === 'string' ? content : JSON.stringify(content);
  writeFileSync(join(folder, 'config.json'), text);
  return folder;
};

test('without a file the defaults hold', async () => {
  expect(await readSettings(temporaryFolder())).toMatchObject({ settings: defaultSettings, problem: null });
});

test('a file changes what it names and leaves the rest', async () => {
  const folder = folderWith({
    prometheus: {
      '^prod': { url: 'https://prom.example.com', headers: { Authorization: 'env:PROM_TOKEN' } },
      '.*': 'http://localhost:9090',
    },
    production: 'live-.*',
    operator: 'alice',
    records: '~/records',
    lock: 'required',
    path: 'all',
  });
  const settings = await requireSettings(folder);
  expect(settings).toEqual({
    ...defaultSettings,
    prometheus: [
      { context: '^prod', url: 'https://prom.example.com', headers: { Authorization: 'env:PROM_TOKEN' } },
      { context: '.*', url: 'http://localhost:9090', headers: {} },
    ],
    production: ['live-.*'],
    operator: 'alice',
    records: join(homedir(), 'records'),
    lock: 'required',
    path: 'all',
  });
  expect(prometheusFor('PROD-eu', settings)?.url).toBe('https://prom.example.com');
  expect(prometheusFor('dev', settings)?.url).toBe('http://localhost:9090');
});

const wrong: readonly [string, unknown, string | null, RegExp][] = [
  ['broken JSON', '{"lock": ', null, /not JSON/],
  ['a list', [], null, /not a JSON object/],
  ['an unknown key', { opertor: 'a' }, null, /unknown key "opertor"/],
  ['a wrong word', { lock: 'maybe' }, 'lock', /advisory/],
  ['a wrong type', { operator: 3 }, 'operator', /string/],
  ['a pattern that is none', { production: ['ok', '('] }, 'production.1', /not a regular expression/],
  ['a relative folder', { records: 'records' }, 'records', /absolute path/],
  ['another protocol', { prometheus: { x: 'file:///etc/passwd' } }, 'prometheus.x', /http or https/],
  ['a password in an address', { prometheus: { x: 'https://bob:pw@m' } }, 'prometheus.x', /must not hold a user/],
  ['an address with a query', { prometheus: { x: { url: 'https://m?t=7' } } }, 'prometheus.x.url', /without "\?"/],
  [
    'a secret in place of its reference',
    { prometheus: { x: { url: 'http://p', headers: { A: 'Bearer abc' } } } },
    'prometheus.x.headers.A',
    /must be a reference/,
  ],
  ['a local branch', { trustBranch: 'main' }, 'trustBranch', /remote branch/],
  ['a branch that is an option', { trustBranch: '--exec=x/y' }, 'trustBranch', /remote branch/],
];

test.each(wrong)(
  '%s: said with path and key; run and trust stop, others use the defaults',
  async (_, content, key, message) => {
    const folder = folderWith(content);
    const file = join(folder, 'config.json');
    const place = key === null ? file : `${file}: ${key}`;
    await expect(requireSettings(folder)).rejects.toMatchObject({
      exit: 2,
      place,
      message: expect.stringMatching(message),
      nextStep: expect.any(String),
    });
    const told: ExpectedError[] = [];
    expect(await loadSettings(folder, (problem) => told.push(problem))).toEqual(defaultSettings);
    expect(told).toMatchObject([{ place }]);
  },
);

test.each([
  'prod',
  'prod-eu',
  'PROD',
  'eu_prod',
  'eu.production.1',
  'prod2',
  'arn:aws:eks:eu-west-1:1:cluster/prd',
  'live-01',
  'eu-live',
])('%s is production', (context) => {
  expect(isProduction(context, defaultSettings)).toBe(true);
});

test.each(['dev', 'product-dev', 'preprod', 'nonprod', 'delivery', 'alive', 'staging', ''])(
  '%s is not production',
  (context) => {
    expect(isProduction(context, defaultSettings)).toBe(false);
  },
);

test('a setting is written, read back, listed and taken out again', async () => {
  const folder = join(temporaryFolder(), 'new');
  await setSetting('operator', 'alice', folder);
  await setSetting('production', '["live", "eu-.*"]', folder);
  await setSetting('prometheus', '{"a.b": "http://p:9090"}', folder);
  expect(await requireSettings(folder)).toMatchObject({
    operator: 'alice',
    production: ['live', 'eu-.*'],
    prometheus: [{ context: 'a.b', url: 'http://p:9090' }],
  });
  expect(statSync(folder).mode & 0o777).toBe(0o700);
  expect(statSync(join(folder, 'config.json')).mode & 0o777).toBe(0o600);
  await unsetSetting('operator', folder);
  const lines = listSettings(folder);
  expect(lines.find((line) => line.key === 'operator')).toMatchObject({ value: null, isDefault: true });
  expect(lines.find((line) => line.key === 'production')).toMatchObject({ value: ['live', 'eu-.*'], isDefault: false });
  expect(lines.map((line) => line.key).sort()).toEqual(Object.keys(defaultSettings).sort());
});

test('a name of digits stays text', async () => {
  const folder = temporaryFolder();
  await setSetting('operator', '4711', folder);
  expect((await requireSettings(folder)).operator).toBe('4711');
});

test.each([
  ['unknown', 'x', /unknown key "unknown"/],
  ['lock', 'maybe', /advisory/],
  ['production', '["("]', /not a regular expression/],
  ['records', 'here', /absolute path/],
])('setting %s to %s is refused and nothing is written', async (key, value, message) => {
  const folder = temporaryFolder();
  await expect(setSetting(key, value, folder)).rejects.toThrow(message);
  expect(existsSync(join(folder, 'config.json'))).toBe(false);
});

test('a broken file is not overwritten by a change', async () => {
  const folder = folderWith('{ "lock": ');
  await expect(setSetting('operator', 'a', folder)).rejects.toThrow(/not JSON/);
  expect(readFileSync(join(folder, 'config.json'), 'utf8')).toBe('{ "lock": ');
});

test('the folder is below XDG_CONFIG_HOME, else ~/.config', () => {
  expect(userConfigFolder({ XDG_CONFIG_HOME: '/etc/me' }, '/home/a')).toBe('/etc/me/gonogo');
  expect(userConfigFolder({ XDG_CONFIG_HOME: 'me' }, '/home/a')).toBe('/home/a/.config/gonogo');
});
