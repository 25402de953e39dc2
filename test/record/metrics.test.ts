import { fromMarkdown } from 'mdast-util-from-markdown';
import { describe, expect, test } from 'vitest';
import { failedToAsk, good } from '../../src/gates/sample.ts';
import { buildRecord } from '../../src/record/build.ts';
import { renderJson } from '../../src/record/json.ts';
import { renderMarkdown } from '../../src/record/markdown.ts';
import type { DeploymentRecord } from '../../src/record/record.ts';
import { recordFileSchema } from '../../src/record/record-schema.ts';
import { replayRecord, replayRun } from '../../src/record/replay.ts';
import { verifyRecord } from '../../src/record/verify.ts';
import { dueBaselines } from '../../src/session/baseline-due.ts';
import { runningGates } from '../../src/session/gate-state.ts';
import { metricsOf } from '../../src/session/metric-of.ts';
import { baselineRead } from '../session/metrics-support.ts';
import { CanaryRun, canary, failed, healthy, prepared, rolledBack, scaled, slow, soaked } from './canary-run.ts';

const recordOf = (run: CanaryRun): DeploymentRecord => buildRecord(run.lines, run.state.library);
const markdownOf = (run: CanaryRun): string => renderMarkdown(recordOf(run));
const section = (text: string, title: string): string =>
  text.split(/^### /m).find((part) => part.startsWith(`${title}\n`)) ?? '';
const rows = (text: string): readonly (readonly string[])[] =>
  text
    .split('\n')
    .filter((line) => line.startsWith('|') && !line.startsWith('|---'))
    .map((line) =>
      line
        .split(/(?<!\\)\|/)
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
const fits = (record: DeploymentRecord): unknown =>
  recordFileSchema.safeParse(JSON.parse(renderJson(record))).error?.issues ?? [];

describe('a failed gate on metrics', () => {
  const run = rolledBack();
  const record = recordOf(run);
  const soak = record.gates[0];

  test('stands with its query, rule, absolute limit, values, data and time', () => {
    expect(record.gates).toHaveLength(1);
    expect(soak).toMatchObject({ step: '2.2', verdict: 'FAIL', goneOn: null, instead: [] });
    const p99 = soak?.checks[2];
    expect(p99).toMatchObject({
      title: 'p99 latency',
      limit: '115 % of stable',
      value: '548 ms',
      verdict: 'FAIL',
      bad: 3,
      because: expect.stringMatching(/^548 ms, limit 458 ms: 3 looks in a row, since \d\d:\d\d:\d\d$/),
      metric: {
        name: 'p99',
        unit: 'seconds',
        query: expect.stringContaining(
          'histogram_quantile(0.99, sum by (le) (rate(http_request_duration_seconds_bucket{service="checkout",track="canary"}[1m])))',
        ),
        control: expect.stringContaining('track="stable"'),
        rule: '115 % of stable',
        numbers: { value: 0.548, control: 0.398, baseline: null, age: 9000, traffic: 49.3 },
      },
    });
    expect(p99?.metric?.numbers?.limits).toEqual([expect.closeTo(0.4577, 6)]);
    expect(p99?.metric?.requests?.seen).toBeGreaterThan(15_000);
    const fail = run.lines.find((event) => event.type === 'gate.verdict' && event.data.verdict === 'FAIL');
    expect(p99?.at).toBe(new Date(fail?.at ?? 0).toISOString());
  });

  test('keeps every change of its verdict', () => {
    expect(soak?.verdicts.map(({ verdict }) => verdict)).toEqual(['RUNNING', 'FAIL']);
  });

  test('is the first thing the part about gates says', () => {
    const gates = section(renderMarkdown(record), 'Gates');
    expect(gates).toMatch(
      /^Gates\n\n- \*\*FAIL\*\* 09:01:\d\d 2\.2 Soak: errors, p95, p99: p99 latency was 548 ms \(stable 398 ms\), limit 458 ms \(115 % of stable\): 3 looks in a row, since 09:01:\d\d \(data 9 s old, 49\.3 \/s, [\d,]+ requests\)\n/,
    );
    const [head, ...body] = rows(gates);
    expect(head).toEqual(['Gate', 'Check', 'Value', 'Limit', 'Looks', 'Data', 'Result', 'When']);
    expect(body.map((cells) => cells.length)).toEqual([8, 8, 8]);
    expect(body.map(([, check, value, limit]) => [check, value, limit])).toEqual([
      ['Error rate', '0.34 % (stable 0.31 %)', '1.31 % (stable + 1 pp)'],
      ['p95 latency', '187 ms (stable 181 ms)', '199 ms (110 % of stable)'],
      ['p99 latency', '548 ms (stable 398 ms)', '458 ms (115 % of stable)'],
    ]);
    expect(body[2]?.slice(4, 7)).toEqual([
      '7 (3 BAD)',
      expect.stringMatching(/^9 s old, 49\.3 \/s, [\d,]+ requests$/),
      expect.stringMatching(/^\*\*FAIL\*\* 3 looks in a row, since /),
    ]);
  });

  test('is a deviation, marks its step, and has its queries at hand', () => {
    const text = renderMarkdown(record);
    expect(section(text, 'Deviations and overrides')).toMatch(
      /\*\*gate FAIL\*\* 2\.2 Soak: errors, p95, p99: p99 latency: 548 ms, limit 458 ms/,
    );
    expect(section(text, 'Deployment')).toContain('- [ ] 2.2 Soak: errors, p95, p99 · **FAIL**');
    const queries = section(text, 'Queries');
    expect(queries.match(/^```promql$/gm)).toHaveLength(10);
    expect(queries).toContain(`SHA-256 \`${soak?.checks[2]?.metric?.hash.slice(0, 12)}\``);
  });

  test('gives a text that reads alike everywhere', () => {
    const text = renderMarkdown(record);
    interface Node {
      readonly type: string;
      readonly value?: string;
      readonly children?: readonly Node[];
    }
    const nodes = (node: Node): readonly Node[] => [node, ...(node.children ?? []).flatMap(nodes)];
    const html = nodes(fromMarkdown(text) as Node).flatMap(({ type, value }) => (type === 'html' ? [value ?? ''] : []));
    expect(html.filter((value) => !/^<\/?details>|^<summary>/.test(value))).toEqual([]);
    expect(text).not.toContain('undefined');
    expect(text).not.toContain('NaN');
  });

  test('fits the schema', () => {
    expect(fits(record)).toEqual([]);
  });
});

describe('the metrics server', () => {
  const server = {
    url: 'http://prometheus:9090',
    name: 'prometheus:9090',
    headers: { Authorization: 'env:TOKEN' },
    from: 'settings',
    sameCluster: 'count(up{cluster="prod-eu"})',
  } as const;
  const ofServer = (metrics: typeof server | null): DeploymentRecord => {
    const { lines, state } = prepared();
    const told = lines.map((event) =>
      event.type === 'run.started' ? { ...event, data: { ...event.data, metrics } } : event,
    );
    return buildRecord(told, state.library);
  };

  test('is named, without what it is asked with', () => {
    const record = ofServer(server);
    expect(fits(record)).toEqual([]);
    expect(renderMarkdown(record)).toContain(
      '- **Metrics:** `prometheus:9090` (`http://prometheus:9090`, asked whether it knows this cluster)\n',
    );
    expect(renderJson(record)).not.toContain('env:TOKEN');
  });

  test('that there was none of is not spoken of', () => {
    expect(renderMarkdown(ofServer(null))).not.toContain('**Metrics:**');
  });
});

describe('before and after', () => {
  test('compares the end with the baseline, else with the last sample before the first change, by track', () => {
    const table = section(markdownOf(rolledBack()), 'Before and after');
    const [head, ...body] = rows(table);
    expect(head).toEqual(['Metric', 'Value', 'Limit', 'Measured at']);
    expect(body.map(([metric, value, limit]) => [metric, value, limit])).toEqual([
      ['Error rate, canary', '0.34 % (was 0.34 %, no change, within limit)', '`breach: > 5 %`'],
      ['Error rate, stable', '0.31 % (was 0.31 %, no change)', '–'],
      ['p95 latency, canary', '187 ms (was 187 ms, no change)', '–'],
      ['p95 latency, stable', '181 ms (was 181 ms, no change)', '–'],
      ['p99 latency, canary', '410 ms (was 410 ms, no change)', '–'],
      ['p99 latency, stable', '398 ms (was 398 ms, no change)', '–'],
      ['Checkouts', '6.7 /s (was 6.9 /s, -3 %, within limit)', '`4.83 /s (breach: < 70 % of baseline)`'],
    ]);
    expect(body.at(-1)?.[3]).toMatch(/^baseline to 08:53:40 → 09:04:\d\d$/);
  });

  test('says what is past its limit, in percentage points for shares', () => {
    const run = soaked([{ ...healthy, 'error-rate': [0.021, 0.0031], p99: [0.548, 0.398] }]);
    run.passes(120);
    for (const now of [slow, { ...slow, 'error-rate': [0.021, 0.0031] as const }]) run.measures(now);
    const body = rows(section(markdownOf(run), 'Before and after'));
    expect(body.find(([metric]) => metric === 'Error rate, canary')?.[1]).toBe(
      '2.1 % (was 0.34 %, +1.76 pp, **past its limit**)',
    );
    expect(body.find(([metric]) => metric === 'p99 latency, canary')?.[1]).toBe(
      '548 ms (was 410 ms, +34 %, **past its limit**)',
    );
  });

  test('holds nothing against the limit of a stage that is over', () => {
    const run = soaked([healthy, healthy]);
    const p99 = (): readonly string[] =>
      rows(section(markdownOf(run), 'Before and after')).find(([metric]) => metric === 'p99 latency, canary') ?? [];
    expect(p99().slice(1, 3)).toEqual(['410 ms (was 410 ms, no change, within limit)', '458 ms (115 % of stable)']);
    run.passes(60);
    run.notes({ ...healthy, p99: [0.02, 0.398] });
    expect(p99().slice(1, 3)).toEqual(['20 ms (was 410 ms, -95 %)', '–']);
    run.passes(60);
    run.notes({ ...healthy, p99: [0.9, 0.398] });
    expect(p99().slice(1, 3)).toEqual(['900 ms (was 410 ms, +120 %)', '–']);
  });

  test('invents nothing: no sample is no data, and a value that is no longer true says so', () => {
    const silent = scaled();
    const hash = metricsOf(silent.state.frames[0] as never).find(({ name }) => name === 'checkouts')?.hash ?? '';
    expect(rows(section(markdownOf(silent), 'Before and after')).at(-1)).toEqual([
      'Checkouts',
      'no data (was 6.9 /s)',
      '–',
      'baseline to 08:53:40 → no data',
    ]);
    const sampled = (value: number | null): void => {
      silent.passes(60);
      const metrics = [{ metric: 'checkouts', hash, value, stable: null, ageMs: null }];
      silent.record([{ type: 'metric.sampled', frame: 0, data: { metrics } }]);
    };
    sampled(6.5);
    sampled(null);
    const [, value, , at] = rows(section(markdownOf(silent), 'Before and after')).at(-1) ?? [];
    expect(value).toBe('last 6.5 /s (was 6.9 /s, -6 %)');
    expect(at).toMatch(/→ 08:55:\d\d, no data since$/);
    expect(rows(section(markdownOf(new CanaryRun()), 'Before and after')).at(-1)).toEqual([
      'Checkouts',
      'no data',
      '–',
      '–',
    ]);
  });

  test('without a change is how it is, against the baseline', () => {
    const body = rows(section(markdownOf(prepared()), 'Before and after'));
    expect(body.find(([metric]) => metric === 'p99 latency, canary')?.[1]).toBe('410 ms');
    expect(body.at(-1)?.[1]).toBe('6.8 /s (was 6.9 /s, -1 %, within limit)');
  });
});

describe('a gate whose metrics server dies', () => {
  const run = new CanaryRun(
    canary.replace('  for: 15m\n', "  http: 'https://api.example.com/health'\n  else: [http]\n  for: 3m\n"),
  );
  const asks = (isAlive: boolean): void => {
    run.passes(15);
    run.ticks([]);
    const answers = runningGates(run.state).flatMap(({ frame, step, action, state, checks }) =>
      checks.map(({ check, index }) => ({
        frame: frame.number,
        step,
        action,
        try: state.try,
        check: index,
        sample:
          check?.kind === 'metric'
            ? isAlive
              ? run.sampleOf(check, healthy)
              : failedToAsk(run.now, 'connection refused')
            : good(run.now, 'HTTP 200'),
      })),
    );
    run.ticks(answers);
  };
  run.passes(20);
  run.captures(6.9);
  run.notes(healthy);
  run.completes('2.1');
  for (let i = 0; i < 12; i += 1) asks(true);
  for (let i = 0; i < 6; i += 1) asks(false);
  run.does({ type: 'acknowledge-source', source: 'metrics', reason: 'Prometheus is being moved' });
  for (let i = 0; i < 20; i += 1) asks(false);
  const record = recordOf(run);

  test('passes by its other checks, which the record says', () => {
    expect(fits(record)).toEqual([]);
    expect(record.gates).toMatchObject([{ verdict: 'PASS', instead: ['http api.example.com/health'] }]);
    expect(record.deviations).toMatchObject([
      { kind: 'source known to be away', text: 'metrics', reason: 'Prometheus is being moved' },
      {
        kind: 'judged by other checks',
        step: '2.2',
        reason: 'judged by http api.example.com/health instead: metrics does not answer',
      },
    ]);
    const gates = section(renderMarkdown(record), 'Gates');
    expect(gates).toMatch(
      /\| last 0\.34 % \| 1\.31 % \(stable \+ 1 pp\) \| 2 \| none since \d\d:\d\d:\d\d \| \*\*BLIND\*\* connection refused \(passed by the checks that could be judged\) \|/,
    );
    const verdicts = record.gates.flatMap((gate) => gate.verdicts).length;
    expect(replayRecord(record)).toEqual({ same: verdicts, differing: [], beyond: 0, contrary: [] });
  });

  test('has no value within its limit once data has stopped', () => {
    const table = section(renderMarkdown(record), 'Before and after');
    expect(table).toContain('| Error rate, canary | last 0.34 % (was 0.34 %, no change) |');
    expect(table).toMatch(/no data since \|\n\| Error rate, stable/);
  });
});

describe('baselines in the record', () => {
  test('stand with window, median, p95, count, coverage and hash', () => {
    const record = recordOf(prepared());
    expect(record.baselines).toMatchObject([
      {
        metric: 'checkouts',
        title: 'Checkouts',
        unit: 'per-second',
        step: '1.1',
        by: 'alice',
        from: '2025-10-09T08:23:40.000Z',
        to: '2025-10-09T08:53:40.000Z',
        median: 6.9,
        count: 31,
        coverage: 1,
        problem: null,
        kept: true,
        leftOut: 0,
      },
    ]);
    expect(record.baselines[0]?.values).toHaveLength(31);
    expect(record.baselines[0]?.values[1]).toEqual(['2025-10-09T08:24:40.000Z', 6.9]);
    expect(section(renderMarkdown(record), 'Baselines')).toContain(
      '- Checkouts: median 6.9 /s, p95 7.18 /s, spread 0.069 /s (MAD), 31 values from 08:23:40 to 08:53:40, 1 min apart, coverage 100 %',
    );
  });

  test('that were captured after the first change are deviations, and not those from before it', () => {
    const run = new CanaryRun();
    const [due] = dueBaselines(run.state);
    if (due === undefined) throw new Error('no baseline is due');
    const { step, action } = due;
    const captures = (): void =>
      run.record([
        {
          type: 'baseline.captured',
          frame: 0,
          data: { step, action, metrics: due.metrics.map((metric) => baselineRead(metric, run.now)) },
        },
      ]);
    run.does({ type: 'skip', step: '1.1', reason: 'forgotten' });
    run.completes('2.1');
    run.passes(60);
    captures();
    run.passes(60);
    captures();
    const record = recordOf(run);
    expect(fits(record)).toEqual([]);
    expect(record.deviations).toMatchObject([
      { kind: 'skipped' },
      {
        kind: 'baseline captured after the first change',
        step: '1.1',
        reason: expect.stringMatching(/^at \d\d:\d\d:\d\d, the change was at \d\d:\d\d:\d\d: Checkouts$/),
      },
    ]);
    expect(section(renderMarkdown(record), 'Deviations and overrides')).toContain(
      'baseline captured after the first change',
    );
    expect(recordOf(prepared()).deviations).toEqual([]);
  });

  test('that were accepted incomplete are deviations', () => {
    const run = new CanaryRun();
    run.captures(6.9, '12 of 20 samples');
    run.record([
      { type: 'baseline.accepted', frame: 0, data: { step: '1.1', action: 0, reason: 'new metric since today' } },
    ]);
    const record = recordOf(run);
    expect(fits(record)).toEqual([]);
    expect(record.baselines).toMatchObject([{ problem: '12 of 20 samples', accepted: 'new metric since today' }]);
    expect(record.deviations).toMatchObject([
      { kind: 'no full baseline', step: '1.1', reason: 'new metric since today' },
    ]);
    const text = renderMarkdown(record);
    expect(section(text, 'Baselines')).toContain(
      '**Not compared with**: 12 of 20 samples; went on: new metric since today',
    );
    expect(section(text, 'Before and after')).toContain('| Checkouts | no data |');
  });
});

describe('rollback criteria in the record', () => {
  test('have their query, and a breach that was found afterwards is dated when it happened', () => {
    const run = scaled();
    run.passes(600);
    const to = run.now;
    const from = to - 300_000;
    run.record([
      { type: 'run.gap', frame: 0, data: { from, to, kind: 'sleep' } },
      {
        type: 'gap.backfilled',
        frame: 0,
        data: {
          from,
          to,
          gates: [],
          criteria: [
            { criterion: 0, coverage: 0.95 },
            { criterion: 1, coverage: 0.2 },
          ],
        },
      },
      {
        type: 'criterion.breached',
        frame: 0,
        data: { criterion: 0, value: '7.1 %, limit 5 %', happenedAt: from + 60_000 },
      },
      { type: 'criterion.acknowledged', frame: 0, data: { criterion: 0, reason: 'load test of another team' } },
    ]);
    const record = recordOf(run);
    expect(fits(record)).toEqual([]);
    expect(record.criteria).toMatchObject([
      {
        title: 'Error rate',
        metric: { name: 'error-rate', rule: '> 5 %', query: expect.stringContaining('track="canary"') },
        breaches: 1,
        armed: expect.any(String),
        unwatched: 0,
        backfilled: [{ coverage: 0.95 }],
        changes: [
          { what: 'breached', at: new Date(from + 60_000).toISOString(), backfilled: true },
          { what: 'acknowledged', backfilled: false },
        ],
      },
      { title: 'Checkouts', unwatched: 300_000 },
      { title: 'pods failing', metric: null, unwatched: 300_000 },
    ]);
    const lines = section(renderMarkdown(record), 'Rollback criteria');
    expect(lines).toMatch(
      /- Error rate \(breach: `> 5 %`\) · ok: \S+ breached \(7\.1 %, limit 5 %, while nobody watched\); \S+ acknowledged \(load test of another team\)/,
    );
    expect(lines).toContain('- pods failing (none) · ok, unwatched for 5 min');
    expect(section(renderMarkdown(record), 'Timeline')).toMatch(
      /breached: 7\.1 %, limit 5 %, at \d\d:\d\d:\d\d while nobody watched/,
    );
  });

  test('tell from when to when they could not see', () => {
    const run = scaled();
    run.passes(60);
    const since = run.now;
    run.record([{ type: 'criterion.blind', frame: 0, data: { criterion: 0, because: 'connection refused' } }]);
    run.passes(90);
    expect(recordOf(run).criteria[0]).toMatchObject({ state: 'blind', blind: [{ to: null }] });
    run.record([{ type: 'criterion.recovered', frame: 0, data: { criterion: 0, value: '0.3 %' } }]);
    expect(recordOf(run).criteria[0]?.blind).toEqual([
      {
        from: new Date(since).toISOString(),
        to: new Date(since + 90_000).toISOString(),
        because: 'connection refused',
      },
    ]);
  });
});

describe('replay of gates on metrics', () => {
  test('reaches their verdicts again', () => {
    for (const run of [failed(), rolledBack(), soaked(Array.from({ length: 70 }, () => healthy))]) {
      const record = recordOf(run);
      const verdicts = record.gates.flatMap((gate) => gate.verdicts).length;
      expect(verdicts).toBeGreaterThan(1);
      const expected = { same: verdicts, differing: [], beyond: 0, contrary: [] };
      expect(replayRun(run.lines, run.state.library)).toEqual(expected);
      expect(replayRecord(record)).toEqual(expected);
    }
  });

  test('finds a sample that was made good although its numbers are not', () => {
    const { lines, state } = failed();
    const forged = lines.map((event) =>
      event.type === 'gate.sampled'
        ? {
            ...event,
            data: {
              ...event.data,
              samples: event.data.samples.map(({ check, sample }) => ({
                check,
                sample: sample.kind === 'BAD' ? { ...sample, kind: 'GOOD' as const, because: null } : sample,
              })),
            },
          }
        : event,
    );
    const wrong = { step: '2.2', title: 'Soak: errors, p95, p99', recorded: 'GOOD, 548 ms' };
    expect(replayRun(forged, state.library).contrary[0]).toMatchObject(wrong);
    const json = renderJson(buildRecord(forged, state.library));
    const said = verifyRecord({ record: json, run: null, anchors: [] }).findings.map(({ text }) => text);
    expect(said.join('\n')).toMatch(
      /a sample says what its own numbers and limit do not: 2\.2 Soak: errors, p95, p99 at \d\d:\d\d:\d\d UTC was recorded as GOOD, 548 ms, and \d+ more/,
    );
  });
});
