import { getHeapStatistics } from 'node:v8';
import { createClusterWatch } from '../../src/cluster/cluster-watch.ts';
import { readKubeconfig } from '../../src/cluster/pin/kubeconfig.ts';
import { openCluster } from '../../src/cluster/pin/open-cluster.ts';
import { pinnedContext } from '../../src/cluster/pin/pinned-context.ts';
import { systemClock } from '../../src/engine/clock.ts';

/** Times in ms from the start of the watch, sizes in bytes. */
export interface WatchFigures {
  readonly firstRows: number;
  readonly allCounted: number;
  readonly cpu: number;
  /** The longest time in which no key could have been answered; its own work in such a time, whoever else wants the processor. */
  readonly longestHold: number;
  readonly mostWork: number;
  /** Over what was there before the watch: heap after a collection, and the most of heap and buffers while it listed, rubbish included. */
  readonly kept: number;
  readonly peak: number;
  readonly rss: number;
}

const beatMs = 2;

/** Heap and buffers; `process.memoryUsage` takes longer than what is measured here. */
const sizeNow = (): number => {
  const { used_heap_size, external_memory } = getHeapStatistics();
  return used_heap_size + external_memory;
};

const collected = (): number => {
  const { gc } = globalThis;
  if (gc === undefined) throw new Error('needs --expose-gc');
  gc();
  return sizeNow();
};

/** Ms of processor time of this thread. */
const workSoFar = (): number => {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1_000;
};

/** Holds of the event loop and sizes, looked at every 2 ms. */
const observe = () => {
  const most = { hold: 0, work: 0, size: 0 };
  let last = performance.now();
  let worked = workSoFar();
  const timer = setInterval(() => {
    const now = performance.now();
    const work = workSoFar();
    most.work = Math.max(most.work, work - worked);
    worked = work;
    most.hold = Math.max(most.hold, now - last - beatMs);
    most.size = Math.max(most.size, sizeNow());
    last = now;
  }, beatMs);
  return { most, end: () => clearInterval(timer) };
};

/** The real watch and facts of one Deployment, in a process of their own, from nothing until every pod is counted. */
const watchOnce = async (kubeconfig: string, contextName: string, pods: number): Promise<WatchFigures> => {
  const context = pinnedContext(readKubeconfig([kubeconfig]), contextName);
  const { connection } = openCluster(context, { environment: {}, clock: systemClock, onSecret: () => {} });
  const idle = collected();
  const { most, end } = observe();
  const cpuBefore = process.cpuUsage();
  const from = performance.now();
  let firstRows = 0;
  const watch = createClusterWatch({
    connection,
    namespace: 'default',
    workloads: ['deployment/checkout'],
    runBeganAt: Date.now(),
    clock: systemClock,
  });
  await new Promise<void>((done) => {
    watch.onChange(() => {
      const [workload] = watch.facts().workloads;
      if (workload === undefined) return;
      const counts = [workload.newPods, workload.oldPods].flatMap((each) => Object.values(each));
      const counted = counts.reduce((sum, count) => sum + count, 0);
      if (counted > 0) firstRows ||= performance.now() - from;
      if (counted >= pods && workload.source.state === 'live') done();
    });
  });
  const allCounted = performance.now() - from;
  const cpu = process.cpuUsage(cpuBefore);
  end();
  const after = collected();
  await watch.close();
  await connection.close();
  return {
    firstRows,
    allCounted,
    cpu: (cpu.user + cpu.system) / 1000,
    longestHold: most.hold,
    mostWork: most.work,
    kept: after - idle,
    peak: most.size - idle,
    rss: process.resourceUsage().maxRSS * 1024,
  };
};

const [kubeconfig = '', contextName = '', pods = ''] = process.argv.slice(2);
console.log(JSON.stringify(await watchOnce(kubeconfig, contextName, Number(pods))));
