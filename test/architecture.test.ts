import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';

// The table of 00-overview, "Layout": who may import what.
const pure = ['text', 'gates', 'runbook', 'session', 'record'];
const adapters = ['settings', 'journal', 'shell', 'cluster', 'metrics'];
const everything = [...pure, ...adapters, 'ports', 'engine', 'ui', 'plain', 'drill', 'commands'];
const allowed: Readonly<Record<string, readonly string[]>> = {
  text: [],
  gates: ['text'],
  runbook: ['text', 'gates'],
  session: ['text', 'gates', 'runbook'],
  record: ['text', 'gates', 'runbook', 'session'],
  ports: ['text', 'gates', 'runbook', 'session'],
  ...Object.fromEntries(adapters.map((folder) => [folder, ['text', 'gates', 'session', 'ports']])),
  engine: [...pure, 'ports'],
  ui: [...pure, 'engine'],
  plain: [...pure, 'engine'],
  drill: ['text', 'runbook', 'session', 'ports'],
  commands: everything,
};

const source = resolve(import.meta.dirname, '../src');

interface Import {
  readonly target: string;
  readonly typeOnly: boolean;
}

interface SourceFile {
  readonly path: string;
  readonly folder: string;
  readonly text: string;
  readonly imports: readonly Import[];
}

const importPattern = /(?:^|\n)\s*(import|export)\s+(type\s+)?[^;'"]*?from\s+'([^']+)'|import\('([^']+)'\)/g;

const files: readonly SourceFile[] = readdirSync(source, { recursive: true, encoding: 'utf8' })
  .filter((path) => /\.tsx?$/.test(path))
  .map((path) => {
    const text = readFileSync(join(source, path), 'utf8');
    const imports = [...text.matchAll(importPattern)].map((match) => ({
      target: match[3] ?? match[4] ?? '',
      typeOnly: match[2] !== undefined,
    }));
    return { path, folder: path.includes('/') ? (path.split('/')[0] as string) : '', text, imports };
  });

const ours = (file: SourceFile, target: string): string | null =>
  target.startsWith('.') ? relative(source, resolve(source, dirname(file.path), target)) : null;

const withoutComments = (text: string): string => text.replace(/\/\*[\s\S]*?\*\/|\/\/[^\n]*/g, '');

describe('the layout', () => {
  test('every folder is known', () => {
    expect(
      [...new Set(files.map(({ folder }) => folder))].filter((folder) => folder !== '' && !(folder in allowed)),
    ).toEqual([]);
  });

  test('imports point where the table allows', () => {
    const wrong = files.flatMap((file) =>
      file.imports.flatMap(({ target }) => {
        const path = ours(file, target);
        if (path === null || file.folder === '') return [];
        const folder = path.split('/')[0] as string;
        return folder === file.folder || allowed[file.folder]?.includes(folder) ? [] : [`${file.path} -> ${path}`];
      }),
    );
    expect(wrong).toEqual([]);
  });

  test('no imports go in a circle', () => {
    const graph = new Map(
      files.map((file) => [
        file.path,
        file.imports.filter(({ typeOnly }) => !typeOnly).flatMap(({ target }) => ours(file, target) ?? []),
      ]),
    );
    const done = new Set<string>();
    const circles: string[] = [];
    const visit = (path: string, trail: readonly string[]): void => {
      if (trail.includes(path)) {
        circles.push([...trail.slice(trail.indexOf(path)), path].join(' -> '));
        return;
      }
      if (done.has(path)) return;
      for (const next of graph.get(path) ?? []) visit(next, [...trail, path]);
      done.add(path);
    };
    for (const path of graph.keys()) visit(path, []);
    expect(circles).toEqual([]);
  });

  test('pure folders do no I/O and read no clock', () => {
    const forbidden =
      /from 'node:(?!crypto')|from 'react'|from 'ink'|Date\.now\(|performance\.now\(|Math\.random\(|\bprocess\.|\bconsole\./;
    // Writers of the schema files are programs of the build, not part of the library.
    const impure = files
      .filter(
        ({ folder, path, text }) =>
          pure.includes(folder) && !path.endsWith('/write-schema.ts') && forbidden.test(withoutComments(text)),
      )
      .map(({ path }) => path);
    expect(impure).toEqual([]);
  });

  test('ports hold types only', () => {
    const values = files
      .filter(({ folder, text }) => folder === 'ports' && /export (const|function|class|let)/.test(text))
      .map(({ path }) => path);
    expect(values).toEqual([]);
  });
});
