import { basename } from 'node:path';
import { runBounded } from './bounded-run.ts';
import type { Environment } from './environment.ts';

const checkers: Readonly<Record<string, readonly string[]>> = {
  bash: ['--noprofile', '--norc', '-n'],
  sh: ['-n'],
  dash: ['-n'],
  ksh: ['-n'],
  zsh: ['-f', '-n'],
};

/** bash `bash: line 3: …`, dash `sh: 3: …`, zsh `zsh:3: …`. The first that is not a warning. */
const firstProblem = (stderr: string): { readonly line: number; readonly message: string } | null => {
  for (const text of stderr.split('\n')) {
    const found = /^[^:\n]*:\s*(?:line )?(\d+):\s*(.+)$/.exec(text);
    if (found !== null && !/^warning:/.test(found[2] as string)) {
      return { line: Number(found[1]), message: (found[2] as string).trim() };
    }
  }
  return null;
};

/** Parses the script without running it; null when it parses, or when nobody here can tell (another interpreter). */
export const checkSyntax = async (
  shell: string,
  script: string,
  environment: Environment,
): Promise<{ readonly line: number; readonly message: string } | null> => {
  const args = checkers[basename(shell)];
  if (args === undefined) return null;
  const result = await runBounded({
    file: shell,
    args,
    environment: { PATH: environment.PATH ?? '/usr/bin:/bin', LC_ALL: 'C.UTF-8' },
    cwd: '/',
    input: script,
    timeoutMs: 5_000,
    limitBytes: 65_536,
  });
  if (result.exit === 0 || result.exit === null) return null;
  const stderr = result.stderr.toString('utf8');
  return (
    firstProblem(stderr) ?? {
      line: 1,
      message: stderr.trim().split('\n')[0] || `${shell} -n ended with ${result.exit}`,
    }
  );
};
