import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Workspace } from '../support/workspace.ts';
import { step } from './support/runbooks.ts';
import { Walk } from './support/walk.ts';

/** Lets the disk fail for gonogo (not for its runners) while a file of that name exists. */
const faults = `
import { existsSync } from 'node:fs';
import { open } from 'node:fs/promises';
const { FAULT_EIO, FAULT_ENOSPC } = process.env;
const handle = await open('/dev/null');
const methods = Object.getPrototypeOf(handle);
await handle.close();
const failing = (name, code, when) => {
  const real = methods[name];
  methods[name] = async function (...args) {
    if (when(args[0])) throw Object.assign(new Error(code), { code });
    return real.apply(this, args);
  };
};
failing('datasync', 'EIO', () => existsSync(FAULT_EIO));
// Room is left only where the ballast was: what is small fits, what is large does not.
failing('write', 'ENOSPC', (bytes) => existsSync(FAULT_ENOSPC) && (existsSync(process.env.BALLAST ?? '') || bytes.length > 100_000));
failing('writeFile', 'ENOSPC', (bytes) => existsSync(FAULT_ENOSPC) && bytes.length > 100_000);
`;

let place: Workspace;
beforeEach(() => {
  place = new Workspace();
});
afterEach(() => place.close());

const begun = async (): Promise<Walk> => {
  const path = place.write(
    'deploy.md',
    `# Deploy\n\n${step('touch one', '', 'One')}\n${step('touch two', '', 'Two')}\n${step('touch three', '', 'Three')}`,
  );
  place.gonogo(['trust', path, '--yes']);
  place.gonogo(['run', path, '--plain'], 'q\n');
  const env = {
    NODE_OPTIONS: `--import=${place.write('faults.mjs', faults)}`,
    FAULT_EIO: join(place.folder, 'eio'),
    FAULT_ENOSPC: join(place.folder, 'enospc'),
    BALLAST: join(place.runsFolder, place.runs()[0] ?? '', 'ballast'),
  };
  return new Walk(place, ['resume', '--plain'], env).sees('step 1 of 3');
};

test('77 a disk that refuses to save: no new command, and the way to the record', async () => {
  const walk = await begun();
  await walk.types('y').sees('exit 0');
  await walk.types('').sees('step 2 of 3');
  writeFileSync(join(place.folder, 'eio'), '');
  await walk.types('y').sees('E706');
  await walk.sees('step 2 of 3');
  await walk.types('y').sees('no new commands');
  expect(walk.out).toMatch(/E706 disk refused to save \(fsync: EIO\); no new commands\. Export now: gonogo export /);
  expect(existsSync(join(place.work, 'two'))).toBe(false);
  const exported = place.gonogo(['export', place.runs()[0] ?? '']);
  expect(exported.code).toBe(0);
  expect(exported.out).toContain('touch one');
  walk.types('q');
  expect(await walk.exits()).toBe(6);
  rmSync(join(place.folder, 'eio'));
  const resumed = place.gonogo(['resume', '--plain'], 'q\n');
  expect(resumed.out).toContain('step 2 of 3');
});

test('78 a full disk: what runs is recorded, nothing new begins until there is room', async () => {
  const walk = await begun();
  writeFileSync(join(place.folder, 'enospc'), '');
  await walk.types('y').sees('E707');
  expect(walk.out).toMatch(/E707 disk full – outcome saved, new commands blocked\. Make room on this disk/);
  await walk.sees('step 1 of 3');
  await walk.types('y').sees('E707');
  expect(existsSync(join(place.work, 'one'))).toBe(false);
  rmSync(join(place.folder, 'enospc'));
  await walk.types('y').sees('exit 0');
  expect(existsSync(join(place.work, 'one'))).toBe(true);
});
