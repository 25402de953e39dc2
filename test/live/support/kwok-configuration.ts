import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { programOf } from './binaries.ts';
import { allStages, healthyStages } from './stages.ts';

/** Lines that `kubectl logs` gives for a pod without lines of its own. */
export const defaultLines = ['checkout: listening on :8080', 'checkout: ready'];
/** Lines that `kubectl logs --previous` gives. */
export const defaultPreviousLines = ['checkout: starting', 'panic: no database: connection refused'];

/** Lines in the form of a container runtime's log file. */
export const logText = (lines: readonly string[]): string =>
  lines.map((line) => `${new Date().toISOString()} stdout F ${line}\n`).join('');

/** Writes kwok's configuration (stages and default logs) into the folder; returns its path. */
export const kwokConfiguration = (folder: string, stages: 'all' | 'healthy'): string => {
  const [logsFile, previousLogsFile] = [join(folder, 'default.log'), join(folder, 'default.previous.log')];
  writeFileSync(logsFile, logText(defaultLines));
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
