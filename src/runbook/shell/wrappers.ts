import type { Arg } from './literal.ts';

/** What a command that starts another one starts. */
export type Wrapped =
  /** The arguments from there on are a command of their own; `appended`: with further arguments from stdin or a search. */
  | {
      readonly kind: 'command';
      readonly from: number;
      readonly remote: boolean;
      readonly appended: boolean;
      readonly limited: boolean;
    }
  /** Text that a second shell runs: these arguments, joined by spaces. */
  | { readonly kind: 'code'; readonly args: readonly Arg[]; readonly remote: boolean }
  /** A session, or a shell that reads its commands from stdin. */
  | { readonly kind: 'session'; readonly remote: boolean }
  /** It starts nothing this time: `sudo -l`, `command -v x`, `env`. */
  | { readonly kind: 'nothing' };

interface Prefix {
  /** Options with a separate value. */
  readonly valued?: string;
  /** Words before the command: the duration of `timeout`, the lock file of `flock`. */
  readonly words?: number;
  readonly assignments?: boolean;
  /** Without a command it opens a session rather than doing nothing. */
  readonly session?: boolean;
  /** Options with which it starts nothing. */
  readonly asks?: RegExp;
  /** Option that carries the text for a shell. */
  readonly code?: string;
  /** Passes its arguments to a shell as one text. */
  readonly joins?: boolean;
  readonly remote?: boolean;
  readonly appended?: boolean;
  readonly limited?: boolean;
}

const prefixes: Readonly<Record<string, Prefix>> = {
  sudo: {
    valued: '-u -g -h -p -C -r -t -T -U -D -R --user --group',
    assignments: true,
    session: true,
    asks: /^-[lvkK]$/,
  },
  doas: { valued: '-u -C', session: true },
  env: { valued: '-u --unset -C --chdir', assignments: true, code: '-S' },
  nice: { valued: '-n --adjustment' },
  ionice: { valued: '-c -n -p --class' },
  nohup: {},
  setsid: {},
  time: { valued: '-f -o --format --output' },
  timeout: { valued: '-s -k --signal --kill-after', words: 1, limited: true },
  gtimeout: { valued: '-s -k', words: 1, limited: true },
  stdbuf: { valued: '-i -o -e' },
  chronic: {},
  unbuffer: {},
  caffeinate: { valued: '-t -w' },
  retry: { valued: '-t -d --times --delay --until' },
  command: { asks: /^-[vV]$/ },
  builtin: {},
  exec: { valued: '-a' },
  xargs: { valued: '-I -n -P -L -s -d -a -E --replace --max-args --max-procs --delimiter --arg-file', appended: true },
  parallel: { valued: '-j -N -a --jobs --delay --colsep', appended: true },
  watch: { valued: '-n --interval', joins: true },
  flock: { valued: '-w -E --timeout', words: 1, code: '-c' },
  chroot: { valued: '--userspec --groups', words: 1, session: true },
  taskset: { words: 1 },
  numactl: { valued: '-N -m -C --cpunodebind --membind' },
  strace: { valued: '-p -o -e -s -u -S', asks: /^-p/ },
  ltrace: { valued: '-p -o -e', asks: /^-p/ },
  runuser: { valued: '-u -g -s --user', code: '-c', session: true },
  'systemd-run': { valued: '-p --property --unit -u --slice -M --uid --gid --on-active --on-calendar' },
  'systemd-inhibit': { valued: '--what --who --why --mode' },
  busybox: {},
  npx: { valued: '-p --package -c' },
  bunx: {},
  pnpx: {},
  'aws-vault': { words: 2 },
  chamber: { words: 2 },
  sshpass: { valued: '-p -f -e' },
  setarch: { words: 1 },
  nsenter: { valued: '-t --target -S -G', session: true, remote: true },
  proxychains: { valued: '-f' },
  torsocks: {},
};

/** `bundle exec rake …`: a verb after which a command follows. */
const verbs: Readonly<Record<string, RegExp>> = {
  bundle: /^exec$/,
  poetry: /^run$/,
  pipenv: /^run$/,
  uv: /^run$/,
  pnpm: /^(exec|dlx)$/,
  yarn: /^(exec|dlx)$/,
  npm: /^exec$/,
  rbenv: /^exec$/,
  pyenv: /^exec$/,
  asdf: /^exec$/,
  mise: /^(exec|x)$/,
  op: /^run$/,
  doppler: /^run$/,
  infisical: /^run$/,
  teller: /^run$/,
  direnv: /^exec$/,
};

const sshValued = '-b -c -D -E -e -F -I -i -J -L -l -m -O -o -p -Q -R -S -W -w -B';
const containerValued = `-u --user -w --workdir -e --env --env-file --detach-keys -n --namespace -c --container --context --kubeconfig --cluster --request-timeout
  --pod-running-timeout -f --filename --file -p --project-name --profile --index -H --host`;
const entering: Readonly<Record<string, RegExp>> = {
  kubectl: /^exec$/,
  k: /^exec$/,
  kubecolor: /^exec$/,
  oc: /^(exec|rsh)$/,
  docker: /^(exec|container exec|compose exec)$/,
  podman: /^(exec|container exec|compose exec)$/,
  nerdctl: /^(exec|container exec|compose exec)$/,
  'docker-compose': /^exec$/,
  'podman-compose': /^exec$/,
  crictl: /^exec$/,
  lxc: /^exec$/,
  incus: /^exec$/,
};

const sets = new Map<string, ReadonlySet<string>>();

const set = (text: string): ReadonlySet<string> => {
  const known = sets.get(text) ?? new Set(text.split(/\s+/));
  sets.set(text, known);
  return known;
};

/** Index of the first argument that is neither an option, an option's value nor (if told so) an assignment. */
const skip = (args: readonly Arg[], from: number, valued: ReadonlySet<string>, assignments = false): number => {
  let i = from;
  for (; i < args.length; i += 1) {
    const value = (args[i] as Arg).value;
    if (value === '--') return i + 1;
    if (value?.startsWith('-') && value.length > 1) i += valued.has(value) ? 1 : 0;
    else if (!(assignments && value !== null && /^[A-Za-z_]\w*=/.test(value))) return i;
  }
  return i;
};

const nothing: Wrapped = { kind: 'nothing' };

const command = (from: number, options: Partial<Prefix> = {}): Wrapped => ({
  kind: 'command',
  from,
  remote: options.remote ?? false,
  appended: options.appended ?? false,
  limited: options.limited ?? false,
});

/** What `args` (name first) starts; null when it is no command that starts another one. */
export const unwrap = (name: string, args: readonly Arg[]): Wrapped | null => {
  if (name === 'ssh' || name === 'mosh') return unwrapSsh(args);
  if (name === 'su') return unwrapSu(args);
  if (name === 'eval') return { kind: 'code', args: args.slice(1), remote: false };
  if (name === 'trap')
    return /^-?$/.test(args[1]?.value ?? '') ? nothing : { kind: 'code', args: args.slice(1, 2), remote: false };
  if (name === 'ip') return unwrapNetns(args);
  if (name === 'vagrant' || name === 'gcloud') return unwrapCommandOption(name, args);
  const entry = entering[name];
  if (entry !== undefined && Object.hasOwn(entering, name)) return unwrapEntry(entry, args);
  const verb = verbs[name];
  if (verb !== undefined && Object.hasOwn(verbs, name)) return unwrapVerb(verb, args);
  const prefix = prefixes[name];
  return prefix === undefined || !Object.hasOwn(prefixes, name) ? null : unwrapPrefix(prefix, args);
};

const unwrapPrefix = (prefix: Prefix, args: readonly Arg[]): Wrapped => {
  const valued = set(prefix.valued ?? '');
  const start = skip(args, 1, valued, prefix.assignments);
  if (prefix.asks !== undefined && args.slice(1, start).some(({ value }) => prefix.asks?.test(value ?? '')))
    return nothing;
  const coded = prefix.code === undefined ? -1 : args.findIndex(({ value }) => value === prefix.code);
  if (coded > 0 && args[coded + 1] !== undefined)
    return { kind: 'code', args: args.slice(coded + 1, coded + 2), remote: false };
  const from = start + (prefix.words ?? 0);
  const real = args[from]?.value === '--' ? from + 1 : from;
  if (real >= args.length)
    return prefix.session === true ? { kind: 'session', remote: prefix.remote ?? false } : nothing;
  const isJoined =
    prefix.joins === true && !args.slice(1, start).some(({ value }) => value === '-x' || value === '--exec');
  return isJoined ? { kind: 'code', args: args.slice(real), remote: false } : command(real, prefix);
};

const unwrapVerb = (verb: RegExp, args: readonly Arg[]): Wrapped | null => {
  const at = skip(args, 1, new Set());
  if (!verb.test(args[at]?.value ?? '')) return null;
  const from = skip(args, at + 1, set('-e --env --env-file --project --config -p --package --with'));
  return from < args.length ? command(from) : nothing;
};

const unwrapSsh = (args: readonly Arg[]): Wrapped => {
  const host = skip(args, 1, set(sshValued));
  if (args.slice(1, host).some(({ value }) => /^-[VGQ]/.test(value ?? ''))) return nothing;
  const rest = args.slice(host + 1);
  const first = rest[0]?.value === '--' ? 1 : 0;
  return rest.length > first
    ? { kind: 'code', args: rest.slice(first), remote: true }
    : { kind: 'session', remote: true };
};

const unwrapSu = (args: readonly Arg[]): Wrapped => {
  const at = args.findIndex(({ value }) => value === '-c' || value === '-lc' || value === '--command');
  const code = at < 0 ? undefined : args[at + 1];
  return code === undefined ? { kind: 'session', remote: false } : { kind: 'code', args: [code], remote: false };
};

const unwrapNetns = (args: readonly Arg[]): Wrapped | null =>
  args[1]?.value === 'netns' && args[2]?.value === 'exec' && args.length > 4 ? command(4) : null;

const unwrapCommandOption = (name: string, args: readonly Arg[]): Wrapped | null => {
  if (!args.some(({ value }) => value === 'ssh')) return null;
  const at = args.findIndex(({ value }) => value === '-c' || value === '--command');
  const joined = args.find(({ value }) => value?.startsWith('--command='));
  if (joined !== undefined && joined.value !== null) {
    return { kind: 'code', args: [{ ...joined, value: joined.value.slice('--command='.length) }], remote: true };
  }
  const next = at < 0 ? undefined : args[at + 1];
  if (next !== undefined) return { kind: 'code', args: [next], remote: true };
  return name === 'vagrant' || !args.some(({ value }) => value === '--dry-run')
    ? { kind: 'session', remote: true }
    : null;
};

/** `kubectl -n x exec -it POD -c C -- cmd`, `docker exec -it C cmd`, `docker compose exec SERVICE cmd`. */
const unwrapEntry = (verb: RegExp, args: readonly Arg[]): Wrapped | null => {
  const valued = set(containerValued);
  let at = skip(args, 1, valued);
  let words = args[at]?.value ?? '';
  if (words === 'compose' || words === 'container') {
    at = skip(args, at + 1, valued);
    words = `${words} ${args[at]?.value ?? ''}`;
  }
  if (!verb.test(words)) return null;
  const dashes = args.findIndex(({ value }, i) => i > at && value === '--');
  if (dashes > 0)
    return dashes + 1 < args.length ? command(dashes + 1, { remote: true }) : { kind: 'session', remote: true };
  const target = skip(args, at + 1, valued);
  const from = skip(args, target + 1, valued);
  return from < args.length ? command(from, { remote: true }) : { kind: 'session', remote: true };
};
