import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { Workspace } from '../support/workspace.ts';

const place = new Workspace();
afterAll(() => place.close());

/** As a user starts it: nothing says where compiled code is kept. */
const start = (set: string): ReturnType<Workspace['sh']> =>
  place.sh(`unset NODE_COMPILE_CACHE; mkdir -p tmp; export TMPDIR=$PWD/tmp ${set}; gonogo list`);

describe('compiled code', () => {
  test("is kept in the user's own folder, never in the temporary one that others write to", () => {
    expect(start('').code).toBe(0);
    expect(readdirSync(join(place.home, '.cache'))).toEqual(['gonogo-compiled']);
    expect(readdirSync(join(place.work, 'tmp'))).toEqual([]);
    expect(start(`XDG_CACHE_HOME=${join(place.folder, 'cache')}`).code).toBe(0);
    expect(readdirSync(join(place.folder, 'cache'))).toEqual(['gonogo-compiled']);
  });

  test('is left out where there is no folder for it', () => {
    const nowhere = join(place.folder, 'nowhere');
    for (const home of [place.write('a-file', ''), nowhere]) {
      const { code, out, err } = start(`HOME=${home}`);
      expect(out).toContain('hotfix');
      expect(err).toBe('');
      expect(code).toBe(0);
    }
    expect(existsSync(nowhere)).toBe(false);
    expect(readdirSync(join(place.work, 'tmp'))).toEqual([]);
  });
});
