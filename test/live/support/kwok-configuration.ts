import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { programOf } from './binaries.ts';
import { allStages, healthyStages } from './stages.ts';

/** Lines that `kubectl logs` gives for a pod without lines of its own. */
export const defaultLines = ['checkout: listening on :8080', 'checkout: ready'];
/** Lines that `kubectl logs --previous` gives. */
export const defaultPreviousLines = ['checkout: starting', 'panic: no database: connection refused'];

/** Lines in the form of a container runtime's log file. */
export const logText = (lines: readonly string[], at: number = Date.now()): string =>
  lines.map((line) => `${new Date(at).toISOString()} stdout F ${line}\n`).join('');

const dayMs = 24 * 3_600_000;

/** Writes kwok's configuration (stages and default logs) into the folder; returns its path. */
export const kwokConfiguration = (folder: string, stages: 'all' | 'healthy'): string => {
  const [logsFile, previousLogsFile] = [join(folder, 'default.log'), join(folder, 'default.previous.log')];
  // Every pod has the same file, whenever it starts: dated ahead, its lines are always of the present run.
  writeFileSync(logsFile, logText(defaultLines, Date.now() + dayMs));
  writeFileSync(previousLogsFile, logText(defaultPreviousLines));
  const logs = {
    apiVersion: 'kwok.x-k8s.io/v1alpha1',
    kind: 'ClusterLogs',
    metadata: { name: 'default' },
    spec: { logs: [{ logsFile, previousLogsFile, follow: true }] },
  };
  const ours = [logs, ...(stages === 'all' ? allStages() : healthyStages())];
  const path = join(folder, 'kwok.yaml');
  const nodes = ['stages-node-fast.yaml', 'stages-node-heartbeat.yaml'].map((file) =>
    readFileSync(programOf('kwok', file), 'utf8'),
  );
  writeFileSync(path, [...nodes, ...ours.map((one) => `---\n${JSON.stringify(one, null, 2)}\n`)].join('\n'));
  return path;
};
