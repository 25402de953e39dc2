import type { Terminal } from '../../../support/terminal.ts';
import type { Scene } from './scene.ts';

/** Starts a shipped runbook on the cluster of the scene. */
export const runs = (
  { workspace, inputs }: Scene,
  runbook: string,
  version: string,
  others: Readonly<Record<string, string>> = {},
): Terminal =>
  workspace.terminal(['run', runbook, '--context', 'prod-eu', ...inputs(version, others)], { columns: 160, rows: 48 });
