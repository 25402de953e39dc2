import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadRunbook } from '../../src/runbook/load.ts';
import { runbookTitle } from '../../src/runbook/title.ts';

const root = join(import.meta.dirname, '../..');
const files = ['runbooks', 'runbooks/incidents', 'test/runbook/fixtures', 'test/runbook/fixtures/corpus'].flatMap(
  (folder) =>
    readdirSync(join(root, folder))
      .filter((name) => /\.(?:md|yaml)$/.test(name))
      .map((name) => join(root, folder, name)),
);

describe('the title alone', () => {
  it('is the one of the whole runbook', () => {
    for (const path of files) {
      const bytes = readFileSync(path);
      const { runbook } = loadRunbook(bytes, { path, offPath: 'auto' });
      if (runbook !== null) expect(runbookTitle(bytes, path), path).toBe(runbook.title);
    }
    expect(files.length).toBeGreaterThan(150);
  });

  it('is taken from the front matter, and from the name of the file at last', () => {
    const of = (text: string, path = 'a/deploy-web.md'): string => runbookTitle(Buffer.from(text), path);
    expect(of('---\ngonogo: 1\n# no heading\ntitle: Deploy\n---\n- [ ] a\n')).toBe('Deploy');
    expect(of('---\ntitle: "Of a site"\nlayout: page\n---\n- [ ] a\n')).toBe('Of a site');
    expect(of('- [ ] a\n')).toBe('deploy-web');
    expect(of('# Deploy `web` {critical}\n')).toBe('Deploy web');
    expect(of('phases: []\n', 'x.yaml')).toBe('Untitled runbook');
  });

  it('is the reason where nothing can be read', () => {
    expect(runbookTitle(Buffer.from(''), 'x.md')).toBe('runbook is empty');
    expect(runbookTitle(Buffer.from('kind: Pod\n'), 'x.yaml')).toBe('no runbook');
  });
});
