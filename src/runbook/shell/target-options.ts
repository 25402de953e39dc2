import type { ClusterOption, TargetOption, TargetSelection } from '../command-model.ts';
import { outranksKubeconfig } from '../environment.ts';
import { type Arg, unknownPart } from './literal.ts';
import { otherTargets } from './other-targets.ts';
import { forOneCommand } from './targets.ts';
import type { Seen, Walked } from './walk.ts';

type Names = Readonly<Record<string, ClusterOption['of']>>;

const kubectlNames: Names = {
  '--context': 'context',
  '--kubeconfig': 'kubeconfig',
  '--server': 'server',
  '-s': 'server',
  '--cluster': 'cluster',
  '--user': 'user',
  '--as': 'as',
};
const others: Names = { '--context': 'context', '--kubeconfig': 'kubeconfig' };

/** Options of Kubernetes clients that say where they act, or as whom. */
const optionsOf: Readonly<Record<string, Names>> = {
  kubectl: kubectlNames,
  k: kubectlNames,
  kubecolor: kubectlNames,
  oc: kubectlNames,
  'kubectl-argo-rollouts': kubectlNames,
  helm: {
    '--kube-context': 'context',
    '--kubeconfig': 'kubeconfig',
    '--kube-apiserver': 'server',
    '--kube-as-user': 'as',
  },
  helmfile: { '--kube-context': 'context' },
  flux: { '--context': 'context', '--kubeconfig': 'kubeconfig', '--server': 'server', '--as': 'as' },
  istioctl: others,
  linkerd: { ...others, '--as': 'as' },
  cilium: others,
  velero: { '--kubecontext': 'context', '--kubeconfig': 'kubeconfig' },
  stern: others,
  k9s: others,
  argo: others,
  tkn: others,
};

/** With these words `--user` and `--cluster` are no targets: `kubectl create rolebinding x --user=bob`. */
const ownMeaning = new Set(['config', 'create', 'set', 'auth']);

/** The run's own kubeconfig and context, by their variables. */
const isOwn = (of: ClusterOption['of'], arg: Arg | undefined, text: string): boolean => {
  const raw = (arg?.word?.text ?? text).replace(/^(--?[a-z-]+|KUBECONFIG|HELM_KUBECONTEXT)=/, '').replaceAll('"', '');
  const variable = { kubeconfig: 'KUBECONFIG', context: 'CONTEXT' }[of as 'context'];
  return raw === `$${variable}` || raw === `\${${variable}}`;
};

/** Where the commands of a script say themselves that they act. What is only known when they run has no value. */
export const targetOptions = (walked: Walked): readonly TargetOption[] => [
  ...walked.seen.flatMap((seen) => [...optionsIn(seen), ...environmentIn(seen)]),
  ...otherTargets(walked),
];

const isClient = ({ value }: Arg): boolean => value !== null && Object.hasOwn(optionsOf, value);

const ownKubeconfig = (option: string): TargetOption => ({ option, of: 'kubeconfig', value: null });

const variableName = 'KUBECONFIG=';

/** `KUBECONFIG="$KUBECONFIG" kubectl …` changes nothing. */
const setsKubeconfig = (arg: Arg): boolean =>
  arg.value?.startsWith(variableName) === true && !isOwn('kubeconfig', arg, arg.value.slice(variableName.length));

/** What a variable says that Helm ranks above its kubeconfig. */
const helmSays: Readonly<Record<string, ClusterOption['of']>> = {
  HELM_KUBEAPISERVER: 'server',
  HELM_KUBECONTEXT: 'context',
  HELM_KUBEASUSER: 'as',
};

/** `HELM_KUBEAPISERVER=… helm …`, also exported; another user or certificate is as good as another server. */
const outranking = (arg: Arg): readonly TargetOption[] => {
  const [, name = '', text = ''] = /^([A-Z_]+)=(.*)$/s.exec(arg.value ?? '') ?? [];
  if (!outranksKubeconfig(name)) return [];
  const of = helmSays[name];
  if (of !== undefined && isOwn(of, arg, text)) return [];
  return [
    { option: `${name}=`, of: of ?? 'server', value: of === undefined || text.includes(unknownPart) ? null : text },
  ];
};

/** Clients that are started without the run's KUBECONFIG: they take another one, or the user's own. */
const environmentIn = ({ name, call, remote }: Seen): readonly TargetOption[] => {
  if (remote) return [];
  const { args, assigned = [] } = call;
  const values = args.slice(1).map(({ value }) => value ?? '');
  if (name === 'unset') return values.includes('KUBECONFIG') ? [ownKubeconfig('unset KUBECONFIG')] : [];
  const sets = [...assigned, ...(forOneCommand.has(name) ? args.slice(1) : [])].some(setsKubeconfig);
  if (sets) return [ownKubeconfig(variableName)];
  const outranks = [...assigned, ...args.slice(1)].flatMap(outranking);
  if (outranks.length > 0) return outranks;
  const starts = args.findIndex((arg, at) => at > 0 && isClient(arg));
  if (starts < 0) return [];
  const before = values.slice(0, starts - 1);
  if (
    name === 'env' &&
    before.some((value) => /^(-|-i|--ignore-environment|-uKUBECONFIG|KUBECONFIG|--unset=KUBECONFIG)$/.test(value))
  )
    return [ownKubeconfig(name)];
  const keeps = before.some((value) => /^(-E|--preserve-env(=.*\bKUBECONFIG\b.*)?)$/.test(value));
  return (name === 'sudo' || name === 'doas') && !keeps ? [ownKubeconfig(name)] : [];
};

const optionsIn = ({ name, call, remote }: Seen): readonly TargetOption[] => {
  const names = Object.hasOwn(optionsOf, name) ? optionsOf[name] : undefined;
  if (names === undefined || remote) return [];
  const end = call.args.findIndex(({ value }) => value === '--');
  const args = end < 0 ? call.args : call.args.slice(0, end);
  const verb = args.slice(1).find(({ value }) => value !== null && !value.startsWith('-'))?.value ?? '';
  return args.flatMap((arg, at): TargetOption[] => {
    const [option = '', ...rest] = (arg.value ?? '').split('=');
    const of = Object.hasOwn(names, option) ? names[option] : undefined;
    if (of === undefined || ((of === 'user' || of === 'cluster') && ownMeaning.has(verb))) return [];
    const joined = rest.length > 0;
    const source = joined ? arg : args[at + 1];
    const text = joined ? rest.join('=') : (source?.value ?? null);
    if (isOwn(of, source, text ?? '')) return [];
    return [{ option, of, value: text?.includes(unknownPart) === false ? text : null }];
  });
};

const after = (args: readonly string[], option: string): string | null => {
  const joined = args.find((one) => one.startsWith(`${option}=`));
  if (joined !== undefined) return joined.slice(option.length + 1);
  const at = args.indexOf(option);
  return at < 0 ? null : (args[at + 1] ?? null);
};

const words = (args: readonly string[]): readonly string[] => args.filter((one) => !one.startsWith('-'));

/** What the target steps of a script select; a name is null when it is not known or says nothing of a context. */
export const targetSelections = (walked: Walked, sets: readonly string[]): readonly TargetSelection[] => [
  ...walked.seen.flatMap(selectionsOf),
  ...(sets.includes('KUBECONFIG') ? [{ kind: 'context' as const, name: null }] : []),
];

const selectionsOf = ({ name, call }: Seen): readonly TargetSelection[] => {
  const args = call.args.slice(1).map(({ value }) => (value === null || value.includes(unknownPart) ? '' : value));
  const [first = '', second = '', third = ''] = words(args);
  const named = (kind: TargetSelection['kind'], text: string | null): TargetSelection[] => [
    { kind, name: text === '' ? null : text },
  ];
  if (['kubectl', 'k', 'kubecolor', 'oc'].includes(name)) {
    if (first === 'config' && /^use(-context)?$/.test(second)) return named('context', third);
    if (first === 'config' && second === 'set-context') {
      const namespace = after(args, '--namespace');
      const context = args.includes('--current') ? [] : named('context', third);
      return [...context, ...(namespace === null ? [] : named('namespace', namespace))];
    }
    if (first === 'ctx') return named('context', second);
    if (first === 'ns' || first === 'project') return named('namespace', second);
    const movesOther = (first === 'config' && /^(set|unset|delete|rename)/.test(second)) || first === 'login';
    return movesOther ? named('context', null) : [];
  }
  if (name === 'kubectx') return named('context', first);
  if (name === 'kubens') return named('namespace', first);
  if (name === 'kubie') return named(first === 'ns' ? 'namespace' : 'context', second);
  if (name === 'aws' && args.includes('update-kubeconfig')) return named('credentials', after(args, '--name'));
  if (name === 'az' && args.includes('get-credentials'))
    return named('credentials', after(args, '--name') ?? after(args, '-n'));
  if (name === 'gcloud' && args.includes('get-credentials'))
    return named('credentials', words(args)[words(args).indexOf('get-credentials') + 1] ?? null);
  return [];
};
