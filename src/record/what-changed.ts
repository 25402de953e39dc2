import type { FrameState, SessionState } from '../session/state.ts';
import type { DeploymentRecord } from './record.ts';

type Change = DeploymentRecord['change'];
type Found = Change['service'];

/** Names, most telling first, as inputs have them; captures are compared in the same form. */
const names = {
  service: ['service', 'service-name', 'app', 'app-name', 'application', 'component', 'deployment', 'deployment-name'],
  version: [
    ...['version', 'new-version', 'target-version', 'to-version', 'release-version', 'release', 'new-image', 'image'],
    ...['new-tag', 'image-tag', 'tag'],
  ],
  previousVersion: [
    ...['previous-version', 'old-version', 'current-version', 'from-version', 'last-good-version', 'previous-image'],
    ...['old-image', 'current-image', 'previous-tag', 'old-tag', 'previous-revision'],
  ],
  commit: ['commit', 'commit-sha', 'git-commit', 'git-sha', 'head-sha', 'sha'],
  pullRequest: ['pull-request', 'pr', 'merge-request', 'mr'],
  description: ['changes', 'change', 'description', 'release-notes', 'fix', 'summary', 'issue', 'problem'],
} as const;

export const environmentNames: readonly string[] = ['environment', 'env', 'stage'];

/** `P_NEW_VERSION`, `NEW_VERSION` and `new-version` are one name. */
const plainName = (name: string): string =>
  name
    .replace(/^P_/, '')
    .replaceAll(/[_.\s]+/g, '-')
    .toLowerCase();

const lookUp = (frames: readonly FrameState[], wanted: readonly string[]): Found => {
  for (const frame of frames) {
    for (const [kind, values] of [
      ['input', frame.inputs],
      ['capture', frame.captures],
    ] as const) {
      const known = new Map(
        Object.entries(values).map(([name, value]) => [plainName(name), { name, value: value.trim() }]),
      );
      for (const name of wanted) {
        const hit = known.get(name);
        if (hit !== undefined && hit.value !== '') return { value: hit.value, from: `${kind} ${hit.name}` };
      }
    }
  }
  return null;
};

/** Text of the first input or capture of that name in the frames that are not a rollback. */
export const recordedValue = (state: SessionState, wanted: readonly string[]): Found =>
  lookUp(
    state.frames.filter((frame) => frame.purpose !== 'rollback'),
    wanted,
  );

const ofWorkload = (state: SessionState): Found => {
  const workload = state.run?.target.workloads[0];
  return workload === undefined
    ? null
    : { value: workload.slice(workload.indexOf('/') + 1), from: `workload ${workload}` };
};

/** What was deployed in place of what: only values that were given or captured in the run, each with its origin. */
export const whatChanged = (state: SessionState): Change => {
  const find = (key: keyof typeof names): Found => recordedValue(state, names[key]);
  const repository = recordedValue(state, ['repo', 'repository']);
  const pullRequest = find('pullRequest');
  return {
    service: find('service') ?? ofWorkload(state),
    version: find('version'),
    previousVersion: find('previousVersion'),
    commit: find('commit'),
    pullRequest:
      pullRequest !== null && /^\d+$/.test(pullRequest.value)
        ? { ...pullRequest, value: `${repository?.value ?? ''}#${pullRequest.value}` }
        : pullRequest,
    description: find('description'),
  };
};
