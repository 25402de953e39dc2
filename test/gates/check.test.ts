import { describe, expect, test } from 'vitest';
import { commandSample, logCriterion, logSample, webSample } from '../../src/gates/answer-samples.ts';
import { type CommandCheck, parseCheck } from '../../src/gates/check.ts';

const web = (body: Parameters<typeof parseCheck>[1], answer: Partial<Parameters<typeof webSample>[1]>) => {
  const check = parseCheck('http', body);
  if (check?.kind !== 'http') throw new Error('no http check');
  return webSample(check, { status: 200, type: 'application/json', body: '', location: null, ...answer }, 0);
};

const command = (body: Parameters<typeof parseCheck>[1], exit: number | null, output: string, timedOut = false) =>
  commandSample(parseCheck('command', body) as CommandCheck, { exit, output, timedOut }, 30_000, 0);

describe('bodies', () => {
  test('are read into what is asked', () => {
    expect(parseCheck('rollout', 'deployment/web')).toEqual({ kind: 'rollout', workload: 'deployment/web' });
    expect(parseCheck('rollout', 'deadline')).toEqual({ kind: 'deadline' });
    expect(parseCheck('pods', 'app=web,track=canary ready')).toEqual({
      kind: 'ready',
      selector: 'app=web,track=canary',
    });
    expect(parseCheck('pods', 'ready')).toEqual({ kind: 'ready', selector: null });
    expect(parseCheck('pods', 'failing')).toEqual({ kind: 'failing' });
    expect(parseCheck('restarts', '> 5 in 5m')).toEqual({
      kind: 'restarts',
      comparison: { op: '>', value: 5 },
      windowMs: 300_000,
    });
    expect(parseCheck('logs', { selector: 'app=web', none: '/panic/i', since: '5m' })).toEqual({
      kind: 'logs',
      selector: 'app=web',
      none: { source: 'panic', flags: 'i' },
      since: 300_000,
    });
    expect(parseCheck('command', 'true')).toMatchObject({ run: 'true', exit: null });
  });

  test('that lost their value are none', () => {
    expect(parseCheck('rollout', '')).toBeNull();
    expect(parseCheck('http', { url: '${address}' })).toBeNull();
  });
});

describe('http', () => {
  test('wants 200 unless it says otherwise, and follows no redirect', () => {
    expect(web('https://api/health', {})).toMatchObject({ kind: 'GOOD', value: 'HTTP 200' });
    expect(web('https://api/health', { status: 503 })).toMatchObject({ kind: 'BAD', because: 'HTTP 503, not 200' });
    expect(web({ url: 'https://api/x', status: '404' }, { status: 404 }).kind).toBe('GOOD');
    expect(web('https://api/health', { status: 302, location: 'https://sso/login' })).toMatchObject({
      kind: 'ERROR',
      because: 'redirected to https://sso/login (login?)',
    });
  });

  test('compares JSON by path', () => {
    const body = { url: 'https://api/health', json: { status: 'healthy', 'build.number': '7' } };
    expect(web(body, { body: '{"status":"healthy","build":{"number":7}}' }).kind).toBe('GOOD');
    expect(web(body, { body: '{"status":"sick","build":{"number":7}}' })).toMatchObject({
      kind: 'BAD',
      because: 'status is sick, not healthy',
    });
    expect(web(body, { body: '<html>', type: 'text/html' })).toMatchObject({
      kind: 'ERROR',
      because: 'not JSON (text/html)',
    });
  });
});

describe('a command', () => {
  test('is healthy with exit 0, or the stated one', () => {
    expect(command('x', 0, '').kind).toBe('GOOD');
    expect(command('x', 1, 'no route\n')).toMatchObject({ kind: 'BAD', because: 'exit 1: no route' });
    expect(command({ run: 'x', exit: '3' }, 3, '').kind).toBe('GOOD');
    expect(command('x', 127, 'x: command not found').kind).toBe('ERROR');
    expect(command('x', null, '', true)).toMatchObject({ kind: 'ERROR', because: 'no answer in 30 s' });
  });

  test('whose output is judged gives no answer when it fails', () => {
    expect(command({ run: 'x', number: '<= 0' }, 1, 'login first').kind).toBe('ERROR');
    expect(command({ run: 'x', number: '<= 0' }, 0, '0\n').kind).toBe('GOOD');
    expect(command({ run: 'x', number: '<= 0' }, 0, '4\n')).toMatchObject({ kind: 'BAD', because: '4 is not <= 0' });
    expect(command({ run: 'x', number: '<= 0' }, 0, '').kind).toBe('NO-DATA');
    expect(command({ run: 'x', json: { '0.conclusion': 'success' } }, 0, '[{"conclusion":"failure"}]').kind).toBe(
      'BAD',
    );
    expect(command({ run: 'x', matches: '/ok/i' }, 0, 'All OK').kind).toBe('GOOD');
  });
});

describe('logs without a match', () => {
  const none = { pods: 2, read: 2, cut: 0, lines: 1204, matches: 0, groups: [], incomplete: null };

  test('are proof only when there were lines, and none was kept from us', () => {
    expect(logSample(none, 0)).toMatchObject({ kind: 'GOOD', value: '0 of 1,204 lines' });
    expect(logSample({ ...none, incomplete: 'web-1 denied' }, 0).kind).toBe('GREY');
    expect(logSample({ ...none, pods: 0, read: 0 }, 0).kind).toBe('NO-DATA');
    expect(logCriterion({ ...none, lines: 0 }, 0).kind).toBe('GOOD');
    expect(logCriterion({ ...none, lines: 0, incomplete: 'web-1 denied' }, 0).kind).toBe('GREY');
    expect(logCriterion({ ...none, lines: 0, pods: 0, read: 0 }, 0).kind).toBe('NO-DATA');
    expect(logSample({ ...none, lines: 0 }, 0)).toMatchObject({
      kind: 'NO-DATA',
      because: 'no line to read yet; judge it by eye if this service logs nothing',
    });
    expect(logSample({ ...none, matches: 3, groups: [{ text: 'panic: #', count: 3, pod: 'web-1' }] }, 0)).toMatchObject(
      { kind: 'BAD', because: 'panic: # (3 x, web-1)' },
    );
  });

  test('in some of many pods are judged, and it is said how many those are', () => {
    expect(logSample({ ...none, pods: 10_000, read: 50 }, 0)).toMatchObject({
      kind: 'GOOD',
      value: '0 of 1,204 lines, 50 of 10,000 pods read',
    });
    expect(logSample({ ...none, cut: 1 }, 0)).toMatchObject({
      kind: 'GOOD',
      value: '0 of 1,204 lines, 1 log over 4 MiB: beginning and end read',
    });
  });
});
