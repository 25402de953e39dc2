import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createBench } from './support/commands.ts';

const filesUnder = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));

const token = 'tkn-4f9a77c1e2-secret';

describe('a secret', () => {
  it('reaches the command and no file, whatever the command does with it', async () => {
    const bench = createBench({ environment: { DEPLOY_TOKEN: 'inherited-token-value-1' } });
    const script = [
      'echo "plain $API $DEPLOY_TOKEN"',
      'echo "$API" >&2',
      'printf %s "$API" | base64',
      'first=$(cut -c1-10 <<< "$API"); rest=$(cut -c11- <<< "$API")',
      'for i in $(seq 20); do printf %s "$first"; sleep 0.01; printf "%s\\n" "$rest"; done',
      'COPY="x-$API"',
      'ENCODED=$(printf %s "$API" | base64)',
      'MY_PASSWORD=$(printf "hunter%d" 2 2)',
      'PUBLIC=fine',
      'set -x; true "$API"',
    ].join('\n');
    const outcome = await bench.run(script, { capture: 'SEEN' }, { secrets: { API: token } });
    expect(outcome.exit).toBe(0);
    expect(outcome.withheld).toEqual(['COPY', 'ENCODED', 'MY_PASSWORD', 'SEEN']);
    expect(outcome.captures).toEqual({});
    expect(outcome.output.tail).toContain('plain [secret API] [secret DEPLOY_TOKEN]');
    const everything = filesUnder(bench.runDir)
      .map((path) => readFileSync(path, 'latin1'))
      .join('\n');
    for (const value of [token, 'inherited-token-value-1', 'hunter2hunter2', Buffer.from(token).toString('base64')]) {
      expect(everything.includes(value)).toBe(false);
    }
    expect(everything).toContain('PUBLIC');
  });

  it('keeps no end of the output from what is expected of it, when it begins with that end', async () => {
    const bench = createBench();
    const secrets = { API: 'p-4f9a77c1e2-secret' };
    const expect1 = { exit: null, none: false, text: 'prod-eu/shop', pattern: null };
    const met = await bench.run('printf prod-eu/shop', { expect: expect1 }, { secrets });
    expect(met.expectation).toMatchObject({ met: true });
    const unmet = await bench.run('printf prod-eu/sho', { expect: expect1 }, { secrets });
    expect(unmet.expectation).toEqual({ met: false, because: '"prod-eu/shop" is not in the output' });
  });

  it('stays in memory for the commands of this process and is gone after a restart', async () => {
    const bench = createBench();
    await bench.run('MY_PASSWORD=hunter2hunter2; PUBLIC=fine');
    await bench.run('echo "$MY_PASSWORD"; [ "$MY_PASSWORD" = hunter2hunter2 ] && echo same');
    expect(await bench.text(2)).toBe('[secret MY_PASSWORD]\nsame\n');
    expect(bench.commands.environmentNames()).toContain('MY_PASSWORD');
    expect(bench.again().environmentNames()).not.toContain('MY_PASSWORD');
    expect(bench.again().environmentNames()).toContain('PUBLIC');
    expect(bench.commands.carriedVariables()).toEqual({ MY_PASSWORD: null, PUBLIC: 'fine' });
    expect(bench.again().carriedVariables()).toEqual({ PUBLIC: 'fine' });
  });

  it('is masked in two streams and in probes too', async () => {
    const bench = createBench({ environment: { A_SECRET: token } });
    await bench.run('echo "$A_SECRET"; echo "$A_SECRET" >&2', { capture: 'X' });
    expect(await bench.text(1)).toBe('[secret A_SECRET]\n[secret A_SECRET]\n');
    const probed = await bench.commands.probe('echo "$A_SECRET" | tee /dev/stderr', {}, 5_000);
    expect(probed).toEqual({ exit: 0, timedOut: false, output: '[secret A_SECRET]\n[secret A_SECRET]\n' });
  });

  it('is in no argument list and in no environment but the command’s', async () => {
    const bench = createBench();
    const running = await bench.start('sleep 30 & wait', {}, { secrets: { API: token } });
    const holders = readdirSync('/proc').filter((name) => {
      if (!/^\d+$/.test(name)) return false;
      try {
        return readFileSync(`/proc/${name}/environ`, 'latin1').includes(token);
      } catch {
        return false;
      }
    });
    const named = readdirSync('/proc').filter((name) => {
      try {
        return /^\d+$/.test(name) && readFileSync(`/proc/${name}/cmdline`, 'latin1').includes(token);
      } catch {
        return false;
      }
    });
    const own = (await bench.commands.survivors(1)).map((survivor) => String(survivor.pid));
    expect(holders.every((pid) => own.includes(pid))).toBe(true);
    expect(named).toEqual([]);
    await running.stop('TERM');
    await running.ended;
  });

  it('leaves files that only their owner can read', async () => {
    const bench = createBench();
    await bench.run('A=1', { capture: 'B' });
    for (const path of filesUnder(bench.runDir)) expect([path, statSync(path).mode & 0o077]).toEqual([path, 0]);
    expect(statSync(join(bench.runDir, 'attempts/1')).mode & 0o077).toBe(0);
  });
});
