import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { writeDurably } from '../journal/durable-file.ts';
import type { StoredWorkload } from '../ports/cluster.ts';

/** Keeps manifests in the run's folder: `workloads/deployment-checkout.json`. */
export const keepIn =
  (runDir: string) =>
  async ({ workload, manifest }: StoredWorkload): Promise<void> => {
    const folder = join(runDir, 'workloads');
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    await writeDurably(join(folder, `${workload.replaceAll(/[^a-z0-9.-]/gi, '-')}.json`), manifest);
  };
