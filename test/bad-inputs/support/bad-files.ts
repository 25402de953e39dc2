import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openRunbook } from '../../../src/commands/open-runbook.ts';
import { Workspace } from '../../support/workspace.ts';
import { expectNothingRaw } from './raw.ts';

/** A file that `gonogo check` must complain about, and how. */
export interface BadFile {
  /** Number in the list of bad inputs, then what is wrong. */
  readonly title: string;
  /** `x.yaml` for the YAML notation; Markdown when left out. */
  readonly ending?: '.md' | '.yaml';
  readonly text: string | Uint8Array;
  /** `line:column: code`, as an editor can jump to; `*` for a column that does not matter. */
  readonly place: string;
  readonly says: string | RegExp;
  /** What to do about it. */
  readonly next: string | RegExp;
}

const nameOf = ({ ending = '.md' }: BadFile, index: number): string => `${String(index).padStart(3, '0')}${ending}`;

const wordsOf = (part: string | RegExp): RegExp =>
  typeof part === 'string' ? new RegExp(part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')) : part;

/** One test a file, all of them from one `gonogo check` of their folder. */
export const describeBadFiles = (what: string, files: readonly BadFile[]): void => {
  describe(what, () => {
    const workspace = new Workspace();
    let checked: ReturnType<Workspace['gonogo']>;
    afterAll(() => workspace.close());
    beforeAll(() => {
      for (const [index, file] of files.entries()) {
        const path = join(workspace.work, nameOf(file, index));
        mkdirSync(dirname(path), { recursive: true });
        writeFileSync(path, file.text);
      }
      checked = workspace.gonogo(['check', '.']);
    });

    test('everything is reported, nothing raw is printed', () => {
      expect(checked.err).toBe('');
      expect(checked.code).toBe(files.some(isError) ? 2 : 0);
      expectNothingRaw(checked.out);
    });

    test.each(files.map((file, index) => [file.title, file, nameOf(file, index)] as const))(
      '%s',
      async (_, file, name) => {
        const place = new RegExp(`^${name}:${file.place.replace('*', '[0-9]+')} `);
        const line = checked.out.split('\n').find((one) => place.test(one));
        expect(
          line,
          checked.out
            .split('\n')
            .filter((one) => one.startsWith(name))
            .join('\n'),
        ).toBeDefined();
        const rest = line?.replace(place, '') ?? '';
        expect(rest).toMatch(wordsOf(file.says));
        expect(rest).toMatch(wordsOf(file.next));
        const opening = openRunbook(join(workspace.work, name), 'auto');
        if (isError(file))
          await expect(opening).rejects.toMatchObject({ exit: 2, message: expect.stringContaining(codeOf(file)) });
        else await expect(opening).resolves.toBeDefined();
      },
    );
  });
};

const codeOf = ({ place }: BadFile): string => place.split(' ')[1] ?? '';
const isError = (file: BadFile): boolean => codeOf(file).startsWith('E');
