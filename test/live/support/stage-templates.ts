/**
 * Go templates of pod statuses, as kwok renders them (sprig functions, `Now`, `PodIPWith`).
 * In a container's part `.` is the container of the spec, `$root` the pod, `$old` its status before, `$restarts` and `$after` the restarts before and now.
 */

/** The `_namespace(uid)` form in which the kubelet names a pod. */
const podName = '{{ $root.metadata.name }}_{{ $root.metadata.namespace }}({{ $root.metadata.uid }})';

const containerId =
  '{{ printf "containerd://%s" (sha256sum (printf "%v%v%v" $root.metadata.uid .name $restarts)) | toJson }}';

/** `state: {waiting: …}` with a message that may itself be a template. */
export const waiting = (reason: string, message?: string): string =>
  message === undefined
    ? `state: {waiting: {reason: ${reason}}}`
    : `state: {waiting: {reason: ${reason}, message: {{ \`${message}\` | replace "IMAGE" .image | toJson }}}}`;

export const running = 'state: {running: {startedAt: {{ $now | toJson }}}}\n  started: true';

export interface Exit {
  readonly code: number;
  readonly reason: string;
  readonly message?: string;
}

const terminated = ({ code, reason, message }: Exit): string =>
  `{terminated: {exitCode: ${code}, reason: ${reason}, ${message ? `message: ${JSON.stringify(message)}, ` : ''}` +
  `startedAt: {{ $startedAt | toJson }}, finishedAt: {{ $now | toJson }}, containerID: ${containerId}}}`;

/** The container ended just now. */
export const ended = (exit: Exit): string => `state: ${terminated(exit)}\n  started: false`;

const backOff = '{{ index (list "10s" "20s" "40s" "1m20s" "2m40s" "5m0s") (int (min 5 (max 0 (sub $after 1)))) }}';

/** The kubelet waits before it starts the container again; `lastState` is how it ended. */
export const crashLoop = (exit: Exit): string =>
  [
    `state: {waiting: {reason: CrashLoopBackOff, message: "back-off ${backOff} restarting failed container={{ .name }} pod=${podName}"}}`,
    `  lastState: ${terminated(exit)}`,
    '  started: false',
  ].join('\n');

/** Running again after a crash; keeps how it ended before. */
export const runningAgain = `${running}\n  lastState: {{ $old.lastState | toJson }}`;

export interface PodLook {
  readonly phase: 'Pending' | 'Running' | 'Failed' | 'Succeeded';
  readonly ready: boolean;
  /** Which containers are meant (a regular expression on the image); the others run and are ready. */
  readonly image: string;
  /** Lines of the meant container's status, without name, image, restartCount, ready. */
  readonly container: string;
  /** How many times more it was restarted than before. */
  readonly restarted?: number;
  /** The meant containers are init containers. */
  readonly init?: boolean;
  /** Further lines of the status. */
  readonly extra?: string;
}

const condition = (type: string, isTrue: boolean, reason?: string, message?: string): string =>
  `- {type: ${type}, status: "${isTrue ? 'True' : 'False'}", lastProbeTime: null, ` +
  `${reason ? `reason: ${reason}, message: ${message}, ` : ''}` +
  `lastTransitionTime: {{ or (get $since "${type}=${isTrue ? 'True' : 'False'}") $now | toJson }}}`;

const conditions = ({ phase, ready, init }: PodLook): string => {
  const done = phase === 'Succeeded';
  const unready = (kind: string): readonly [string, string] =>
    done ? ['PodCompleted', '""'] : ['ContainersNotReady', `"containers with ${kind} status: [{{ $names }}]"`];
  return [
    condition('PodReadyToStartContainers', true),
    init
      ? condition(
          'Initialized',
          false,
          'ContainersNotInitialized',
          '"containers with incomplete status: [{{ $initNames }}]"',
        )
      : condition('Initialized', true),
    ready ? condition('Ready', true) : condition('Ready', false, ...unready('unready')),
    ready ? condition('ContainersReady', true) : condition('ContainersReady', false, ...unready('unready')),
    condition('PodScheduled', true),
    ready
      ? '{{ range .spec.readinessGates }}\n- {type: {{ .conditionType }}, status: "True", lastTransitionTime: {{ $now | toJson }}}\n{{ end }}'
      : '',
  ].join('\n');
};

const head = `
{{ $now := Now }}
{{ $root := . }}
{{ $since := dict }}
{{ range .status.conditions }}{{ $_ := set $since (printf "%s=%s" .type .status) .lastTransitionTime }}{{ end }}
{{ $meant := list }}
{{ range .spec.containers }}{{ if regexMatch MEANT .image }}{{ $meant = append $meant .name }}{{ end }}{{ end }}
{{ $names := join " " $meant }}
{{ $inits := list }}
{{ range .spec.initContainers }}{{ $inits = append $inits .name }}{{ end }}
{{ $initNames := join " " $inits }}`;

const oldStatus = (list: string): string => `
{{ $name := .name }}
{{ $old := dict }}
{{ range $root.status.${list} }}{{ if eq .name $name }}{{ $old = . }}{{ end }}{{ end }}
{{ $restarts := int (or $old.restartCount 0) }}
{{ $startedAt := $now }}
{{ with $old.state }}{{ with .running }}{{ $startedAt = .startedAt }}{{ end }}{{ end }}`;

const oneContainer = (look: PodLook, list: string, otherwise: string): string => `${oldStatus(list)}
{{ $after := add $restarts ${look.restarted ?? 0} }}
- name: {{ .name | toJson }}
  image: {{ .image | toJson }}
  {{ if regexMatch MEANT .image }}
  imageID: ""
  ready: ${look.ready}
  restartCount: {{ $after }}
  ${look.container}
  {{ else }}
  imageID: ""
  restartCount: 0
  ${otherwise}
  {{ end }}`;

const fine = `ready: true\n  ${running}`;
const initialised =
  'ready: true\n  state: {terminated: {exitCode: 0, reason: Completed, startedAt: {{ $now | toJson }}, finishedAt: {{ $now | toJson }}}}';

const containers = (look: PodLook): string =>
  look.init
    ? `initContainerStatuses:
{{ range .spec.initContainers }}${oneContainer(look, 'initContainerStatuses', initialised)}
{{ end }}
containerStatuses:
{{ range .spec.containers }}
- {name: {{ .name | toJson }}, image: {{ .image | toJson }}, imageID: "", ready: false, restartCount: 0, started: false, state: {waiting: {reason: PodInitializing}}}
{{ end }}`
    : `{{ with .spec.initContainers }}
initContainerStatuses:
{{ range . }}
- name: {{ .name | toJson }}
  image: {{ .image | toJson }}
  imageID: ""
  restartCount: 0
  {{ if eq (or .restartPolicy "") "Always" }}${`\n  ${fine}`}{{ else }}${`\n  ${initialised}`}
  {{ end }}
{{ end }}
{{ end }}
containerStatuses:
{{ range .spec.containers }}${oneContainer(look, 'containerStatuses', fine)}
{{ end }}`;

/** The template of a whole pod status. */
export const podStatus = (look: PodLook): string =>
  `${head}
phase: ${look.phase}
startTime: {{ or .status.startTime $now | toJson }}
hostIP: {{ NodeIPWith .spec.nodeName | toJson }}
podIP: {{ or .status.podIP ( PodIPWith .spec.nodeName ( or .spec.hostNetwork false ) ( or .metadata.uid "" ) ( or .metadata.name "" ) ( or .metadata.namespace "" ) ) | toJson }}
conditions:
${conditions(look)}
${containers(look)}
${look.extra ?? ''}
`.replaceAll('MEANT', JSON.stringify(look.image));
