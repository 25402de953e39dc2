import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openBreach } from '../../src/session/criterion-state.ts';
import { mainAction } from '../../src/session/select.ts';
import { Operator } from '../session/support.ts';
import { MetricsDouble, value } from './metrics-double.ts';
import { World } from './world.ts';

const errors = 'sum(rate(errors[1m])) / sum(rate(requests[1m]))';
const text = `---
gonogo: 1
kind: hotfix
metrics:
  error-rate: { title: Error rate, query: '${errors}', unit: ratio, worse: higher }
rollback:
  when:
    - error-rate: '> 5%'
---
# Deploy the fix

- [ ] Set the image
  \`\`\`sh
  kubectl set image deployment/checkout app=checkout:v2.3.1
  \`\`\`
- [ ] Warm it up
  \`\`\`sh
  kubectl scale deployment/checkout --replicas=12
  \`\`\`
`;

const fix = () => {
  const operator = new Operator(text);
  operator.confirms('yes');
  const event = operator.events.find(({ type }) => type === 'command.confirmed');
  if (event?.type !== 'command.confirmed') throw new Error('nothing confirmed');
  return event;
};

let world: World;
let metrics: MetricsDouble;
const criterion = () => world.view.session.criteria[0];
const blocked = () => {
  const main = mainAction(world.view.session, world.clock.now());
  if (main.kind !== 'confirm') throw new Error(`Enter does something else: ${main.kind}`);
  return main.pending.blocked;
};

describe('a hotfix that begins at 12 % errors, to be rolled back above 5 %', () => {
  beforeEach(async () => {
    world = await World.open(text, {
      metrics: (clock) => {
        metrics = new MetricsDouble(clock.now, { [errors]: value(0.12) });
        return metrics;
      },
    });
    await world.passes(200);
    expect(criterion()).toMatchObject({ phase: 'BEFORE', status: 'ok' });
    expect(blocked()).toBeNull();
    await world.changed('0.1', fix());
    await world.passes(1);
    expect(criterion()).toMatchObject({ phase: 'ARMED', reference: 0.12 });
  });
  afterEach(() => world.close());

  test('is not held up by that, and asks when it is still so ten minutes after the change', async () => {
    await world.passes(9 * 60);
    expect(criterion()?.status).toBe('ok');
    expect(blocked()).toBeNull();
    // Three looks of a minute each.
    await world.passes(60 + 4 * 60);
    expect(criterion()?.status).toBe('breached');
    expect(openBreach(world.view.session)?.value).toMatch(/^still so 10 min after the change: 12 %/);
    expect(blocked()).toMatchObject({ nextStep: expect.stringContaining('R rolls back') });
    expect(world.rang).toContain('breach');
  });

  test('is breached at once by what is worse', async () => {
    metrics.answers.set(errors, value(0.2));
    await world.passes(4 * 60);
    expect(criterion()).toMatchObject({ status: 'breached', value: expect.stringMatching(/^20 %/) });
  });

  test('asks nothing when it has helped', async () => {
    await world.passes(60);
    metrics.answers.set(errors, value(0.003));
    await world.passes(20 * 60);
    expect(criterion()?.status).toBe('ok');
    expect(world.types()).not.toContain('criterion.breached');
    expect(blocked()).toBeNull();
  });
});

describe('a hotfix whose change comes before the first look, as right after a resume', () => {
  let later: World;

  beforeEach(async () => {
    world = await World.open(text, {
      metrics: (clock) => new MetricsDouble(clock.now, { [errors]: value(0.12) }),
    });
    await world.passes(200);
    later = World.resumed(text, world.recorded, (clock) => {
      metrics = new MetricsDouble(clock.now);
      return metrics;
    });
    later.clock.sleep(world.clock.now() - later.clock.now());
    await later.changed('0.1', fix());
    await later.passes(1);
  });
  afterEach(async () => {
    await later.close();
    await world.close();
  });

  const now = () => later.view.session.criteria[0];
  const answers = (errorRate: number): void => {
    metrics.answers.set(errors, value(errorRate));
  };

  test('takes the first look after it as its reference, and asks ten minutes after the change', async () => {
    expect(later.types()).not.toContain('criterion.armed');
    answers(0.12);
    await later.passes(60);
    expect(now()).toMatchObject({ phase: 'ARMED', reference: 0.12, status: 'ok' });
    await later.passes(8 * 60);
    expect(now()?.status).toBe('ok');
    await later.passes(6 * 60);
    expect(openBreach(later.view.session)?.value).toMatch(/^still so 10 min after the change: 12 %/);
  });

  test('is breached by what is worse than that first look', async () => {
    answers(0.12);
    await later.passes(60);
    answers(0.2);
    await later.passes(4 * 60);
    expect(now()).toMatchObject({ status: 'breached', value: expect.stringMatching(/^20 %/) });
  });

  test('excuses nothing when the first look after it is good', async () => {
    answers(0.003);
    await later.passes(60);
    expect(now()).toMatchObject({ phase: 'ARMED', reference: null });
    answers(0.12);
    await later.passes(4 * 60);
    expect(now()?.status).toBe('breached');
  });

  test('has no reference any more when nothing was told for ten minutes', async () => {
    await later.passes(10 * 60);
    expect(now()).toMatchObject({ phase: 'ARMED', reference: null });
    answers(0.12);
    await later.passes(5 * 60);
    expect(now()?.status).toBe('breached');
  });
});
