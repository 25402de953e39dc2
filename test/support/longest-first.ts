import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Files that take minutes, the longest first; most of that they wait. */
const longest = [
  'live/stories/canary',
  'live/stories/canary-spike',
  'live/stories/frozen-holder',
  'live/stories/argo-rollouts',
  'live/stories/blue-green',
  'live/stories/blue-green-end',
  'live/stories/hotfix-metrics',
  'live/stories/outage',
  'live/stories/recreate',
  'live/stories/rolling',
  'live/stories/scrape-killed',
  'live/stories/bad-image',
  'live/stories/crash-loop',
  'live/stories/out-of-memory',
  'live/lock-story',
  'live/stories/server-faults',
  'live/watch',
  'live/stories/foreign-change',
  'live/watch-command',
  'stories/hotfix-gates',
  'program/kills',
  'bad-inputs/values',
  'stories/watch',
  'bad-inputs/cluster',
  'bad-inputs/regressions',
  'stories/stage-back',
  'stories/take-over',
].map((name) => `/test/${name}.test.ts`);

/** Begun last, a file of five minutes would be waited for alone; without a cache vitest begins with the largest text. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification): number => {
      const index = longest.findIndex((path) => moduleId.endsWith(path));
      return index === -1 ? longest.length : index;
    };
    return (await super.sort(files)).toSorted((one, other) => rank(one) - rank(other));
  }
}
