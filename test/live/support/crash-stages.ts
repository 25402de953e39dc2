import { behaviour, endsWith, type Stage } from './stage-model.ts';
import { crashLoop, type Exit, ended, running, runningAgain, waiting } from './stage-templates.ts';

/** Runs for a while (or not at all), ends, is started again after ever the same back-off, ends again. */
export const crashes = (name: string, exit: Exit): Stage[] => {
  const image = endsWith(`${name}(-after-[0-9]+s)?`);
  const lives = 'any(.spec.containers[]; .image | test("after-[0-9]+s$"))';
  const after = '[.spec.containers[].image | capture("after-(?<time>[0-9]+s)$").time][0]';
  const restarts = '.spec.restartPolicy != "Never"';
  const up = { phase: 'Running', ready: false } as const;
  const event = ['BackOff', 'Back-off restarting failed container'] as const;
  const over = ended(exit);
  return behaviour(name, image, [
    { to: 'runs', from: ['New'], delay: {}, when: lives, look: { phase: 'Running', ready: true, container: running } },
    { to: 'ends', from: ['Ready'], delay: { ms: 1000, from: after }, look: { ...up, container: over } },
    {
      to: 'ends-at-once',
      from: ['New'],
      delay: { ms: 300 },
      when: `(${lives} | not) and (${restarts})`,
      look: { ...up, container: over },
    },
    {
      to: 'fails',
      from: ['New'],
      delay: { ms: 500 },
      when: `(${lives} | not) and (${restarts} | not)`,
      look: { phase: 'Failed', ready: false, container: over },
    },
    {
      to: 'backs-off',
      from: [exit.reason],
      delay: { ms: 700 },
      event,
      when: restarts,
      look: { ...up, restarted: 1, container: crashLoop(exit) },
    },
    {
      to: 'runs-again',
      from: ['CrashLoopBackOff'],
      delay: { ms: 4000 },
      look: { ...up, restarted: 1, container: runningAgain },
    },
    { to: 'ends-again', from: ['Running'], delay: { ms: 1000 }, event, look: { ...up, container: crashLoop(exit) } },
  ]);
};

const startError: Exit = {
  code: 128,
  reason: 'StartError',
  message:
    'failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: error during container init: exec: "/app/serve": stat /app/serve: no such file or directory: unknown',
};

/** The container's program is not there. */
export const cannotStart = (): Stage[] => {
  const up = { phase: 'Running', ready: false } as const;
  const failed = ['Failed', `Error: ${startError.message}`] as const;
  const event = ['BackOff', 'Back-off restarting failed container'] as const;
  const before = 'lastState: {{ $old.lastState | toJson }}';
  return behaviour('start-error', endsWith('start-error'), [
    {
      to: 'ends',
      from: ['New'],
      delay: { ms: 300 },
      event: failed,
      look: { ...up, container: ended(startError) },
    },
    {
      to: 'backs-off',
      from: ['StartError'],
      delay: { ms: 700 },
      event,
      look: { ...up, restarted: 1, container: crashLoop(startError) },
    },
    {
      to: 'tries-again',
      from: ['CrashLoopBackOff'],
      delay: { ms: 4000 },
      event: failed,
      look: { ...up, restarted: 1, container: `${waiting('RunContainerError', startError.message)}\n  ${before}` },
    },
    {
      to: 'fails-again',
      from: ['RunContainerError'],
      delay: { ms: 700 },
      event,
      look: { ...up, container: crashLoop(startError) },
    },
  ]);
};

/** An init container that ends with exit 1 again and again. */
export const initCrashes = (): Stage[] => {
  const exit: Exit = { code: 1, reason: 'Error' };
  const look = { phase: 'Pending', ready: false, init: true } as const;
  const event = ['BackOff', 'Back-off restarting failed container'] as const;
  return behaviour('init-crash', endsWith('crash'), [
    { to: 'ends', from: ['New'], delay: { ms: 300 }, look: { ...look, container: ended(exit) } },
    {
      to: 'backs-off',
      from: ['Error'],
      delay: { ms: 700 },
      event,
      look: { ...look, restarted: 1, container: crashLoop(exit) },
    },
    {
      to: 'runs-again',
      from: ['CrashLoopBackOff'],
      delay: { ms: 4000 },
      look: { ...look, restarted: 1, container: runningAgain },
    },
    { to: 'ends-again', from: ['Running'], delay: { ms: 1000 }, event, look: { ...look, container: crashLoop(exit) } },
  ]);
};
