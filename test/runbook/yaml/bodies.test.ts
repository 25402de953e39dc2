import { describe, expect, it } from 'vitest';
import { type BodyKind, bodyKindOf, parseBody } from '../../../src/runbook/bodies.ts';
import { parseFrontMatter } from '../../../src/runbook/front-matter.ts';

const { header } = parseFrontMatter(
  `gonogo: 1
inputs:
  service: {}
metrics:
  error-rate: { query: 'x{t="c"}', stable: 'x{t="s"}', unit: ratio }
  p95: { query: y, unit: seconds }
  throughput: { query: z, unit: per-second, worse: lower }
  failures: { query: 'rate(a[5m]) / rate(b[5m])', stable: 'rate(a{s="1"}[5m]) / rate(b{s="1"}[5m])', unit: ratio }
`,
  2,
);
const parse = (kind: BodyKind, text: string, indent = 0) => parseBody(kind, text, 11, { header, indent });
const action = (kind: BodyKind, text: string) => {
  const parsed = parse(kind, text);
  expect(parsed.diagnostics).toEqual([]);
  return parsed.action;
};
const problems = (kind: BodyKind, text: string, indent = 0) =>
  parse(kind, text, indent).diagnostics.map((d) => `${d.code} ${d.line}:${d.column} ${d.message} | ${d.hint}`);

describe('gate', () => {
  it('reads every option and check', () => {
    const text = `# all must pass
name: health
critical: true
error-rate: <= 1%                  # a number
p95: [<= 2s, within 10% of baseline]
throughput: within 10% of baseline
rollout: 'deployment/\${service}'
pods: 'app=\${service} ready'
logs: { selector: 'app=a', none: '/panic|FATAL/', since: phase }
http: { url: 'https://a.example/health', status: 200, json: { status: healthy } }
command: { run: gh run list --json conclusion, json: { '0.conclusion': success }, risk: read }
else: [http]
for: 10m
within: 5m
settle: 90s
every: 15s
breach: 3 of 4
floor: 0.1
min-looks: 3
hold-timeout: 10m
shift: 1d
`;
    expect(problems('gate', text)[0]).toContain('E216 15:7');
    expect(action('gate', text.replace('[<= 2s,', "['<= 2s',"))).toEqual({
      kind: 'gate',
      line: 10,
      gate: {
        name: 'health',
        critical: true,
        checks: [
          { source: 'error-rate', expression: '<= 1%', body: null, line: 14 },
          { source: 'p95', expression: '<= 2s', body: null, line: 15 },
          { source: 'p95', expression: 'within 10% of baseline', body: null, line: 15 },
          { source: 'throughput', expression: 'within 10% of baseline', body: null, line: 16 },
          { source: 'rollout', expression: null, body: 'deployment/${service}', line: 17 },
          { source: 'pods', expression: null, body: 'app=${service} ready', line: 18 },
          {
            source: 'logs',
            expression: null,
            body: { selector: 'app=a', none: '/panic|FATAL/', since: 'phase' },
            line: 19,
          },
          {
            source: 'http',
            expression: null,
            body: { url: 'https://a.example/health', status: '200', json: { status: 'healthy' } },
            line: 20,
          },
          {
            source: 'command',
            expression: null,
            body: { run: 'gh run list --json conclusion', json: { '0.conclusion': 'success' }, risk: 'read' },
            line: 21,
          },
        ],
        else: ['http'],
        forMs: 600_000,
        withinMs: 300_000,
        settleMs: 90_000,
        everyMs: 15_000,
        breach: { bad: 3, of: 4 },
        floor: '0.1',
        minLooks: 3,
        holdTimeoutMs: 600_000,
        shift: '1d',
      },
    });
  });

  it('takes a limit from an input', () => {
    expect(action('gate', 'p95: <= ${limit}\nerror-rate: > ${n}% of stable')).toMatchObject({
      gate: { checks: [{ expression: '<= ${limit}' }, { expression: '> ${n}% of stable' }] },
    });
  });

  const cases: readonly (readonly [string, string])[] = [
    ['error-rte: <= 1%', 'E212 11:1 unknown field "error-rte" – did you mean "error-rate"?'],
    ['htp: https://a.example', 'E212 11:1 unknown field "htp" – did you mean "http"?'],
    ['error-rate: fine', 'E320 11:13 "error-rate": "fine" is not understood'],
    ['p95: <= 5%', 'E320 11:6 "p95": "<= 5%": "%" does not fit a metric in seconds'],
    ['p95: <= 110% of stable', 'E320 11:6 "p95": the metric has no stable query'],
    ['error-rate: <= baseline + 15%', 'E322 11:13 "error-rate": "baseline + 15%" can mean'],
    ['name: x', 'E217 11:1 the gate has no check'],
    ['p95: <= 1s\nelse: [http]', 'E217 12:8 "else": the gate has no check "http"'],
    ['p95: <= 1s\ncritical: yes', 'E206 12:11 "critical": "yes" is neither true nor false | use true/false'],
    ['p95: <= 1s\nbreach: 4 of 3', 'E217 12:9 "breach": "4 of 3" is not understood'],
    ['p95: <= 1s\nfor: ten', 'E217 12:6 "for": "ten" is not a duration'],
    ['p95: <= 1s\nfloor: 5%', 'E320 12:8 "floor": "5%" is not an amount of "p95"'],
    ['p95: <= 1s\nmin-looks: 0', 'E217 12:12 "min-looks": "0" is not a whole number from 1'],
    [
      'failures: not worse than stable (fisher)\nfor: 45m\nevery: 15s',
      'E326 13:8 "failures": looks every 15s share requests: the query looks back over 5m | write "every: 5m" or leave it out',
    ],
    ['failures: not worse than stable (fisher)', 'E320 11:11 "failures": a test is made over a whole soak'],
    [
      'failures: not worse than baseline (fisher)\nfor: 45m\nevery: 5m\nshift: 1d',
      'E320 14:8 "failures": a test is made against the baseline of this run, not of an earlier day',
    ],
    ['pods: failing', 'E320 11:7 "pods: failing" states a breach'],
    ['rollout: deadline', 'E320 11:10 "rollout: deadline" states a breach'],
    ['rollout: web', 'E320 11:10 "rollout": "web" is not a workload'],
    ['restarts: many', 'E320 11:11 "restarts": "many" is not understood'],
    ['logs: { selector: a, none: panic }', 'E217 11:28 "none": "panic" is not a regular expression'],
    ["logs: { selector: a, none: '/(/' }", 'E217 11:28 "none"'],
    ['http: { url: ftp://a }', 'E217 11:14 "url": "ftp://a" is not a web address'],
    ['http: { ulr: https://a.example }', 'E212 11:9 unknown field "ulr" – did you mean "url"?'],
    ["command: { run: ls, number: 'few' }", 'E320 11:29 "number": "few" is not a comparison'],
    ['command: { run: kubectl delete pod a }', 'E419 11:17'],
    ['- a\n- b', 'E217 11:1 the text: a map (key: value) expected, not a list'],
    ['', 'E217 10:1 gate is empty'],
  ];
  it.each(cases)('%s', (text, expected) => {
    const found = problems('gate', text);
    expect(found.join('\n')).toContain(expected);
    expect(found.every((line) => /\| \S/.test(line))).toBe(true);
  });

  it('lets looks of a test be as far apart as its query looks back', () => {
    const text = 'failures: not worse than stable (fisher)\nfor: 45m';
    expect(problems('gate', text)).toEqual([]);
    expect(problems('gate', `${text}\nevery: 5m`)).toEqual([]);
    expect(problems('gate', 'failures: <= 1%\nfor: 45m\nevery: 15s')).toEqual([]);
  });

  it('counts columns in the source, also inside a list item', () => {
    expect(problems('gate', 'p95: <= 5%', 5)[0]).toContain('E320 11:11');
  });
});

describe('the other bodies', () => {
  it('baseline', () => {
    expect(action('baseline', 'metrics: [error-rate, p95]\nwindow: 30m')).toEqual({
      kind: 'baseline',
      baseline: { metrics: ['error-rate', 'p95'], windowMs: 1_800_000 },
      line: 10,
    });
    expect(problems('baseline', 'metrics: [p59]\nwindow: 30m')).toEqual([
      'E217 11:11 no metric "p59" – did you mean "p95"? | declare it under "metrics:"',
    ]);
    expect(problems('baseline', 'metrics: [p95]')[0]).toContain('E217 11:1 "window" is missing');
  });

  it('decide, in the order it was written', () => {
    expect(action('decide', "Proceed: next\n2: stay\n1: rollback\nSkip: '#stage-5'\nNo go: stop")).toEqual({
      kind: 'decide',
      line: 10,
      choices: [
        { label: 'Proceed', target: 'next' },
        { label: '2', target: 'stay' },
        { label: '1', target: 'rollback' },
        { label: 'Skip', target: '#stage-5' },
        { label: 'No go', target: 'stop' },
      ],
    });
    expect(problems('decide', 'Go: nxt\nNo: stop')[0]).toContain('E217 11:5 "Go": "nxt" is no target');
    expect(problems('decide', 'Go: #five\nNo: stop')[0]).toContain('E217 11:1 "Go" has no value');
    expect(problems('decide', 'Go: next')[0]).toContain('E217 11:1 a decision needs at least two choices');
  });

  it('ask', () => {
    expect(action('ask', "ticket: { prompt: Ticket, pattern: '^[A-Z]+-[0-9]+$' }")).toMatchObject({
      kind: 'ask',
      inputs: [{ name: 'ticket', variable: 'TICKET', prompt: 'Ticket', line: 11, askedAtStep: false }],
    });
    expect(problems('ask', 'Service: {}')[0]).toContain('E513 11:1 inputs "service" and "Service" are both $SERVICE');
  });

  it('approve', () => {
    expect(action('approve', 'role: commander')).toMatchObject({
      approve: { role: 'commander', reasonRequired: false, valid: 900_000 },
    });
    expect(action('approve', 'role: a\nreason: required\nvalid: phase')).toMatchObject({
      approve: { reasonRequired: true, valid: 'phase' },
    });
    expect(problems('approve', 'role: a\nvalid: soon')[0]).toContain('E217 12:8 "valid": "soon" is not understood');
    expect(problems('approve', 'reason: required')[0]).toContain('E217 11:1 "role" is missing');
  });

  it('message', () => {
    const parsed = action(
      'message',
      `name: status\nto: '#ops'\nsend: curl -sf -d @- "$WEBHOOK"\ntext: |\n  Deploying \${service}.\n  Second line.\n`,
    );
    expect(parsed).toMatchObject({
      kind: 'message',
      message: {
        name: 'status',
        to: '#ops',
        text: 'Deploying ${service}.\nSecond line.',
        send: { script: 'curl -sf -d @- "$WEBHOOK"', risk: 'change', lines: [[13, 13]] },
      },
    });
    expect(action('message', 'text: hello')).toMatchObject({
      message: { name: null, to: null, send: null, text: 'hello' },
    });
    expect(problems('message', 'name: x')[0]).toContain('E217 11:1 "text" is missing');
  });

  it('handoff', () => {
    expect(action('handoff', "runbook: post.md\nwith: { service: '${service}', note: '' }")).toMatchObject({
      handoff: { runbook: 'post.md', with: { service: '${service}', note: '' } },
    });
    expect(problems('handoff', 'runbook: post.md\nwith: { note: }')[0]).toContain('E217 12:9 "note" has no value');
    expect(action('handoff', 'runbook: post.md')).toMatchObject({ handoff: { runbook: 'post.md', with: {} } });
    expect(problems('handoff', 'file: post.md')).toHaveLength(2);
  });

  it('a language is a body only if it is one of these words', () => {
    expect(['gate', 'ask', 'sh', 'toString', ''].map(bodyKindOf)).toEqual(['gate', 'ask', null, null, null]);
  });
});
