import { chmodSync, mkdirSync, readdirSync, renameSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { checkParents, checkPrivateFile, checkPrivateFolder } from '../../src/journal/access.ts';
import { openJournalFile } from '../../src/journal/file-layer.ts';
import { createJournal, openJournal, readRun } from '../../src/journal/open.ts';
import { prepareRunsDirectory, runsDirectory } from '../../src/journal/runs-directory.ts';
import { closedRun, newRun, temporaryFolder, who } from './support/runs.ts';

const spoil: readonly [string, (path: string) => void][] = [
  [
    'a directory',
    (path) => {
      rmSync(path);
      mkdirSync(path, { mode: 0o700 });
    },
  ],
  [
    'a symbolic link',
    (path) => {
      renameSync(path, `${path}.real`);
      symlinkSync(`${path}.real`, path);
    },
  ],
  ['readable by others', (path) => chmodSync(path, 0o644)],
  ['writable by the group', (path) => chmodSync(path, 0o620)],
];

test.each(spoil)('a journal that is %s is E704', async (_, change) => {
  const dir = await closedRun(1);
  const path = join(dir, 'journal.jsonl');
  change(path);
  const refused = { code: 'E704', place: path, nextStep: expect.any(String) };
  await expect(openJournal(dir, who)).rejects.toMatchObject(refused);
  expect(() => readRun(dir, [])).toThrow(expect.objectContaining(refused));
});

test('a run folder or journal of another user is E704', async () => {
  const dir = await closedRun(1);
  const other = (process.getuid?.() ?? 0) + 1;
  expect(() => checkPrivateFolder(dir, other)).toThrow(/belongs to user \d+, not to you/);
  expect(() => checkPrivateFile(join(dir, 'journal.jsonl'), other)).toThrow(expect.objectContaining({ code: 'E704' }));
});

test('a run folder that is open to others, or a link, is E704', async () => {
  const dir = await closedRun(1);
  chmodSync(dir, 0o750);
  await expect(openJournal(dir, who)).rejects.toMatchObject({ code: 'E704', nextStep: `Run: chmod 700 ${dir}` });
  chmodSync(dir, 0o700);
  const link = join(temporaryFolder(), 'link');
  symlinkSync(dir, link);
  await expect(openJournal(link, who)).rejects.toMatchObject({ code: 'E704', place: link });
});

test('a parent below the home folder that everybody can write is E704, a sticky one is fine', () => {
  const home = temporaryFolder();
  const runs = runsDirectory({}, home);
  prepareRunsDirectory(runs, home);
  const parent = join(home, '.local', 'state');
  chmodSync(parent, 0o777);
  expect(() => checkParents(runs, home)).toThrow(expect.objectContaining({ code: 'E704', place: parent }));
  chmodSync(parent, 0o1777);
  checkParents(runs, home);
  chmodSync(parent, 0o700);
  chmodSync(home, 0o777);
  checkParents(runs, home);
});

test('nobody else can enter or read anything of a run', async () => {
  const journal = await newRun();
  expect(statSync(journal.dir).mode & 0o777).toBe(0o700);
  for (const name of readdirSync(journal.dir)) {
    expect([name, statSync(join(journal.dir, name)).mode & 0o077]).toEqual([name, 0]);
  }
});

test('runs are kept below XDG_STATE_HOME, else ~/.local/state; a relative value is ignored', () => {
  expect(runsDirectory({ XDG_STATE_HOME: '/var/state' }, '/home/a')).toBe('/var/state/gonogo/runs');
  expect(runsDirectory({}, '/home/a')).toBe('/home/a/.local/state/gonogo/runs');
  expect(runsDirectory({ XDG_STATE_HOME: 'state' }, '/home/a')).toBe('/home/a/.local/state/gonogo/runs');
});

test('a runs folder that others can enter is refused before anything is created in it', async () => {
  const runsDir = join(temporaryFolder(), 'runs');
  mkdirSync(runsDir, { mode: 0o755 });
  await expect(createJournal({ runsDir, ...who })).rejects.toMatchObject({ code: 'E704', place: runsDir });
});

test('a file where the runs folder belongs, and a full or refusing disk at the start, leave no half a run', async () => {
  const runsDir = join(temporaryFolder(), 'runs');
  writeFileSync(runsDir, '');
  await expect(createJournal({ runsDir, ...who })).rejects.toMatchObject({ code: 'E704', place: runsDir });
  rmSync(runsDir);
  for (const [code, expected] of [
    ['ENOSPC', { code: 'E707' }],
    ['EROFS', { place: runsDir, nextStep: expect.any(String) }],
  ] as const) {
    const openFile = () => Promise.reject(Object.assign(new Error(code), { code }));
    await expect(createJournal({ runsDir, ...who, openFile })).rejects.toMatchObject(expected);
    expect(readdirSync(runsDir)).toEqual([]);
  }
});

test('a journal file whose folder cannot be synced is closed again', async () => {
  let open = 0;
  const openFile: typeof openJournalFile = async (path, create) => {
    const file = await openJournalFile(path, create);
    open += 1;
    // What is gone cannot be synced.
    rmSync(dirname(path), { recursive: true });
    return {
      ...file,
      close: async () => {
        await file.close();
        open -= 1;
      },
    };
  };
  await expect(createJournal({ runsDir: join(temporaryFolder(), 'runs'), ...who, openFile })).rejects.toThrow();
  expect(open).toBe(0);
});
