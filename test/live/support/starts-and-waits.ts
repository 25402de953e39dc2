import { startCluster } from './cluster.ts';

/** A program that starts a cluster, says which folder it is in, and stays: for the test that kills it. */
const { folder } = await startCluster();
process.stdout.write(`${folder}\n`);
setInterval(() => {}, 60_000);
