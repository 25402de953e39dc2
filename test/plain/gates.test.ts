import { afterEach, describe, expect, test } from 'vitest';
import type { FaceOptions } from '../../src/engine/face.ts';
import { type Answers, noAnswers } from '../../src/plain/answers.ts';
import type { Lines } from '../../src/plain/lines.ts';
import { walk } from '../../src/plain/walk.ts';
import { MetricsDouble } from '../engine/metrics-double.ts';
import { World, type WorldSetting, webAnswer } from '../engine/world.ts';
import { facts, live, pod, rollout, workload } from '../gates/support/facts.ts';
import type { Setting } from '../session/support.ts';

const fence = (body: string): string => `  \`\`\`gate\n  ${body.split('\n').join('\n  ')}\n  \`\`\`\n`;
const text = (body: string): string => `---\ngonogo: 1\n---\n# Deploy\n\n- [ ] Healthy\n${fence(body)}`;
const web = text("http: 'https://api.example.com/health'\nwithin: 20s");

let world: World;
afterEach(() => world?.close());

/** Walks a run by lines: those that are typed, or the answers of a file. */
const walked = async (
  runbook: string,
  {
    typed = [],
    answers = null,
    ...setting
  }: Setting & WorldSetting & { typed?: string[]; answers?: Partial<Answers> | null },
  prepare: (world: World) => void,
): Promise<string> => {
  world = await World.open(runbook, setting);
  prepare(world);
  const out: string[] = [];
  const lines: Lines = {
    print: (line) => void out.push(line ?? ''),
    ask: async (prompt) => {
      out.push(prompt);
      return typed.shift() ?? null;
    },
    askSecret: async () => null,
    onInterrupt: () => () => undefined,
    release: () => undefined,
    close: () => undefined,
  };
  const options = { runId: 'run-1' } as FaceOptions;
  let over = false;
  const done = walk({
    engine: world.engine,
    options,
    lines,
    answers: { ...noAnswers, ...answers },
    auto: answers !== null,
  }).finally(() => {
    over = true;
  });
  for (let i = 0; i < 120 && !over; i += 1) await world.passes(1);
  await done;
  return out.join('\n');
};

const sick = (own: World): void => {
  own.answer = async () => webAnswer({ status: 503 });
};

describe('a gate line by line', () => {
  test('passes by itself, with its verdict and value', async () => {
    const out = await walked(web, { answers: {}, cluster: false }, (own) => {
      own.answer = async () => webAnswer();
    });
    expect(out).toContain('ok    gate 0.1 Healthy');
    expect(out).toContain('ok    http api.example.com/health  HTTP 200, wanted: HTTP 200');
    expect(out).toContain('succeeded');
  });

  test('says once what others change meanwhile', async () => {
    const change = { at: 0, workload: 'deployment/checkout', by: 'kubectl-set', what: 'replicas 6 -> 9' };
    const out = await walked(web, { answers: {} }, (own) => {
      own.answer = async () => webAnswer();
      own.shows(facts({ foreignChanges: [{ ...change, at: own.view.now }] }));
    });
    expect(out.match(/changed outside this run, .* by kubectl-set: replicas 6 -> 9/g)).toHaveLength(1);
  });

  test('that failed is for a person; an answers file says how it goes on', async () => {
    expect(await walked(web, { answers: {}, cluster: false }, sick)).toContain('This needs a person.');
    expect(world.view.session.left).toBe(true);
    await world.close();
    const past = {
      steps: { '0.1': [{ kind: 'again' }, { kind: 'override', text: 'known since Friday' }] },
    } as Partial<Answers>;
    const out = await walked(web, { answers: past, cluster: false }, sick);
    expect(out).toContain('FAIL  http api.example.com/health: HTTP 503, not 200');
    expect(out).toContain('1) Hold: a new try; this FAIL stays on record');
    expect(world.view.session.frames[0]?.steps['0.1']).toMatchObject({ how: 'override', tries: 2 });
  });

  test('takes the number of a choice with its reason, and asks for the name that has to be typed', async () => {
    const critical = text('rollout: deployment/checkout\ncritical: true');
    const out = await walked(
      critical,
      { production: true, typed: ['', '2 it is known, INC-4711', 'rollout'] },
      (own) => {
        const late = rollout({ phase: 'failed', text: 'FAILED 1/6', because: 'ProgressDeadlineExceeded' });
        const source = live({ freshAt: own.clock.now() });
        own.shows(
          facts({ source, workloads: [workload({ source, rollout: late, troubled: [pod({ class: 'STUCK' })] })] }),
        );
      },
    );
    expect(out).toContain('Enter does nothing here: say R, t, a number, or  override: REASON');
    expect(out).toContain('type "rollout" to go past it >');
    expect(world.view.session.frames[0]?.steps['0.1']).toMatchObject({
      how: 'override',
      reason: 'it is known, INC-4711',
    });
  });

  test('that cannot tell is acknowledged, and judged by eye', async () => {
    const typed = ['A the gateway is being replaced', 'by-eye: curl from the bastion: 200'];
    const out = await walked(web, { typed, cluster: false }, () => undefined);
    expect(out).toContain('BLIND http api.example.com/health');
    expect(world.types()).toContain('source.acknowledged');
    expect(world.view.session.frames[0]?.steps['0.1']).toMatchObject({ how: 'by-eye' });
  });

  test('whose commands were not seen waits for Enter', async () => {
    const out = await walked(text('command: gh run list'), { typed: [''], cluster: false }, (own) => {
      own.probed = async () => ({ exit: 0, output: '', timedOut: false });
    });
    expect(out).toContain('$ gh run list');
    expect(out).toContain('Enter begins it');
    expect(world.asked).toEqual(['gh run list']);
  });
});

describe('a baseline line by line', () => {
  const p95 = 'metrics:\n  p95: { title: p95, query: up, unit: seconds, worse: higher }\n';
  const baseline = `---\ngonogo: 1\n${p95}---\n# Deploy\n\n- [ ] Before\n  \`\`\`baseline\n  metrics: [p95]\n  window: 30m\n  \`\`\`\n`;
  const past =
    (values: readonly number[]) =>
    ({ now }: { readonly now: () => number }): MetricsDouble => {
      const metrics = new MetricsDouble(now);
      metrics.past = () => values;
      return metrics;
    };

  test('is waited for, and nobody is asked', async () => {
    const metrics = past(Array.from({ length: 120 }, () => 0.2));
    const out = await walked(baseline, { answers: {}, cluster: false, metrics }, () => undefined);
    expect(out).toContain('succeeded');
    expect(world.types()).toContain('baseline.captured');
  });

  test('that is incomplete goes on with the reason that is typed', async () => {
    const typed = ['accept: a new service has no past'];
    const out = await walked(baseline, { typed, cluster: false, metrics: past([0.2]) }, () => undefined);
    expect(out).toContain('no full baseline of p95: 1 of 20 values');
    expect(world.view.session.frames[0]?.steps['0.1']).toMatchObject({
      how: 'accepted',
      reason: 'a new service has no past',
    });
  });
});
