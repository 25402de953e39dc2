import { describe, expect, it } from 'vitest';
import { frontMatterOwner, parseFrontMatter, unclosedFrontMatter } from '../../../src/runbook/front-matter.ts';

const parse = (text: string) => parseFrontMatter(text, 2);
const header = (text: string) => {
  const { header: found, diagnostics } = parse(`gonogo: 1\n${text}`);
  expect(diagnostics).toEqual([]);
  if (found === null) throw new Error('no header');
  return found;
};
/** `code line:column message | hint` of each problem below `gonogo: 1` on line 2. */
const problems = (text: string) =>
  parse(`gonogo: 1\n${text}`).diagnostics.map((d) => `${d.code} ${d.line}:${d.column} ${d.message} | ${d.hint}`);

describe('whose front matter it is', () => {
  it('gonogo: 1 makes it ours', () => {
    expect(frontMatterOwner('title: x\ngonogo: 1\n', 2)).toEqual({ owner: 'gonogo' });
    expect(frontMatterOwner('"gonogo": 1\n', 2)).toEqual({ owner: 'gonogo' });
    expect(frontMatterOwner('{ gonogo: 1 }', 2)).toEqual({ owner: 'gonogo' });
  });

  it('of another tool only the title is read (I112)', () => {
    const found = frontMatterOwner('date: 2024\ntitle: "Deploy: web"\ntags: &a [x]\nlist:\n  gonogo: 1\n', 2);
    expect(found).toMatchObject({
      owner: 'other',
      title: 'Deploy: web',
      diagnostics: [{ code: 'I112', line: 2, severity: 'info' }],
    });
    expect(frontMatterOwner('name: Bug report\nabout: x\n', 2)).toMatchObject({ title: null });
    expect(frontMatterOwner('title: [broken\n', 2)).toMatchObject({ owner: 'other' });
    expect(frontMatterOwner('', 2)).toEqual({ owner: 'other', title: null, diagnostics: [] });
  });

  it('keys that want gonogo: 1 are pointed out (W113)', () => {
    const found = frontMatterOwner('title: x\ninputs:\n  a: {}\nrollback: y\n', 2);
    if (found.owner !== 'other') throw new Error('ours');
    expect(found.diagnostics).toEqual([
      {
        code: 'W113',
        severity: 'warning',
        line: 3,
        column: 1,
        message: 'front matter has inputs, rollback but not "gonogo: 1", so it is not used',
        hint: 'add "gonogo: 1" to use it',
      },
    ]);
  });

  it('one that is never closed is E215, a rule at the top is not', () => {
    expect(unclosedFrontMatter('---\ngonogo: 1\ntitle: x\n\n## Go\n')).toMatchObject({
      code: 'E215',
      line: 1,
      column: 1,
    });
    expect(unclosedFrontMatter('---\ngonogo: 1\n---\n')).toBeNull();
    expect(unclosedFrontMatter('---\n\n# A page\n')).toBeNull();
  });
});

describe('a header', () => {
  it('has defaults', () => {
    expect(header('')).toEqual({
      title: null,
      kind: 'deploy',
      plain: false,
      summary: null,
      inputs: [],
      env: [],
      target: null,
      lockScope: null,
      metrics: [],
      panels: [],
      links: [],
      contacts: [],
      rollback: null,
      statusUpdates: null,
      windows: [],
      shell: 'bash',
    });
  });

  it('treats a key without a value as absent', () => {
    expect(header('title:\ninputs:\ntarget:\nrollback:\n')).toMatchObject({
      title: null,
      inputs: [],
      target: null,
      rollback: null,
    });
  });

  it('reads every field', () => {
    const found = header(`title: Canary
kind: canary
summary: Two stages.
env: [AWS_PROFILE]
target:
  context: prod-eu
  namespace: production
  workloads: ['deployment/\${service}']
  production: true
  permissions: [patch deployments]
  pins: [aws]
  same-cluster: count(up{cluster="prod-eu"})
lock: { scope: checkout }
inputs:
  service: { prompt: Service, pattern: '^[a-z0-9-]+$' }
  count:
metrics:
  p95: { title: Latency, query: 'x{a="b"}', stable: 'x{a="c"}', unit: seconds, worse: higher, traffic: y, scrape: 30s }
panels:
  - { title: Queue, command: ./queue.sh, risk: read, every: 1m }
links: [{ title: Board, url: 'https://x.example/\${service}' }]
contacts: [{ role: Commander, how: '#incidents' }]
rollback:
  runbook: rollback.md
  with: { service: '\${service}' }
  when:
    - p95: > 2s
    - pods: failing
      restarts: > 5 in 5m
    - http: [{ url: 'https://x.example/health', status: 200 }, https://y.example/health]
status-updates: { every: 15m, message: status }
windows: [{ allow: 'Mon-Thu 09:00-16:00 Europe/Berlin' }, { deny: '2026-12-20/2027-01-04' }]
shell: sh`);
    expect(found).toMatchObject({
      title: 'Canary',
      kind: 'canary',
      env: ['AWS_PROFILE'],
      target: { context: 'prod-eu', production: true, pins: ['aws'], sameCluster: 'count(up{cluster="prod-eu"})' },
      lockScope: 'checkout',
      inputs: [
        { name: 'service', variable: 'SERVICE', type: 'string', line: 17 },
        { name: 'count', prompt: 'count', default: null, line: 18 },
      ],
      metrics: [{ name: 'p95', unit: 'seconds', scrapeMs: 30_000, freshness: null, line: 20 }],
      panels: [{ title: 'Queue', command: './queue.sh', everyMs: 60_000, line: 22 }],
      statusUpdates: { everyMs: 900_000, message: 'status' },
      windows: [
        { rule: 'allow', text: 'Mon-Thu 09:00-16:00 Europe/Berlin' },
        { rule: 'deny', text: '2026-12-20/2027-01-04' },
      ],
      shell: 'sh',
    });
    expect(found.rollback).toEqual({
      runbook: 'rollback.md',
      with: { service: '${service}' },
      line: 25,
      when: [
        { source: 'p95', expression: '> 2s', body: null, line: 29 },
        { source: 'pods', expression: null, body: 'failing', line: 30 },
        { source: 'restarts', expression: null, body: '> 5 in 5m', line: 31 },
        { source: 'http', expression: null, body: { url: 'https://x.example/health', status: '200' }, line: 32 },
        { source: 'http', expression: null, body: 'https://y.example/health', line: 32 },
      ],
    });
  });
});

describe('problems of a header', () => {
  const cases: readonly (readonly [text: string, expected: string])[] = [
    ['sumary: x', 'E212 3:1 unknown field "sumary" – did you mean "summary"?'],
    ['target: { contxt: x }', 'E212 3:11 unknown field "contxt" – did you mean "context"?'],
    ['inputs:\n  a: { promt: x }', 'E212 4:8 unknown field "promt" – did you mean "prompt"?'],
    ['target:\n  production: no', 'E206 4:15 "production": "no" is neither true nor false | use true/false'],
    ['kind: rolling', 'E217 3:7 "kind": "rolling" is not known'],
    ['title: [a]', 'E217 3:8 "title": text expected, not a list'],
    ['inputs: x', 'E217 3:9 "inputs": a map (key: value) expected, not text'],
    ['links: [{ title: x }]', 'E217 3:9 "url" is missing'],
    ['metrics:\n  a: { unit: count }', 'E217 4:3 "query" is missing'],
    ['metrics:\n  http: { query: x }', 'E217 4:3 "http" cannot be the name of a metric'],
    ['status-updates: { every: soon, message: x }', 'E217 3:26 "every": "soon" is not a duration'],
    ['env: [A B]', 'E217 3:7 "env": "A B" is not a variable'],
    ['shell: /tmp/evil', 'E217 3:8 "shell": "/tmp/evil" is not the name of a shell'],
    ['windows: [{ allow: whenever }]', 'E217 3:20 "allow": not a window like'],
    ['inputs:\n  path: {}', 'E509 4:3 input "path" would set $PATH, which is reserved'],
    ['inputs:\n  a-b: {}\n  a_b: {}', 'E513 5:3 inputs "a-b" and "a_b" are both $A_B'],
    ['inputs:\n  "9": {}', 'E217 4:3 input name "9" is not usable as a variable'],
    ['inputs:\n  a: { type: choice }', 'E217 4:14 "a": no choices'],
    ['inputs:\n  a: { pattern: "[" }', 'E217 4:17 "a": the pattern is not a regular expression'],
    ['inputs:\n  a: { type: boolean, default: no }', 'E206 4:32 default: "a" must be true or false | use true/false'],
    ['inputs:\n  a: { type: integer, default: many }', 'E501 4:32 default: "a" must be a whole number'],
    ['inputs:\n  a: { type: secret, default: hunter22 }', 'E217 4:31 "a": a secret may not stand in the file'],
    [
      'inputs:\n  a: { type: secret, from: /etc/token }',
      'E217 4:28 "from": "/etc/token" is not a reference to a secret',
    ],
    ['inputs:\n  a: { from: env:X }', 'E217 4:14 "a": "from" is for secrets'],
    ['rollback:\n  when:\n    - latency: > 5%', 'E212 5:7 unknown field "latency"'],
    [
      'metrics:\n  a: { query: x }\nrollback:\n  when:\n    - a: 5',
      'E320 7:10 "a": a criterion states the breach and needs an operator',
    ],
    ['metrics:\n  a: { query: x }\nrollback:\n  when:\n    - a: within 5% of baseline', 'E320 7:10 "a": a criterion'],
    [
      'metrics:\n  a: { query: x }\nrollback:\n  when:\n    - a: > 5% of stable',
      'E320 7:10 "a": the metric has no stable query',
    ],
    ['metrics:\n  a: { query: x / x, unit: percent }', 'E321 4:15 "a": a division declared as percent'],
    ['metrics:\n  a: { query: x or vector(0) }', 'E323 4:15 "a": "or vector(…)"'],
    ['metrics:\n  a: { query: x / y, unit: ratio }', 'W324 4:15 "a": the numerator may be absent'],
    ['metrics:\n  a: { query: x, stable: x }', 'E325 4:26 "a": the query and the stable query are the same'],
  ];
  it.each(cases)('%s', (text, expected) => {
    const found = problems(text);
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(expected);
    expect(found[0]).toMatch(/\| \S/);
  });

  it('of one key do not hide the others, and leave the rest readable', () => {
    const { header: found, diagnostics } = parse('gonogo: 1\ntitle: A\nkind: x\nlok: 1\nsummary: B');
    expect(diagnostics.map((d) => `${d.code} ${d.line}`)).toEqual(['E217 4', 'E212 5']);
    expect(found).toMatchObject({ title: 'A', kind: 'deploy', summary: 'B' });
  });

  it('another version is refused', () => {
    expect(parse('gonogo: 2').diagnostics).toMatchObject([
      { code: 'E217', line: 2, column: 9, hint: 'write "gonogo: 1"' },
    ]);
  });

  it('a panel that changes something is E419', () => {
    expect(problems('panels:\n  - { title: x, command: kubectl delete pod a }')[0]).toContain('E419 4:26');
  });
});
