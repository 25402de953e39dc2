import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** The files that take minutes, the longest first; most of that they wait. */
const longest = [
  'stories/canary',
  'stories/canary-spike',
  'stories/frozen-holder',
  'stories/canary',
  'stories/argo-rollouts',
  'stories/blue-green',
  'stories/blue-green-end',
  'stories/outage',
  'stories/hotfix-metrics',
  'stories/recreate',
  'stories/rolling',
  'stories/bad-image',
  'stories/crash-loop',
  'stories/out-of-memory',
  'lock-story',
  'stories/server-faults',
  'watch',
  'stories/foreign-change',
  'watch-command',
].map((name) => `/test/live/${name}.test.ts`);

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
