import { clients, type Judge } from './clients.ts';
import { fileCommands } from './file-commands.ts';
import { type Arg, unknownPart, wholeText } from './literal.ts';
import { isMarked, type KnownText, lookUp, type Parsed, parseArguments } from './phrases.ts';
import { toolNamed } from './tables/index.ts';
import type { Tool } from './tables/tool.ts';
import { change, destroy, read, type Verdict } from './verdict.ts';
import { unwrap, type Wrapped } from './wrappers.ts';

/** What a command reads from stdin, when it is not the terminal's. */
export interface Stdin {
  /** The text, when it stands in the script; null = made by another command. */
  readonly text: string | null;
  /** Fetched from the network. */
  readonly downloaded: boolean;
  /** Place of the text in the script. */
  readonly region: Region | null;
}

export interface Region {
  readonly pos: number;
  readonly end: number;
}

export interface Call {
  /** Name first. */
  readonly args: readonly Arg[];
  readonly stdin: Stdin | null;
  /** `NAME=value` before it; none when not given. */
  readonly assigned?: readonly Arg[];
  /** How many wrappers (`sudo env nice …`) stand before it; 0 when not given. */
  readonly depth?: number;
  /** Runs on another machine or in a container. */
  readonly remote: boolean;
  /** Ends by itself: under `timeout`, or before a filter that stops reading. */
  readonly limited: boolean;
}

/** What classifying finds besides the risk; the walk over the script collects it. */
export interface Collector {
  readonly verdict: (verdict: Verdict) => void;
  readonly mark: (mark: 'outside' | 'watches' | 'interactive' | 'target') => void;
  readonly program: (name: string) => void;
  /** A second shell runs this text. `region` null: the text is not known. */
  readonly code: (text: string, regions: readonly Region[], remote: boolean) => void;
  /** Another interpreter runs this text. */
  readonly foreign: (regions: readonly Region[]) => void;
  readonly isFunction: (name: string) => boolean;
  /** A word that holds a download: `bash <(curl …)`, `sh -c "$(curl …)"`. */
  readonly downloads: (arg: Arg) => boolean;
  /** The name of every command found, innermost last, with its arguments. */
  readonly seen: (name: string, call: Call) => void;
}

const shells = new Set(['bash', 'sh', 'zsh', 'dash', 'ksh', 'ash', 'mksh', 'fish', 'rbash']);

/** Names that a shell runs itself. */
export const builtins: ReadonlySet<string> = new Set(
  `. : [ alias bg bind break builtin caller cd command compgen complete compopt continue declare dirs disown echo enable eval exec exit export
  false fc fg getopts hash help history jobs kill let local logout mapfile popd printf pushd pwd read readarray readonly return set shift shopt
  source suspend test time times trap true type typeset ulimit umask unalias unset wait`.split(/\s+/),
);

/** Judges one command and what it starts in turn; everything found goes to the collector. */
export const classify = (call: Call, collector: Collector): void => {
  const first = call.args[0];
  if (first === undefined) return;
  if ((call.depth ?? 0) > 24) return collector.verdict(change('too many commands that start commands'));
  const written = wholeText(first);
  if (written === null) return collector.verdict(change('a command that is not known before it runs'));
  const name = standardName(written);
  if (collector.isFunction(name)) return;
  if (!call.remote && !name.includes('/') && !builtins.has(name)) collector.program(name);
  collector.seen(name, call);
  if (shells.has(name)) return classifyShell(name, call, collector);
  if (name === 'source' || name === '.') return classifySource(name, call, collector);
  if (name === 'ssh' || name === 'mosh') collector.mark('outside');
  const tool = toolNamed(name);
  const parsed = tool === null ? null : parseArguments(tool, knownArgs(call.args));
  if (tool !== null && parsed !== null) markWithTable(tool, parsed, call, collector);
  const wrapped = unwrap(name, call.args);
  if (wrapped !== null) return classifyWrapped(name, wrapped, call, collector);
  if (name === 'find' || name === 'fd' || name === 'fdfind') return classifyFind(name, call, collector);
  collector.foreign(foreignCode(name, call.args));
  const verdict = judge(name, tool, parsed, call);
  if (verdict.session === true && call.stdin === null) collector.mark('interactive');
  collector.verdict(verdict);
};

/** `/usr/bin/kubectl` is kubectl; other paths stay paths. */
const standardName = (name: string): string =>
  /^(\/usr)?(\/local)?\/s?bin\/[\w.+-]+$|^\/opt\/homebrew\/bin\/[\w.+-]+$/.test(name)
    ? name.slice(name.lastIndexOf('/') + 1)
    : name;

const knownArgs = (args: readonly Arg[]): KnownText[] => args.slice(1).map(({ value }) => value);

const markWithTable = (tool: Tool, parsed: Parsed, call: Call, collector: Collector): void => {
  if (isMarked(tool, 'outside', parsed)) collector.mark('outside');
  if (
    !call.limited &&
    isMarked(tool, 'watches', parsed) &&
    !parsed.options.some(({ name }) => name === '--no-stream')
  ) {
    collector.mark('watches');
  }
  if (call.stdin === null && isMarked(tool, 'interactive', parsed) && !isMarked(tool, 'answered', parsed)) {
    collector.mark('interactive');
  }
  if (!call.remote && isMarked(tool, 'target', parsed)) collector.mark('target');
};

const judge = (name: string, tool: Tool | null, parsed: Parsed | null, call: Call): Verdict => {
  const special: Judge | undefined = own(clients, name) ?? own(fileCommands, name);
  if (special !== undefined) return special(knownArgs(call.args), call.stdin, name);
  if (tool === null || parsed === null) {
    return change(name.includes('/') ? `${name}: a program that is not known` : `${name}: unknown command`);
  }
  const { risk, phrase, reason } = lookUp(tool, parsed);
  if (risk === 'read') return read;
  const said = phrase === '' || phrase === '…' ? name : `${name} ${phrase}`;
  const because = reason ?? (risk === 'destroy' ? 'stops the machine' : 'not known to be a read');
  return { risk, because: `${said.replaceAll(unknownPart, '…')}: ${because}` };
};

/** `python -c CODE`, `awk PROGRAM`: text that is code, but not a shell's. */
const foreignCode = (name: string, args: readonly Arg[]): readonly Arg[] => {
  if (/^(g|m|n)?awk$/.test(name))
    return args
      .slice(1)
      .filter(({ value }) => value === null || !value.startsWith('-'))
      .slice(0, 1);
  if (!Object.hasOwn(fileCommands, name)) return [];
  const at = args.findIndex(({ value }) => value !== null && /^(-[a-zA-Z]*[cer]|-E|--eval)$/.test(value));
  return /^(python|perl|ruby|node|php|lua|R|deno|bun|pwsh|osascript|expect|tclsh|groovy|julia|scala)/.test(name) &&
    at > 0
    ? args.slice(at + 1, at + 2)
    : [];
};

const own = (table: Readonly<Record<string, Judge>>, name: string): Judge | undefined =>
  Object.hasOwn(table, name) ? table[name] : undefined;

const classifyWrapped = (name: string, wrapped: Wrapped, call: Call, collector: Collector): void => {
  if (wrapped.kind === 'nothing') return collector.verdict(read);
  const remote = call.remote || wrapped.remote;
  if (wrapped.kind === 'session') return classifySession(name, { ...call, remote }, collector);
  if (wrapped.kind === 'code') return classifyCode(name, wrapped.args, remote, collector, name === 'watch');
  const args = call.args.slice(wrapped.from);
  const more: Arg[] = wrapped.appended ? [{ value: '*', word: null, pos: 0, end: 0 }] : [];
  const limited = call.limited || wrapped.limited;
  classify({ args: [...args, ...more], stdin: call.stdin, remote, limited, depth: (call.depth ?? 0) + 1 }, collector);
  if (call.args.some(({ value }) => value !== null && /^-(it|ti|tty|t)$/.test(value)) && remote && call.stdin === null)
    collector.mark('interactive');
};

const classifySession = (name: string, call: Call, collector: Collector): void => {
  const { stdin } = call;
  if (stdin === null) {
    const isTunnel = name === 'ssh' && call.args.some(({ value }) => /^-[a-zA-Z]*N/.test(value ?? ''));
    collector.mark(isTunnel ? 'watches' : 'interactive');
    return collector.verdict(change(isTunnel ? 'ssh -N: opens a tunnel' : `${name}: opens a session`));
  }
  classifyScriptFromStdin(name, stdin, call.remote, collector);
};

const classifyScriptFromStdin = (name: string, stdin: Stdin, remote: boolean, collector: Collector): void => {
  if (stdin.downloaded) return collector.verdict(destroy(`${name}: runs what was downloaded`));
  if (stdin.text === null) return collector.verdict(change(`${name}: runs text that is not known before`));
  collector.code(stdin.text, stdin.region === null ? [] : [stdin.region], remote);
};

/** Text for a second shell. `watch` itself never ends. */
const classifyCode = (
  name: string,
  args: readonly Arg[],
  remote: boolean,
  collector: Collector,
  watches: boolean,
): void => {
  if (watches) collector.mark('watches');
  if (args.some((arg) => collector.downloads(arg)))
    return collector.verdict(destroy(`${name}: runs what was downloaded`));
  const first = args[0];
  if (first === undefined) return collector.verdict(read);
  if (first.value === null) return collector.verdict(change(`${name}: runs text that is not known before`));
  const text = args.map(({ value }) => value ?? unknownPart).join(' ');
  collector.code(text.replaceAll(unknownPart, '${_}'), args, remote);
};

/** `bash -c text`, `bash -n file`, `bash file`, `… | bash`. */
const classifyShell = (name: string, call: Call, collector: Collector): void => {
  const { args } = call;
  let i = 1;
  for (; i < args.length; i += 1) {
    const value = args[i]?.value;
    if (value === undefined || value === null || !/^[-+]/.test(value)) break;
    if (value === '--version' || value === '--help') return collector.verdict(read);
    if (/^-[a-z]*n/.test(value) && !value.startsWith('--')) return collector.verdict(read);
    if (/^-[a-z]*c$/.test(value)) return classifyCode(name, args.slice(i + 1, i + 2), call.remote, collector, false);
    if (/^[-+][a-z]*[oO]$/.test(value) || value === '--rcfile' || value === '--init-file') i += 1;
    if (value === '-s' || value === '-') break;
  }
  const script = args[i];
  if (script !== undefined && script.value !== '-s' && script.value !== '-') {
    if (collector.downloads(script)) return collector.verdict(destroy(`${name}: runs what was downloaded`));
    return collector.verdict(change(`${name}: runs a script that is not shown`));
  }
  classifySession(name, call, collector);
};

const classifySource = (name: string, call: Call, collector: Collector): void => {
  const script = call.args[1];
  if (script !== undefined && collector.downloads(script))
    return collector.verdict(destroy(`${name}: runs what was downloaded`));
  collector.verdict(change(`${name}: runs a script that is not shown`));
};

/** `find … -delete`, `find … -exec cmd {} +`. */
const classifyFind = (name: string, call: Call, collector: Collector): void => {
  const isFind = name === 'find';
  const values = call.args.map(({ value }) => value);
  if (isFind && values.includes('-delete')) return collector.verdict(destroy('find -delete: deletes files'));
  if (isFind && values.some((value) => /^-f(print|printf|print0|ls)$/.test(value ?? '')))
    collector.verdict(change('find: writes a file'));
  const starts = isFind ? /^-(exec|execdir|ok|okdir)$/ : /^(-x|-X|--exec|--exec-batch)$/;
  values.forEach((value, i) => {
    if (i === 0 || !starts.test(value ?? '')) return;
    const stop = values.findIndex((other, j) => j > i && (other === ';' || other === '+'));
    const inner = call.args.slice(i + 1, stop < 0 ? undefined : stop);
    const args = inner.map((arg) => (arg.value === '{}' ? { ...arg, value: '*' } : arg));
    const depth = (call.depth ?? 0) + 1;
    classify({ args, stdin: null, remote: call.remote, limited: call.limited, depth }, collector);
  });
  collector.verdict(read);
};
