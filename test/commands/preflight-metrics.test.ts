import { describe, expect, test } from 'vitest';
import { preflightMetrics } from '../../src/commands/preflight-metrics.ts';
import { empty, MetricsDouble, refused, value } from '../engine/metrics-double.ts';
import { Operator } from '../session/support.ts';

const canary = 'rate(errors{track="canary"}[1m])';
const stable = 'rate(errors{track="stable"}[1m])';

const runbook = (kind = 'deploy', gate = 'error-rate: <= stable + 1pp'): string => `---
gonogo: 1
kind: ${kind}
metrics:
  error-rate: { title: Error rate, query: '${canary}', stable: '${stable}', unit: ratio, worse: higher }
  queue: { title: Queue, query: queue_length, unit: count, worse: higher }
rollback:
  when:
    - error-rate: > 5%
---
# Deploy

- [ ] Before
  \`\`\`baseline
  metrics: [queue]
  window: 1m
  \`\`\`
- [ ] Healthy
  \`\`\`gate
  ${gate}
  \`\`\`
`;

const lines = async (
  answers: ConstructorParameters<typeof MetricsDouble>[1],
  text = runbook(),
): Promise<readonly string[]> => {
  const { state } = new Operator(text);
  const checks = await preflightMetrics(state, new MetricsDouble(() => 0, answers));
  return checks.map(({ id, level, message }) => `${id} ${level} ${message}`);
};

describe('before the first step every metric', () => {
  test('has its value now and its limits as absolute numbers', async () => {
    expect(await lines({ [canary]: value(0.0034), [stable]: value(0.0031), queue_length: value(12) })).toEqual([
      'metric-error-rate ok 0.34 % now; limit 1.31 % (stable + 1 pp); roll back at > 5 %',
      'metric-queue ok 12 now',
      expect.stringMatching(/^baseline-window warn .*Queue: 1:00 becomes 5:00$/),
    ]);
  });

  test('that has no data is told with what to do, but not a track that does not exist yet', async () => {
    const [error, queue] = await lines({ [canary]: empty, [stable]: value(0.003) });
    expect(error).toMatch(/^metric-error-rate ok not there yet, its stable control is/);
    expect(queue).toBe('metric-queue warn the query has no result');
    const checks = await preflightMetrics(
      new Operator(runbook()).state,
      new MetricsDouble(() => 0, { [canary]: empty }),
    );
    expect(checks[0]?.nextStep).toContain('gonogo plan');
  });

  test('that is not answered is told with why', async () => {
    expect((await lines({ [canary]: refused, queue_length: value(1) }))[0]).toMatch(
      /^metric-error-rate warn connection refused/,
    );
  });

  test('past its rollback limit already is no start, but the reference of a hotfix', async () => {
    const bad = { [canary]: value(0.12), [stable]: value(0.003), queue_length: value(1) };
    expect((await lines(bad))[0]).toMatch(/^metric-error-rate warn 12 % now;.* past it already$/);
    expect((await lines(bad, runbook('hotfix')))[0]).toMatch(/ past it already, which becomes the reference$/);
  });

  test('that compares a canary with itself once the values are in is told; one whose value comes later waits', async () => {
    const given = runbook()
      .replace('kind: deploy', 'kind: deploy\ninputs:\n  track: { prompt: Track, default: canary }')
      .replace('track="canary"', 'track="${track}"');
    const told = async (text: string, inputs: Readonly<Record<string, string>>): Promise<string> => {
      const { state } = new Operator(text, { inputs });
      const [first] = await preflightMetrics(state, new MetricsDouble(() => 0));
      return `${first?.level} ${first?.message}`;
    };
    expect(await told(given, { track: 'stable' })).toMatch(/^warn cannot be asked: .*E325/);
    const later = given
      .replace('inputs:\n  track: { prompt: Track, default: canary }\n', '')
      .replaceAll('${track}', '${PREVIOUS}');
    const captures = later.replace(
      '- [ ] Before',
      '- [ ] Look\n  ```sh {capture=PREVIOUS}\n  date\n  ```\n- [ ] Before',
    );
    expect(await told(captures, {})).toMatch(/^ok not asked yet: there is no value for PREVIOUS/);
  });

  test('of a runbook that is not trusted is not asked', async () => {
    const { state } = new Operator(runbook(), { restricted: true });
    const source = new MetricsDouble(() => 0);
    expect(await preflightMetrics(state, source)).toEqual([]);
    expect(source.asked).toEqual([]);
  });
});
