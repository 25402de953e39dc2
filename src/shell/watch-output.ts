import type { OutputWatch } from '../ports/commands.ts';
import { attemptPaths } from './attempt-files.ts';
import { followOutput, type OutputFollower } from './output-follower.ts';
import { readOutput } from './output-summary.ts';

const tickMs = 100;

/** Watches the spools of a run that another process walks. */
export const watchOutput = (runDir: string): OutputWatch => {
  const followers = new Set<OutputFollower>();
  const timer = setInterval(() => {
    for (const follower of followers) follower.look(false);
  }, tickMs);
  return {
    follow(attempt, listener) {
      const follower = followOutput(attemptPaths(runDir, attempt));
      follower.onOutput(listener);
      follower.look(false);
      followers.add(follower);
      return () => {
        if (!followers.delete(follower)) return;
        follower.look(false);
        follower.close();
      };
    },
    output: async (attempt) => readOutput(attemptPaths(runDir, attempt).spool),
    close() {
      clearInterval(timer);
      for (const follower of followers) follower.close();
      followers.clear();
    },
  };
};
