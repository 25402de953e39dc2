import { copyFileSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { processesNaming, signal } from '../../test/faults/support/processes.ts';
import { programOf } from '../../test/live/support/binaries.ts';
import { Workspace } from '../../test/support/workspace.ts';
import type { Cluster } from './thousands.ts';

/** A home of its own in front of the cluster, with real kubectl and these runbooks, allowed to run. */
export const openWorkspace = (cluster: Cluster, runbooks: Readonly<Record<string, string>>): Workspace => {
  const workspace = new Workspace();
  mkdirSync(join(workspace.home, '.kube'), { recursive: true, mode: 0o700 });
  copyFileSync(cluster.kubeconfig, join(workspace.home, '.kube', 'config'));
  const bin = join(workspace.folder, 'bin');
  mkdirSync(bin);
  symlinkSync(programOf('kubernetes', 'kubectl'), join(bin, 'kubectl'));
  for (const [name, text] of Object.entries(runbooks)) {
    workspace.write(name, text);
    const { code, err } = workspace.gonogo(['trust', name, '--yes']);
    if (code !== 0) throw new Error(`${name} could not be trusted: ${err}`);
  }
  return workspace;
};

/** Ends what was started in it, and removes it. */
export const closeWorkspace = (workspace: Workspace): void => {
  for (const pid of processesNaming(workspace.folder)) signal(pid, 'SIGKILL');
  workspace.close();
};
