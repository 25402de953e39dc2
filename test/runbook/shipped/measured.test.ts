import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { queryFacts } from '../../../src/gates/query-facts.ts';
import { withDurations } from '../../../src/runbook/duration-inputs.ts';
import { type InterpolationPlace, interpolate } from '../../../src/runbook/interpolate.ts';
import type { Gate, Metric, Runbook } from '../../../src/runbook/model.ts';
import { stepsOf } from '../../../src/runbook/walk.ts';
import { checksOf, criteriaChecks } from '../../../src/session/gate-checks.ts';
import type { FrameState } from '../../../src/session/state.ts';
import { Operator } from '../../session/support.ts';
import { shipped, shippedNames, shippedPath } from './walk-through.ts';

const measured = shippedNames.filter((name) => shipped(name).metrics.length > 0);

const defaultsOf = (runbook: Runbook): Readonly<Record<string, string>> =>
  Object.fromEntries(
    runbook.inputs.flatMap(({ name, example, default: usual }) => {
      const value = usual ?? example;
      return value === null ? [] : [[name, value]];
    }),
  );

/** The runbook as a run walks it, with the defaults and examples of its inputs. */
const frameOf = (name: string): FrameState => {
  const text = readFileSync(shippedPath(name), 'utf8');
  const frame = new Operator(text, { inputs: defaultsOf(shipped(name)) }).state.frames[0];
  if (frame === undefined) throw new Error(`${name}.md cannot be walked`);
  return frame;
};

const rendered = (runbook: Runbook, text: string, place: InterpolationPlace): string => {
  const values = { namespace: 'production', ...defaultsOf(runbook) };
  const {
    text: out,
    unknown,
    refused,
  } = interpolate(text, (name) => Object.entries(values).find(([key]) => key === name)?.[1], place);
  expect([...unknown, ...refused], text).toEqual([]);
  return out;
};

const gatesOf = (runbook: Runbook): readonly Gate[] =>
  stepsOf(runbook).flatMap(({ actions }) => actions.flatMap((action) => (action.kind === 'gate' ? [action.gate] : [])));

const queriesOf = ({ query, stable, traffic, freshness }: Metric): readonly string[] =>
  [query, stable, traffic, freshness].flatMap((text) => (text === null ? [] : [text]));

describe.each(measured)('%s.md', (name) => {
  const runbook = shipped(name);

  it('has queries that its inputs fill in, and that tell the age of their data', () => {
    for (const metric of runbook.metrics)
      for (const query of queriesOf(metric))
        expect(queryFacts(rendered(runbook, query, 'promql')).selectors, query).not.toEqual([]);
  });

  it('asks nothing that its inputs and captures do not fill in', () => {
    const frame = frameOf(name);
    const asked = [...gatesOf(runbook), criteriaChecks(frame.runbook)].flatMap((gate) => checksOf(frame, gate));
    const problems = asked.flatMap(({ problem }) => (problem === null ? [] : [problem]));
    expect(problems.filter((problem) => !/^there is no value for [A-Z_]+$/.test(problem))).toEqual([]);
  });

  it('captures its baseline before anything is changed', () => {
    const actions = stepsOf(runbook).flatMap((step) => step.actions);
    const captures = actions.findIndex(({ kind }) => kind === 'baseline');
    const changes = actions.findIndex((action) => action.kind === 'command' && action.command.risk !== 'read');
    if (captures !== -1 && changes !== -1) expect(captures).toBeLessThan(changes);
  });

  it('measures nothing that nobody looks at', () => {
    const judged = new Set(
      [...gatesOf(runbook).flatMap(({ checks }) => checks), ...(runbook.rollback?.when ?? [])].map(
        ({ source }) => source,
      ),
    );
    const shown = ['requests', 'client-errors', 'p95', 'p99'];
    expect(
      runbook.metrics.map((metric) => metric.name).filter((one) => !judged.has(one) && !shown.includes(one)),
    ).toEqual([]);
  });
});

/** A baseline is found by its query: one that was captured before a handoff or a rollback must be found after it. */
it('the same numbers are asked for by the same queries, whichever runbook asks', () => {
  const own = ['error-rate', 'p95', 'p99', 'requests'];
  const queries = (name: string): Readonly<Record<string, string>> => {
    const ofService = shipped(name).metrics.some((metric) => metric.name === 'service-p95') ? 'service-' : '';
    return Object.fromEntries(
      own.flatMap((metric) => {
        const wanted = metric === 'requests' ? metric : `${ofService}${metric}`;
        const found = shipped(name).metrics.find((one) => one.name === wanted);
        return found === undefined ? [] : [[metric, found.query]];
      }),
    );
  };
  const expected = queries('post-deploy');
  expect(Object.keys(expected)).toEqual(own);
  for (const name of measured) expect(expected, name).toMatchObject(queries(name));
});

describe('post-deploy.md', () => {
  const runbook = shipped('post-deploy');

  it('is due after a quarter of an hour, two hours and a day', () => {
    expect(runbook.phases.flatMap(({ at }) => at ?? [])).toEqual(['T+15m', 'T+2h', 'T+24h']);
  });

  it('compares with yesterday what is due later than two hours, or has nothing from before the change', () => {
    const latencies = gatesOf(runbook).filter(({ checks }) => checks.some(({ source }) => source === 'p95'));
    const shifted = latencies.filter(({ shift }) => shift === '1d').map((gate) => gate.name);
    expect(shifted).toEqual(['numbers-15m-yesterday', 'numbers-2h-yesterday', 'numbers-24h']);
    expect(latencies.filter(({ shift }) => shift === null).map((gate) => gate.name)).toEqual([
      'numbers-15m',
      'numbers-2h',
    ]);
  });

  it('changes nothing', () => {
    const commands = stepsOf(runbook).flatMap(({ actions }) =>
      actions.flatMap((action) => (action.kind === 'command' ? [action.command] : [])),
    );
    expect(commands.filter(({ risk }) => risk !== 'read')).toEqual([]);
  });

  it('watches for as long as the input says', () => {
    const soak = (value: string) =>
      gatesOf(withDurations(runbook, { soak: value })).find((gate) => gate.name === 'numbers-15m')?.forMs;
    expect(soak('15m')).toBe(900_000);
    expect(soak('40s')).toBe(40_000);
  });
});

/** What the source documents ask for, by runbook and input. */
const thresholds: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  canary: {
    soak: '5m',
    'soak-50': '15m',
    'soak-100': '15m',
    range: '2m',
    'error-margin': '1',
    'p95-limit': '110',
    'p99-limit': '115',
    'error-stop': '5',
    'p95-stop': '125',
    'p99-stop': '200',
    'restarts-stop': '5',
    'baseline-window': '30m',
  },
  'canary-argo-rollouts': {
    soak: '5m',
    'soak-100': '15m',
    'error-margin': '1',
    'p95-limit': '110',
    'p99-limit': '115',
    'error-stop': '5',
    'p95-stop': '125',
    'p99-stop': '200',
    'restarts-stop': '5',
  },
  rolling: {
    soak: '15m',
    'error-limit': '1',
    'p95-limit': '110',
    'p99-limit': '115',
    'error-stop': '5',
    'p95-stop': '125',
    'p99-stop': '200',
    'restarts-stop': '5',
  },
  'blue-green': {
    soak: '15m',
    'error-limit': '1',
    'p95-limit': '110',
    'p99-limit': '115',
    'error-stop': '5',
    'p95-stop': '125',
    'p99-stop': '200',
    'restarts-stop': '5',
  },
  recreate: { soak: '15m', 'error-limit': '1', 'p95-limit': '110', 'p99-limit': '115' },
  hotfix: { soak: '30m', 'error-limit': '1', 'error-stop': '5', 'p95-stop': '125', 'restarts-stop': '5' },
  rollback: { soak: '15m', 'error-limit': '1', 'error-margin': '1', 'p95-limit': '110', 'p99-limit': '115' },
  'pre-deploy': { 'load-share': '150', 'cpu-limit': '70', 'error-limit': '1' },
  'post-deploy': { soak: '15m', 'error-limit': '0.5', 'p95-limit': '110', 'p99-limit': '115', 'cpu-limit': '70' },
  'incidents/high-error-rate': { 'error-limit': '1', 'error-stop': '5' },
  'incidents/slow': { 'p95-stop': '125' },
  'incidents/dependency-down': { 'error-limit': '1' },
};

describe.each(Object.entries(thresholds))('thresholds of %s.md', (name, expected) => {
  it('are inputs with defaults', () => {
    expect(defaultsOf(shipped(name))).toMatchObject(expected);
  });

  it('are used', () => {
    const runbook = shipped(name);
    const texts = JSON.stringify([runbook.phases, runbook.rollback, runbook.metrics]);
    const scripts = gatesOf(runbook).flatMap(({ checks }) => checks.map(({ body }) => JSON.stringify(body)));
    const given = gatesOf(runbook).flatMap(({ given = {} }) => Object.values(given));
    const variables = new Map(runbook.inputs.map(({ name: input, variable }) => [input, variable]));
    for (const input of Object.keys(expected)) {
      const isTime = given.includes(input) || texts.includes(`"windowInput":"${input}"`);
      const isUsed = isTime || texts.includes(`\${${input}}`);
      expect(isUsed || scripts.some((script) => script.includes(`$${variables.get(input)}`)), input).toBe(true);
    }
  });
});
