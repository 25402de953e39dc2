import { execFileSync } from 'node:child_process';
import { appendFileSync, chmodSync, mkdirSync, statSync, symlinkSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { readRunbookFile } from '../../src/journal/open.ts';
import { errorLine } from '../../src/text/errors.ts';
import { Workspace } from '../support/workspace.ts';
import { describeBadFiles } from './support/bad-files.ts';
import { gonogo } from './support/runbooks.ts';

const bytes = (...parts: readonly (string | readonly number[])[]): Buffer =>
  Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : Buffer.from(part))));

describeBadFiles('files that are no text of a runbook', [
  { title: '1 empty file', text: '', place: '1:1: E101', says: 'runbook is empty', next: /\. \S/ },
  { title: '1 only spaces', text: ' \n\n', place: '1:1: E101', says: 'runbook is empty', next: /\. \S/ },
  {
    title: '2 only front matter',
    text: gonogo('').replace('# Deploy\n', ''),
    place: '1:1: E102',
    says: 'no steps found',
    next: /\. \S/,
  },
  {
    title: '4 invalid UTF-8',
    text: bytes('# Deploy\n', '\n'.repeat(7), 'x'.repeat(197), [0xff]),
    place: '9:1: E104',
    says: 'not UTF-8 at byte 213 (line 9)',
    next: 'save as UTF-8',
  },
  {
    title: '5 UTF-16',
    text: bytes([0xff, 0xfe], [...Buffer.from('# Deploy', 'utf16le')]),
    place: '1:1: E105',
    says: 'UTF-16 file',
    next: 'save as UTF-8',
  },
  {
    title: '7 NUL byte',
    text: '# Deploy\n\n- [ ] One\n- [ ] T\0wo\n',
    place: '4:1: E106',
    says: 'NUL at line 4',
    next: 'remove it',
  },
  {
    title: '12 lone CR',
    text: '# Deploy\n\n- [ ] One\rtouch hidden\n',
    place: '3:1: E111',
    says: 'bare CR hides text at line 3',
    next: 'use LF or CRLF',
  },
]);

describeBadFiles('files that are accepted, with a word about them', [
  {
    title: '6 UTF-8 byte order mark',
    text: '\ufeff# Deploy\n\n- [ ] One\n',
    place: '1:1: I106',
    says: 'UTF-8 byte order mark',
    next: /./,
  },
  {
    title: '85 front matter of another tool',
    text: '---\nlayout: page\ntags: [a, b]\n---\n# Deploy\n\n- [ ] One\n',
    place: '2:1: I112',
    says: "front matter is not gonogo's",
    next: 'only its title is read',
  },
  {
    title: '86 inputs without gonogo: 1',
    text: '---\ntitle: Deploy\ninputs:\n  version: {}\n---\n# Deploy\n\n- [ ] One\n',
    place: '3:1: W113',
    says: 'inputs',
    next: 'add "gonogo: 1" to use it',
  },
]);

const place = new Workspace();
afterAll(() => place.close());

/** Exit code and the one line that a command says instead of a stack. */
const refusal = (...args: readonly string[]): string => {
  const { code, out, err } = place.gonogo(args);
  expect(out).toBe('');
  expect(err.split('\n')).toHaveLength(2);
  expect(place.runs()).toEqual([]);
  return `${code} ${err.trimEnd()}`;
};

test('3 a file over 1 MiB', () => {
  const path = place.write('large.md', '# Deploy\n');
  truncateSync(path, 5 * 1024 * 1024);
  expect(refusal('run', path, '--plain')).toMatch(/^2 .*large\.md: E103 file is 5\.0 MB, limit 1 MB\. Split it/);
  expect(place.gonogo(['check', path])).toMatchObject({ code: 2, out: expect.stringMatching(/large\.md: E103 /) });
});

test('8 a directory, a FIFO and a device are refused at once', () => {
  mkdirSync(join(place.work, 'folder.md'));
  execFileSync('mkfifo', [join(place.work, 'fifo.md')]);
  for (const path of ['folder.md', 'fifo.md', '/dev/zero']) {
    const full = path.startsWith('/') ? path : join(place.work, path);
    expect(refusal('run', full, '--plain')).toMatch(/^2 .*: E107 not a regular file: .*\. Name a runbook file$/);
  }
});

test('9 a link out of its folder is followed, with a warning', () => {
  const elsewhere = join(place.folder, 'elsewhere.md');
  place.write('../elsewhere.md', '# Deploy\n\n- [ ] One\n');
  symlinkSync(elsewhere, join(place.work, 'link.md'));
  const { code, out } = place.gonogo(['check', 'link.md']);
  expect(code).toBe(0);
  expect(out).toMatch(/^link\.md:1:1: W108 resolves to .*elsewhere\.md\. .*trust is given to the file it leads to/);
  place.gonogo(['trust', 'link.md', '--yes']);
  expect(place.gonogo(['trust', elsewhere, '--yes']).out).toContain('allowed already');
});

test('10 a file that may not be read', () => {
  const path = place.write('closed.md', '# Deploy\n\n- [ ] One\n');
  chmodSync(path, 0);
  // Root reads everything, unless it gives up the right to.
  const asAnybody = process.getuid?.() === 0 ? 'setpriv --bounding-set -dac_override,-dac_read_search ' : '';
  const { code, err } = place.sh(`${asAnybody}"$NODE" "$PROGRAM" run ${path} --plain`);
  expect(err).toMatch(/closed\.md: E109 permission denied\. \S/);
  expect(code).toBe(2);
});

test('11 a file that changes while it is read, twice', async () => {
  const path = place.write('busy.md', '# Deploy\n\n- [ ] One\n');
  let readings = 0;
  const read = async (): Promise<Buffer> => {
    readings += 1;
    appendFileSync(path, 'x');
    return Buffer.from('# Deploy\n');
  };
  const said = await readRunbookFile(path, { read }).then(
    () => '',
    (error) => errorLine(error),
  );
  expect(said).toMatch(/busy\.md: E110 changes while it is read\. Try again/);
  expect(readings).toBe(2);
  expect(statSync(path).size).toBeGreaterThan(20);
});

test('12 Windows line ends are accepted', () => {
  const path = place.write('crlf.md', '# Deploy\r\n\r\n1. Say\r\n\r\n   ```sh\r\n   echo one\r\n   ```\r\n');
  expect(place.gonogo(['check', path, '--strict'])).toMatchObject({ code: 0 });
  expect(place.gonogo(['show', path]).out).toContain('$ echo one\n');
});

describe('YAML of other tools', () => {
  const manifests = 'apiVersion: v1\nkind: Service\n---\napiVersion: v1\nkind: Pod\nstatus:\n  phases: 1\n';
  const runbook = 'title: Deploy\nphases:\n  - title: A\n    steps:\n      - { title: B, run: ls }\n';

  test('is passed over in a folder, and said so', () => {
    place.write('mixed/charts/values.yaml', 'image: &image { tag: v1 }\nother: *image\n');
    place.write('mixed/charts/deployment.yaml', '{{- if .Values.on }}\nkind: Deployment\n{{- end }}\n');
    place.write('mixed/compose.yml', 'services:\n  web: { image: web }\n');
    place.write('mixed/empty.yaml', '');
    place.write('mixed/large.yaml', `kind: List\nitems: []\n# ${'x'.repeat(1024 * 1024)}\n`);
    place.write('mixed/manifests.yaml', manifests);
    place.write('mixed/run.yaml', runbook);
    const { code, out } = place.gonogo(['check', 'mixed', '--strict']);
    expect(out).toMatch(/^\nruns as it is +1\n[\s\S]*cannot run +0\n/);
    expect(out).toContain('passed over, as neither "gonogo:" nor "phases:" stands at their top: mixed/charts/deploy');
    expect(out).toContain('mixed/empty.yaml, mixed/large.yaml and 1 more\n');
    expect(code).toBe(0);
    const listed: readonly { path: string; passedOver: boolean }[] = JSON.parse(
      place.gonogo(['check', 'mixed', '--format', 'json']).out,
    );
    expect(listed.filter(({ passedOver }) => !passedOver).map(({ path }) => path)).toEqual(['mixed/run.yaml']);
    expect(listed).toHaveLength(7);
  });

  test('that says it is a runbook is checked as one', () => {
    place.write('wrong/broken.yaml', 'gonogo: 1\ntitle: "Deploy\n');
    place.write('wrong/title.yml', 'phases:\n  - tite: A\n');
    const { code, out } = place.gonogo(['check', 'wrong']);
    expect(out).toMatch(/^wrong\/broken\.yaml:.* E217/m);
    expect(out).toMatch(/^wrong\/title\.yml:2:5: E212/m);
    expect(code).toBe(2);
  });

  test('is an error with a next step when it is named', () => {
    const path = place.write('values.yaml', manifests);
    for (const command of ['check', 'run', 'show', 'plan', 'trust']) {
      const { code, out, err } = place.gonogo([command, path]);
      expect(out + err).toMatch(/values\.yaml:1:1: E217 this YAML file is no runbook: .*\. write "gonogo: 1"/);
      expect(`${out}${err}`.trim().split('\n')).toHaveLength(1);
      expect(code).toBe(2);
    }
  });
});
