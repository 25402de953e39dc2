import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Stands in for kubectl, gh, curl and docker on PATH: writes down its arguments and answers from a small world in a
 * file. Started as `fake-tool.ts DIRECTORY TOOL ARGUMENT…`.
 */

export interface FakeDeployment {
  replicas: number;
  ready: number;
  image: string;
  revision: number;
  /** Image of each revision. */
  history: Record<string, string>;
}

export interface FakeWorld {
  context: string;
  deployments: Record<string, FakeDeployment>;
  /** Deployments whose new pods never become ready. */
  broken: string[];
  /** What `gh … --jq` prints, by the first two arguments: `pr view`. */
  gh: Record<string, string>;
}

type Answer = { readonly out: string; readonly code: number };
const ok = (out = ''): Answer => ({ out, code: 0 });
const no = (out: string): Answer => ({ out, code: 1 });

const deploymentNames = (args: readonly string[]): readonly string[] =>
  args.flatMap((arg, i) => {
    if (arg.startsWith('deployment/')) return [arg.slice('deployment/'.length)];
    const isName = /^[a-z]/.test(arg) && args.slice(0, i).includes('deployment') && !/^-(?:n|o|l|L)$/.test(args[i - 1] ?? '');
    return isName ? [arg] : [];
  });

const option = (args: readonly string[], name: string): string | null =>
  args.find((arg) => arg.startsWith(`--${name}=`))?.slice(name.length + 3) ?? null;

const field = (deployment: FakeDeployment, path: string): string | null => {
  if (path === '{.spec.replicas}') return String(deployment.replicas);
  if (path === '{.status.readyReplicas}') return deployment.ready === 0 ? '' : String(deployment.ready);
  if (path === '{.spec.template.spec.containers[0].name}') return 'app';
  if (path === '{.spec.template.spec.containers[0].image}') return deployment.image;
  if (path === String.raw`{.metadata.annotations.deployment\.kubernetes\.io/revision}`) return String(deployment.revision);
  return null;
};

const get = (world: FakeWorld, args: readonly string[]): Answer => {
  const output = args[args.indexOf('-o') + 1] ?? '';
  if (!args.includes('-o') || !output.startsWith('jsonpath=')) return ok('NAME   READY\n');
  const path = output.slice('jsonpath='.length);
  const name = deploymentNames(args)[0];
  if (name === undefined) return ok();
  const deployment = world.deployments[name];
  if (deployment === undefined) return no(`Error from server (NotFound): deployments.apps "${name}" not found\n`);
  const value = field(deployment, path);
  return value === null ? no(`error: no answer for ${path}\n`) : ok(value);
};

const rollout = (world: FakeWorld, args: readonly string[]): Answer => {
  const name = deploymentNames(args)[0] ?? '';
  const deployment = world.deployments[name];
  if (deployment === undefined) return no(`Error from server (NotFound): deployments.apps "${name}" not found\n`);
  if (args[1] === 'history') return ok('REVISION  CHANGE-CAUSE\n');
  if (args[1] === 'status') {
    return deployment.ready === deployment.replicas ? ok(`deployment "${name}" successfully rolled out\n`) : no('error: timed out waiting for the condition\n');
  }
  const wanted = Number(option(args, 'to-revision') ?? '0') || deployment.revision - 1;
  const image = deployment.history[wanted];
  if (image === undefined) return no(`error: unable to find specified revision ${wanted} in history\n`);
  if (image === deployment.image) return ok(`deployment.apps/${name} skipped rollback (current template already matches revision ${wanted})\n`);
  setImage(deployment, image);
  return ok(`deployment.apps/${name} rolled back\n`);
};

const setImage = (deployment: FakeDeployment, image: string): void => {
  deployment.image = image;
  deployment.revision += 1;
  deployment.history[deployment.revision] = image;
};

const kubectl = (world: FakeWorld, args: readonly string[]): Answer => {
  const name = deploymentNames(args)[0] ?? '';
  const deployment = world.deployments[name];
  switch (args[0]) {
    case 'config':
      return ok(`${world.context}\n`);
    case 'get':
      return get(world, args);
    case 'rollout':
      return rollout(world, args);
    case 'scale': {
      if (deployment === undefined) return no(`Error from server (NotFound): deployments.apps "${name}" not found\n`);
      deployment.replicas = Number(option(args, 'replicas'));
      deployment.ready = world.broken.includes(name) ? Math.min(deployment.ready, deployment.replicas) : deployment.replicas;
      return ok(`deployment.apps/${name} scaled\n`);
    }
    case 'set': {
      const image = args.find((arg) => arg.startsWith('app='))?.slice('app='.length);
      if (deployment === undefined || image === undefined) return no('error: unable to find container\n');
      if (deployment.image === image) return ok();
      setImage(deployment, image);
      return ok(`deployment.apps/${name} image updated\n`);
    }
    case 'wait':
      return ok('condition met\n');
    case 'patch':
      return ok('service/checkout patched\n');
    case 'apply':
      return ok('deployment.apps/checkout-canary configured\n');
    default:
      return ok(args[0] === 'auth' ? 'yes\n' : '');
  }
};

const [directory, tool, ...args] = process.argv.slice(2);
if (directory !== undefined && tool !== undefined) {
  const file = join(directory, 'world.json');
  const world = JSON.parse(readFileSync(file, 'utf8')) as FakeWorld;
  const answer = tool === 'kubectl' ? kubectl(world, args) : ok(tool === 'gh' ? (world.gh[args.slice(0, 2).join(' ')] ?? '') : '');
  writeFileSync(file, JSON.stringify(world));
  const ready = Object.values(world.deployments).reduce((sum, deployment) => sum + deployment.ready, 0);
  appendFileSync(join(directory, 'calls.jsonl'), `${JSON.stringify({ tool, args, ready })}\n`);
  (answer.code === 0 ? process.stdout : process.stderr).write(answer.out);
  process.exitCode = answer.code;
}
