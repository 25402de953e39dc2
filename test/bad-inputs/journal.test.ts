import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { Workspace } from '../support/workspace.ts';
import { step } from './support/runbooks.ts';
import { Walk } from './support/walk.ts';

const place = new Workspace();
const kept = join(place.folder, 'kept');
let dir = '';
let path = '';
let openFiles = '';

beforeAll(() => {
  openFiles = place.write('open-files.mjs', tellsOpenFiles);
  path = place.write('deploy.md', `# Deploy\n\n${step('touch one', '', 'One')}\n${step('touch two', '', 'Two')}`);
  place.gonogo(['trust', path, '--yes']);
  place.gonogo(['run', path, '--plain'], 'y\n\nq\n');
  dir = join(place.runsFolder, place.runs()[0] ?? '');
  cpSync(dir, kept, { recursive: true });
});
beforeEach(() => {
  rmSync(place.runsFolder, { recursive: true });
  mkdirSync(place.runsFolder, { mode: 0o700 });
  cpSync(kept, dir, { recursive: true });
});
afterAll(() => place.close());

const journal = (): string => join(dir, 'journal.jsonl');
const lines = (): string[] => readFileSync(journal(), 'utf8').split('\n').slice(0, -1);
const rewrite = (all: readonly string[]): void => writeFileSync(journal(), `${all.join('\n')}\n`);

/** Says at the end which files of the run are still open: Node ends a process whose handle nobody closed, now and then. */
const tellsOpenFiles = `import { readdirSync, readlinkSync, writeSync } from 'node:fs';
process.on('exit', () => {
  for (const number of readdirSync('/proc/self/fd')) {
    let path = '';
    try { path = readlinkSync('/proc/self/fd/' + number); } catch {}
    if (path.endsWith('/journal.jsonl')) writeSync(2, 'left open: ' + path + '\\n');
  }
});
`;

/** Exit code, standard output and error of going on with the run and leaving it at once. */
const resumed = (): ReturnType<Workspace['gonogo']> =>
  place.gonogo(['resume', basename(dir), '--plain'], 'q\n', { NODE_OPTIONS: `--import=${openFiles}` });

const refusal = (): string => {
  const { code, out, err } = resumed();
  expect(out).toBe('');
  expect(err.split('\n')).toHaveLength(2);
  return `${code} ${err.trimEnd().replaceAll(dir, 'RUN').replaceAll(basename(dir), 'ID')}`;
};

test('71 a torn tail is set aside, said, and the run goes on', () => {
  const torn = `journal.torn-${lines().length}.bin`;
  appendFileSync(journal(), '{"v":1,"seq":10,"at":"2026');
  const { code, out } = resumed();
  expect(code).toBe(6);
  expect(out).toContain(`I701 recovered: 26 bytes of an unfinished entry set aside in ${torn}`);
  expect(out).toContain('step 2 of 2');
  expect(readFileSync(join(dir, torn), 'utf8')).toBe('{"v":1,"seq":10,"at":"2026');
  expect(place.gonogo(['verify', basename(dir)]).code).toBe(0);
});

describe('72 73 a record that was damaged', () => {
  const damages: readonly (readonly [title: string, damage: (all: string[]) => string[], entry: number])[] = [
    ['72 one letter', (all) => all.with(3, (all[3] ?? '').replace('"actor":"', '"actor":"x')), 3],
    ['73 a line less', (all) => all.toSpliced(4, 1), 4],
    ['73 two lines swapped', (all) => all.with(3, all[4] ?? '').with(4, all[3] ?? ''), 3],
    ['73 a line twice', (all) => all.toSpliced(5, 0, all[4] ?? ''), 5],
  ];
  test.each(damages)('%s', (_, damage, entry) => {
    rewrite(damage(lines()));
    const before = readFileSync(journal(), 'utf8');
    expect(refusal()).toMatch(
      new RegExp(`^4 RUN: E702 record damaged at entry ${entry} \\(.*opened read-only\\. .*gonogo export ID$`),
    );
    expect(readFileSync(journal(), 'utf8')).toBe(before);
    const verified = place.gonogo(['verify', basename(dir)]);
    expect(verified.out).toMatch(
      new RegExp(`^BROKEN +the journal's chain is broken at entry ${entry}: .*line ${entry + 1} of`),
    );
    expect(verified.code).toBe(4);
    const exported = place.gonogo(['export', basename(dir)]);
    expect(exported.err).toContain(`E702 record damaged at entry ${entry}`);
    expect(exported.out).toContain('INTERIM');
    expect(exported.code).toBe(4);
  });
});

test('74 a record of a later version', () => {
  rewrite(lines().map((line) => line.replace('"v":1', '"v":99')));
  expect(refusal()).toBe(
    '2 RUN/journal.jsonl:1: E703 written by a newer gonogo (schema 99). Open it with that version or a later one',
  );
});

describe('75 a record that is not private', () => {
  const cases: readonly (readonly [title: string, make: () => void, said: RegExp])[] = [
    [
      'a directory',
      () => {
        rmSync(journal());
        mkdirSync(journal());
      },
      /^2 RUN\/journal\.jsonl: E704 is a directory; .*\. Move it away$/,
    ],
    [
      'a symbolic link',
      () => {
        renameSync(journal(), join(place.folder, 'elsewhere'));
        symlinkSync(join(place.folder, 'elsewhere'), journal());
      },
      /^2 RUN\/journal\.jsonl: E704 is a symbolic link; .*\. Replace the link by the file it names$/,
    ],
    [
      'readable by others',
      () => chmodSync(journal(), 0o644),
      /^2 RUN\/journal\.jsonl: E704 is open to others \(mode 0644\); .*\. Run: chmod 600 RUN\/journal\.jsonl$/,
    ],
    [
      'a folder others can enter',
      () => chmodSync(dir, 0o755),
      /^2 RUN: E704 is open to others \(mode 0755\); .*\. Run: chmod 700 RUN$/,
    ],
  ];
  test.each(cases)('%s', (_, make, said) => {
    make();
    expect(refusal()).toMatch(said);
  });

  test('somebody else’s', () => {
    const someone = process.getuid?.() === 0 ? '65534' : '0';
    // Only root can give a file away; anybody else is shown to itself as another user.
    if (someone === '65534') execFileSync('chown', [someone, journal()]);
    else return;
    expect(refusal()).toMatch(
      /^2 RUN\/journal\.jsonl: E704 belongs to user 65534, not to you \(0\); .*\. Open it as its owner$/,
    );
  });

  test('a new run is refused as well', () => {
    chmodSync(place.runsFolder, 0o777);
    const { code, err } = place.gonogo(['run', path, '--plain'], 'q\n');
    expect(err).toMatch(/E704 is open to others \(mode 0777\); .*\. Run: chmod 700 /);
    expect(code).toBe(2);
    chmodSync(place.runsFolder, 0o700);
  });
});

describe('76 a run that is open elsewhere', () => {
  test('says by whom, and is observed without a right to change anything', async () => {
    const first = await new Walk(place, ['resume', '--plain']).sees('step 2 of 2');
    const second = await new Walk(place, ['resume', '--plain']).sees(`E705 run is open in pid ${first.pid}`);
    await second.sees('no key for');
    await second.types('o').sees('step 2 of 2');
    await second.types('y').sees('you are observing');
    expect(readdirSync(join(dir, 'attempts'))).toEqual(['1']);
    second.types('q');
    expect(await second.exits()).toBe(0);
    await first.types('y').sees('exit 0');
  });

  test('is taken over, and the first one ends', async () => {
    const first = await new Walk(place, ['resume', '--plain']).sees('step 2 of 2');
    const second = await new Walk(place, ['resume', '--plain']).sees('E705 ');
    await second.types('t').sees('step 2 of 2');
    expect(await first.exits()).toBe(6);
    expect(place.gonogo(['verify', basename(dir)]).code).toBe(0);
  });

  test('is taken over from one that does not answer', async () => {
    const first = await new Walk(place, ['resume', '--plain']).sees('step 2 of 2');
    first.kill('SIGSTOP');
    const second = await new Walk(place, ['resume', '--plain']).sees('E705 ');
    await second.types('t').sees('step 2 of 2');
    expect(await first.exits()).toBeNull();
    await second.types('y').sees('exit 0');
  });
});

test('79 a stored runbook that was changed', () => {
  const names = readdirSync(join(dir, 'runbooks'));
  for (const name of names) appendFileSync(join(dir, 'runbooks', name), 'touch pwned\n');
  const said =
    /RUN\/runbooks\/[0-9a-f]{64}: E708 the stored runbook was changed: .*\. Put back the file with the hash that is its name; the record as last written is RUN\/record\.md/;
  expect(refusal()).toMatch(said);
  const verified = place.gonogo(['verify', basename(dir)]);
  expect(verified.code).toBe(4);
  expect(verified.out.replaceAll(dir, 'RUN')).toMatch(said);
  expect(verified.out).toContain('proven   the journal is one unbroken chain');
  for (const name of names) cpSync(join(kept, 'runbooks', name), join(dir, 'runbooks', name));
  expect(resumed().code).toBe(6);
});

test('80 a clock that went back', () => {
  const later =
    lines()
      .at(-1)
      ?.match(/"at":"([^"]+)"/)?.[1] ?? '';
  const threeHoursBack = new Date(Date.parse(later) - 3 * 3_600_000).toISOString();
  const fake = place.write(
    'clock.mjs',
    `const at = ${Date.parse(threeHoursBack)} - Date.now();\nconst real = Date.now;\nDate.now = () => real() + at;\n`,
  );
  const { code, out } = place.gonogo(['resume', '--plain'], 'y\n\n', { NODE_OPTIONS: `--import=${fake}` });
  expect(out).toContain('W709 clock moved −3 h; order kept by sequence');
  expect(code).toBe(0);
  expect(place.gonogo(['verify', basename(dir)]).code).toBe(0);
});
