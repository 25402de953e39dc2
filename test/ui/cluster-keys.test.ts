import { afterEach, expect, test } from 'vitest';
import { nowOf } from './support/checkout.ts';
import * as facts from './support/cluster-facts.ts';
import { gateLibrary, gateRuns } from './support/gate-runs.ts';
import { type OpenScreen, openScreen } from './support/open.ts';
import { until } from './support/terminal.ts';

const crashed = 'checkout-7d9f8c6b54-x2x1v';
let open: OpenScreen | null = null;
afterEach(async () => {
  await open?.close();
  open = null;
});

const opened = async (state = facts.crashing, logs: Readonly<Record<string, readonly string[]>> = {}) => {
  const events = gateRuns.rolling();
  open = await openScreen(events, {
    columns: 100,
    rows: 30,
    view: { cluster: state(nowOf(events)) },
    library: gateLibrary,
  });
  Object.assign(open.engine.logged, logs);
  return open;
};

test('c shows workloads, revisions, failing pods with reason and last log lines, scalers, changes, events', async () => {
  const screen = await opened(facts.crashing, { [`${crashed} previous`]: ['reading config', 'panic: no key'] });
  await screen.press('c');
  const text = (await screen.sees('panic: no key')).join('\n');
  expect(text).toContain('── Cluster · live 2 s');
  expect(text).toMatch(/deployment\/checkout {2}production +FAIL {2}live 2 s/);
  expect(text).toMatch(/new +v2\.3\.1 {2}rev 42 {3}4 of 4 ready/);
  expect(text).toMatch(/▸ checkout-7d9f8c6b54-x2x1v {2}new {2}FAIL +restarts 3/);
  expect(text).toContain('CrashLoopBackOff: exit 1, 3 restarts');
  expect(text).toContain('| panic: no key');
  await screen.press('G');
  const rest = (await screen.sees('Events, the newest first')).join('\n');
  expect(rest).toContain('Autoscalers and jobs');
  expect(rest).toContain('Changed by others since the start');
});

test('j moves to the next pod, d describes it, Esc goes back one level each', async () => {
  const screen = await opened();
  await screen.press('c', 'j');
  await screen.sees('▸ checkout-7d9f8c6b54-k8mnp');
  await screen.press('d');
  await screen.sees('Described: pod/checkout-7d9f8c6b54-k8mnp');
  await screen.sees('Name: pod/checkout-7d9f8c6b54-k8mnp');
  await screen.press('\u001B');
  await screen.sees('▸ checkout-7d9f8c6b54-k8mnp');
  await screen.press('\u001B');
  await screen.sees('Roll out › Look at the dashboard');
});

test('l follows the failing pod, p shows its run before, Esc ends the stream', async () => {
  const screen = await opened(facts.crashing, {
    [crashed]: ['started again'],
    [`${crashed} previous`]: ['panic: no key'],
  });
  await screen.press('l');
  await screen.sees('started again');
  await screen.sees('following');
  expect([...screen.engine.following]).toEqual([crashed]);
  await screen.press('p');
  await screen.sees('panic: no key');
  await screen.sees('ended: that was all');
  await screen.press('\u001B');
  await screen.sees('Roll out › Look at the dashboard');
  expect([...screen.engine.following]).toEqual([]);
});

test('scrolling back stands still while lines come, / searches, G follows again', async () => {
  const many = Array.from({ length: 100 }, (_, i) => `request ${i} ${i === 10 ? 'needle' : 'done'}`);
  const screen = await opened(facts.crashing, { [crashed]: many });
  await screen.press('l');
  await screen.sees('request 99');
  await screen.press('k');
  await screen.sees('standing still, G follows');
  await screen.press('/', ...'needle', '\r');
  await screen.sees('request 10 needle');
  await screen.press('G');
  await screen.sees('following');
});

test('l without failing pods follows the pods of the new revision, each line with its pod', async () => {
  const screen = await opened(facts.cluster, {
    'checkout-7d9f8c6b54-x2x1v': ['one'],
    'checkout-7d9f8c6b54-k8mnp': ['two'],
  });
  await screen.press('l');
  await until(screen.terminal, (text) => text.includes('x2x1v  one') && text.includes('k8mnp  two'), 'both pods');
  await screen.sees('Logs of 4 pods');
});

test('without a cluster c, l and d are no keys', async () => {
  open = await openScreen(gateRuns.rolling(), { library: gateLibrary });
  await open.press('c');
  await open.sees('c: not here');
  expect((await open.terminal.lines()).at(-1)).not.toContain('c cluster');
});
