import { type BoundedResult, runBounded } from './bounded-run.ts';
import type { Environment } from './environment.ts';

/** A panel shows a few lines; a check reads one answer. */
const outputLimit = 1 << 20;

/** `cat` gives the script a pipe where it would get a socket, on which `tee /dev/stderr` fails; the status stays the script's. */
const outer = 'bash --noprofile --norc -euo pipefail -c "$1" bash 2>&1 | cat; exit "$PIPESTATUS"';

/** Runs a read command for its answer, stdout and stderr in the order they were written. */
export const probe = async (
  script: string,
  environment: Environment,
  cwd: string,
  timeoutMs: number,
): Promise<Pick<BoundedResult, 'exit' | 'timedOut'> & { readonly output: string }> => {
  const result = await runBounded({
    file: 'bash',
    args: ['--noprofile', '--norc', '-c', outer, 'bash', script],
    environment,
    cwd,
    input: null,
    timeoutMs,
    limitBytes: outputLimit,
  });
  return { exit: result.exit, timedOut: result.timedOut, output: result.stdout.toString('utf8') };
};
