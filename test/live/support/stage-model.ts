import { type PodLook, podStatus } from './stage-templates.ts';

/** kwok's description of what happens to an object in some state. */
export interface Stage {
  readonly apiVersion: 'kwok.x-k8s.io/v1alpha1';
  readonly kind: 'Stage';
  readonly metadata: { readonly name: string };
  readonly spec: object;
}

export interface Delay {
  readonly ms?: number;
  /** jq over the pod; a duration such as `8s`. */
  readonly from?: string;
}

export interface Step {
  readonly to: string;
  /** States (see `stateOf`) in which it is taken. */
  readonly from: readonly string[];
  readonly delay: Delay;
  readonly event?: readonly [reason: string, message: string];
  readonly look: Omit<PodLook, 'image'>;
  /** Further jq conditions that must be true. */
  readonly when?: string;
}

/** Regular expression of an image that ends with one of the words. */
export const endsWith = (words: string): string => `[:-](${words})$`;
/** jq: the state of the container that is meant: New, a waiting or terminated reason, Running (not ready) or Ready. */
const stateOf = (image: string, spec = 'containers', status = 'containerStatuses'): string =>
  `if .metadata.deletionTimestamp != null or .status.phase == "Failed" then "Over"
   elif any((.spec.${spec} // [])[]; .image | test(${JSON.stringify(image)})) | not then "Another"
   elif .status.${status} == null then "New"
   else first(.status.${status}[] | select(.image | test(${JSON.stringify(image)}))
     | .state.waiting.reason // .state.terminated.reason // (if .ready then "Ready" else "Running" end)) end`;

export const isIn = (key: string, values: readonly string[]): object => ({ key, operator: 'In', values });

export const stage = (name: string, conditions: readonly object[], delay: Delay, next: object): Stage => ({
  apiVersion: 'kwok.x-k8s.io/v1alpha1',
  kind: 'Stage',
  metadata: { name },
  spec: {
    resourceRef: { apiGroup: 'v1', kind: 'Pod' },
    selector: { matchExpressions: conditions },
    delay: {
      durationMilliseconds: delay.ms ?? 0,
      ...(delay.from ? { durationFrom: { expressionFrom: delay.from } } : {}),
    },
    next,
  },
});

export const warning = (event: Step['event']): object =>
  event ? { event: { type: 'Warning', reason: event[0], message: event[1] } } : {};

/** The stages of pods with such an image. */
export const behaviour = (name: string, image: string, steps: readonly Step[]): Stage[] =>
  steps.map(({ to, from, delay, event, look, when }) => {
    const state = look.init ? stateOf(image, 'initContainers', 'initContainerStatuses') : stateOf(image);
    const conditions = [isIn(state, from), ...(when ? [isIn(when, ['true'])] : [])];
    return stage(`${name}-${to}`, conditions, delay, {
      ...warning(event),
      statusTemplate: podStatus({ ...look, image }),
    });
  });
