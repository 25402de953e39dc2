import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { safeText } from '../../text/safe-text.ts';

/** Prints a text without borders on the normal screen, to be selected by hand, until a key. */
export const printOut = async (text: string, stdin: NodeJS.ReadStream, stdout: NodeJS.WriteStream): Promise<void> => {
  stdout.write(
    `\r\n${safeText(text.trimEnd()).replaceAll('\n', '\r\n')}\r\n\r\n(copied where the terminal allows it; any key goes back)\r\n`,
  );
  stdin.setRawMode(true);
  stdin.ref();
  // Read as the screen reads: a paused stream would not be read again afterwards.
  await new Promise<void>((resolve) => {
    const onReadable = (): void => {
      if (stdin.read() === null) return;
      stdin.off('readable', onReadable);
      resolve();
    };
    stdin.on('readable', onReadable);
  });
  stdin.setRawMode(false);
};

/** The text after the operator's own editor; null when it ended with an error or is not set. */
export const editElsewhere = async (
  text: string,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<string | null> => {
  const editor = environment.VISUAL || environment.EDITOR || 'vi';
  const folder = await mkdtemp(join(tmpdir(), 'gonogo-'));
  const file = join(folder, 'command.sh');
  try {
    await writeFile(file, `${text}\n`, { mode: 0o600 });
    const code = await new Promise<number | null>((resolve) => {
      const child = spawn('sh', ['-c', `${editor} "$1"`, 'sh', file], { stdio: 'inherit' });
      child.once('error', () => resolve(null));
      child.once('exit', resolve);
    });
    return code === 0 ? await readFile(file, 'utf8') : null;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};
