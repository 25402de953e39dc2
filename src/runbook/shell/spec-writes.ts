import { forEachChild, parse, type SyntaxNode } from 'unbash';
import type { SpecWrite } from '../../gates/workload.ts';
import { classify, type Region } from './classify.ts';
import { expanded, type Values } from './expanded.ts';
import { type KnownText, parseArguments } from './phrases.ts';
import { toolNamed } from './tables/index.ts';
import { variablesOf } from './variables.ts';
import { isWorse, read, type Verdict } from './verdict.ts';
import { type Seen, walk } from './walk.ts';

/** What a script can write into the specs of workloads, once for each entry; null when that cannot be told. */
export const specWrites = (script: string, shell: string, values: Values): readonly SpecWrite[] | null => {
  if (!/^(.*\/)?(ba|z|da|k|a)?sh$/.test(shell)) return null;
  try {
    const tree = parse(script);
    const walked = walk(tree);
    if (walked.errors.length > 0 || repeats(tree)) return null;
    // What the script sets itself has no value before it runs.
    const own = new Set(variablesOf(tree, new Set()).sets);
    const known = Object.fromEntries(Object.entries(values).filter(([name]) => !own.has(name)));
    const changing = walked.seen.filter(isChange);
    // A command that is not known by its name is seen by its verdict alone.
    if (walked.verdicts.filter(isDoing).length > changing.length) return null;
    const writes = changing.map((seen) => writesOf(seen, known));
    return writes.some((one) => one === null) ? null : writes.flatMap((one) => one ?? []);
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
};

const repeating: ReadonlySet<SyntaxNode['type']> = new Set(['For', 'While', 'Select', 'Function', 'Coproc']);

const repeats = (node: SyntaxNode): boolean => {
  if (repeating.has(node.type)) return true;
  let found = false;
  forEachChild(node, (child) => {
    found ||= repeats(child);
  });
  return found;
};

const isDoing = ({ risk, because }: Verdict): boolean =>
  risk !== 'read' && because?.endsWith(': writes a file') !== true;

/** The command itself changes something; one that starts another leaves it to that one. */
const isChange = ({ call }: Seen): boolean => {
  let worst = read;
  let started = 0;
  let code = 0;
  classify(call, {
    verdict: (verdict) => {
      if (isWorse(verdict.risk, worst.risk)) worst = verdict;
    },
    mark: () => undefined,
    program: () => undefined,
    code: (_text: string, _regions: readonly Region[]) => {
      code += 1;
    },
    foreign: () => undefined,
    isFunction: () => false,
    downloads: () => false,
    seen: () => {
      started += 1;
    },
  });
  return worst.risk !== 'read' && started === 1 && code === 0;
};

const workloadKind = /^(deploy|deployments?|sts|statefulsets?|ds|daemonsets?|rs|replicasets?|jobs?|rollouts?)(\.|$)/i;
/** No controller writes a workload's spec because one of these changed, but an autoscaler, which is known by its name. */
const otherKind =
  /^(svc|services?|ing|ingress(es)?|cm|configmaps?|secrets?|po|pods?|no|nodes?|ns|namespaces?|hpa|horizontalpodautoscalers?|pdb|poddisruptionbudgets?|endpoints?|ep|netpol|networkpolic(y|ies)|sa|serviceaccounts?|pvc|persistentvolumeclaims?|cj|cronjobs?|lease|leases)(\.|$)/i;

const writesOf = ({ name, call, remote }: Seen, values: Values): readonly SpecWrite[] | null => {
  if (remote) return null;
  const args = call.args.slice(1).map((arg) => (arg.word === null ? arg.value : expanded(arg.word, values)));
  if (name === 'helm') return helmWrites(args);
  if (!['kubectl', 'k', 'kubecolor', 'oc'].includes(name)) return null;
  const tool = toolNamed('kubectl');
  if (tool === null) return null;
  const { options, words } = parseArguments(tool, args);
  const [verb, ...rest] = words;
  if (verb === 'argo')
    return rest[0] === 'rollouts' && rest[1] === 'set' && rest[2] === 'image'
      ? [{ names: namesIn(rest.slice(3, 4)), changes: 'images', images: imagesIn(rest.slice(4)) }]
      : null;
  if (options.some((option) => ['-l', '--selector', '--all', '-k', '--kustomize'].includes(option.name)))
    return [anything(null)];
  if (verb === 'apply' || verb === 'create' || verb === 'replace') {
    const isAnew = options.some((option) => option.name === '--force');
    return isAnew ? [anything(null), anything(null)] : [anything(null)];
  }
  if (verb === 'cp' || verb === 'config') return [];
  return kubectlWrites(
    verb ?? null,
    rest,
    options.some(({ name: option }) => option === '-f' || option === '--filename'),
  );
};

const helmWrites = (args: readonly KnownText[]): readonly SpecWrite[] | null => {
  const write = anything(null);
  const isTakenBack = args.some((arg) => arg === null || /^--(atomic|rollback-on-failure|force.*)$/.test(arg));
  const verb = args.find((arg) => arg !== null && /^(upgrade|install|rollback|uninstall|delete|repo|pull)$/.test(arg));
  if (verb === undefined) return null;
  return verb === 'repo' || verb === 'pull' ? [] : isTakenBack ? [write, write] : [write];
};

/** Verbs that name their objects: `deployment/checkout`, `deployment checkout`. */
const kubectlWrites = (
  verb: string | null,
  words: readonly KnownText[],
  isFile: boolean,
): readonly SpecWrite[] | null => {
  const verbs = ['set', 'scale', 'rollout', 'patch', 'edit', 'delete', 'annotate', 'label', 'autoscale', 'expose'];
  if (verb === null || !verbs.includes(verb)) return null;
  const sub = verb === 'set' || verb === 'rollout' ? (words[0] ?? null) : null;
  const objects = words.slice(verb === 'set' || verb === 'rollout' ? 1 : 0);
  const kind = objects[0]?.split('/')[0] ?? null;
  if (!isFile && kind !== null && otherKind.test(kind)) return [];
  // Of any other kind: its controller may write workloads as often as it likes.
  if (!isFile && (kind === null || !workloadKind.test(kind))) return kind === null ? [anything(null)] : null;
  const names = isFile ? null : namesIn(objects.filter((word) => word === null || !/=|-$/.test(word)));
  if (verb === 'set' && sub === 'image')
    return [
      { names, changes: 'images', images: imagesIn(objects.filter((word) => word === null || word.includes('='))) },
    ];
  if (verb === 'scale') return [{ names, changes: 'replicas', images: null }];
  if (verb === 'rollout' && (sub === 'pause' || sub === 'resume')) return [{ names, changes: 'paused', images: null }];
  if (verb === 'rollout' && sub === 'restart') return [{ names, changes: 'template', images: null }];
  return verb === 'expose' || verb === 'autoscale' ? [] : [anything(names)];
};

const anything = (names: readonly string[] | null): SpecWrite => ({ names, changes: 'anything', images: null });

const namesIn = (objects: readonly KnownText[]): readonly string[] | null =>
  objects.some((word) => word === null)
    ? null
    : objects.flatMap((word) => (word ?? '').split(/[/,]/)).filter((word) => word !== '');

/** Of `CONTAINER=IMAGE` words. */
const imagesIn = (words: readonly KnownText[]): readonly string[] | null =>
  words.length === 0 || words.some((word) => word === null)
    ? null
    : words.map((word) => (word ?? '').slice((word ?? '').indexOf('=') + 1));
