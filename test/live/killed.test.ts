import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { startCluster } from './support/cluster.ts';
import { waitFor } from './support/wait.ts';

/** Processes whose command line names the folder. */
const processesOf = (folder: string): string[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
        return command.includes(folder) ? [command] : [];
      } catch {
        return [];
      }
    });

test('servers end with the process that started them, even when it is killed', async () => {
  const program = new URL('./support/starts-and-waits.ts', import.meta.url).pathname;
  const child = spawn(process.execPath, [program], { stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  try {
    const folder = await waitFor('the cluster of the other process', () => said.match(/^(\/.*)\n/)?.[1], {
      seconds: 60,
    });
    expect(processesOf(folder).length).toBeGreaterThanOrEqual(5);
    const gone = new Promise((done) => child.once('exit', done));
    child.kill('SIGKILL');
    await gone;
    await waitFor('its servers to end', () => processesOf(folder).length === 0);
    // The next cluster that starts takes the folder of the dead one away.
    const next = await startCluster();
    await next.stop();
    expect(existsSync(folder)).toBe(false);
    expect(processesOf(next.folder)).toEqual([]);
  } finally {
    child.kill('SIGKILL');
  }
});
