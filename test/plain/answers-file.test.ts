import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { readAnswers } from '../../src/plain/answers.ts';
import { exitCodes } from '../../src/text/errors.ts';

const folder = async (): Promise<string> => {
  const made = await mkdtemp(join(tmpdir(), 'gonogo-test-'));
  onTestFinished(() => rm(made, { recursive: true }));
  return made;
};

test('an empty answers file is refused, and does not stand for no answers', async () => {
  const path = join(await folder(), 'answers.yaml');
  await writeFile(path, '\n');
  const refused = { code: 'E510', place: path, exit: exitCodes.usage, message: 'the answers file is empty' };
  await expect(readAnswers(path)).rejects.toMatchObject(refused);
});

test('answers from anything but a regular file are refused: it could be read only once', async () => {
  await expect(readAnswers('/dev/null')).rejects.toMatchObject({
    code: 'E510',
    exit: exitCodes.usage,
    message: 'the answers are not in a regular file',
  });
  const path = await folder();
  await expect(readAnswers(path)).rejects.toMatchObject({ code: 'E510', place: path });
});

test('answers that say only what happens without one are answers', async () => {
  const path = join(await folder(), 'answers.yaml');
  await writeFile(path, 'default: enter\n');
  await expect(readAnswers(path)).resolves.toEqual({ inputs: {}, steps: {}, default: 'enter' });
});
