import { createInterface } from 'node:readline';
import { createDeployLock } from '../../../src/cluster/lock/deploy-lock.ts';
import { leaseStore } from '../../../src/cluster/lock/lease-store.ts';
import { readKubeconfig } from '../../../src/cluster/pin/kubeconfig.ts';
import { openCluster } from '../../../src/cluster/pin/open-cluster.ts';
import { pinnedContext } from '../../../src/cluster/pin/pinned-context.ts';
import { systemClock } from '../../../src/engine/clock.ts';

// A process of its own that holds a lock and can be stopped with a signal: kubeconfig, context, scope, durations.
const [path = '', context = '', scope = '', durations = '{}'] = process.argv.slice(2);
const { connection } = openCluster(pinnedContext(readKubeconfig([path]), context), {
  environment: process.env,
  clock: systemClock,
  onSecret: () => undefined,
});
const lock = createDeployLock({
  store: leaseStore(connection, 'default', scope),
  scope,
  person: { holder: `alice@other/run-${process.pid}`, who: 'alice' },
  clock: systemClock,
  durations: JSON.parse(durations),
});
const claim = { why: 'Deploy', ticket: null, runbook: 'deploy.md', step: '1.1' };
const say = (word: string, value: unknown): void => void process.stdout.write(`${word} ${JSON.stringify(value)}\n`);

say('acquired', await lock.acquire(claim));
lock.onChange((state) => say('changed', state));
// Every line is a change that would be made if the lock is still there.
for await (const _ of createInterface({ input: process.stdin })) say('verified', await lock.verify());
await lock.close();
await connection.close();
