import {
  type Command,
  type CommandNode,
  forEachChild,
  type HereDoc,
  type ParsedScript,
  type Pipeline,
  parse,
  type Redirect,
  type SyntaxNode,
} from 'unbash';
import { type Call, type Collector, classify, type Region, type Stdin } from './classify.ts';
import { type Arg, argOf, argsOf, textOf, unknownPart } from './literal.ts';
import { change, destroy, type Verdict } from './verdict.ts';

/** A command of the script itself or of text that it hands to another shell. */
export interface Seen {
  readonly name: string;
  readonly call: Call;
  /** Offset in the script; of nested text, that of the text. */
  readonly offset: number;
  /** Not in a subshell, substitution, pipeline, function or second shell. */
  readonly top: boolean;
  readonly remote: boolean;
}

export interface Walked {
  readonly verdicts: readonly Verdict[];
  readonly marks: ReadonlySet<'outside' | 'watches' | 'interactive' | 'target'>;
  readonly programs: readonly string[];
  readonly seen: readonly Seen[];
  /** Statements that end in `&`. */
  readonly background: readonly number[];
  readonly heredocs: readonly HereDoc[];
  /** Parts of the script that a second shell runs. */
  readonly code: readonly Region[];
  /** Parts that another interpreter runs. */
  readonly foreign: readonly Region[];
  readonly errors: readonly { readonly message: string; readonly pos: number }[];
}

const downloaders = new Set(['curl', 'wget', 'fetch', 'aria2c', 'http', 'https', 'xh', 'lwp-request', 'GET']);
/** Only such words can hold commands. */
const expands = /[$`(]/;
const maximumDepth = 24;

/** Visits every command of a script: substitutions, pipes, functions and the text for second shells included. */
export const walk = (tree: ParsedScript): Walked => new Walk(tree).result();

class Walk {
  private readonly verdicts: Verdict[] = [];
  private readonly marks = new Set<'outside' | 'watches' | 'interactive' | 'target'>();
  private readonly programs = new Set<string>();
  private readonly seen: Seen[] = [];
  private readonly background: number[] = [];
  private readonly heredocs: HereDoc[] = [];
  private readonly code: Region[] = [];
  private readonly foreign: Region[] = [];
  private readonly errors: { message: string; pos: number }[] = [];
  private readonly functions = new Set<string>();
  /** Greater than 0 inside subshells, substitutions, pipelines and functions. */
  private inner = 0;
  /** Set inside text for a second shell: where that text stands. */
  private nestedAt: number | null = null;
  private remote = false;
  private depth = 0;
  private stdin: Stdin | null = null;
  private limited = false;
  /** Offset of the command that is being judged. */
  private at = 0;
  private readonly collector: Collector;

  constructor(tree: ParsedScript) {
    this.collector = this.collecting();
    this.collectFunctions(tree);
    this.visit(tree);
  }

  result(): Walked {
    const { verdicts, marks, seen, background, heredocs, code, foreign, errors } = this;
    return { verdicts, marks, seen, background, heredocs, code, foreign, errors, programs: [...this.programs] };
  }

  private collectFunctions(node: SyntaxNode): void {
    if (node.type === 'Function') this.functions.add(node.name.text);
    if (node.type === 'Script' || node.type === 'Statement' || node.type === 'CompoundList' || node.type === 'AndOr') {
      forEachChild(node, (child) => this.collectFunctions(child));
    }
  }

  private visit(node: SyntaxNode): void {
    switch (node.type) {
      case 'Script':
        return this.visitScript(node);
      case 'Statement':
        if (node.background === true && !this.remote) this.background.push(this.place(node.pos));
        return this.visit(node.command);
      case 'Command':
        return this.visitCommand(node);
      case 'Pipeline':
        return this.visitPipeline(node);
      case 'Redirect':
        this.verdicts.push(...redirectVerdict(node));
        return this.children(node);
      case 'HereDoc':
        this.heredocs.push(node);
        return this.children(node);
      case 'Function':
      case 'Subshell':
      case 'CommandExpansion':
      case 'ProcessSubstitution':
      case 'ArithmeticCommandExpansion':
      case 'Coproc':
        return this.inside(() => this.children(node));
      case 'Word':
        if (expands.test(node.text)) this.children(node);
        return;
      case 'Literal':
      case 'SingleQuoted':
      case 'SimpleExpansion':
        return;
      default:
        return this.children(node);
    }
  }

  private children(node: SyntaxNode): void {
    forEachChild(node, (child) => this.visit(child));
  }

  private inside(visit: () => void): void {
    this.inner += 1;
    visit();
    this.inner -= 1;
  }

  private visitScript(script: ParsedScript): void {
    for (const error of script.errors ?? []) this.errors.push({ message: error.message, pos: this.place(error.pos) });
    if (script.source !== undefined && this.nestedAt === null)
      return this.nested(this.place(script.pos), () => this.children(script));
    this.children(script);
  }

  private place(pos: number): number {
    return this.nestedAt ?? pos;
  }

  private nested(at: number, visit: () => void): void {
    const before = this.nestedAt;
    this.nestedAt = at;
    visit();
    this.nestedAt = before;
  }

  private visitCommand(command: Command): void {
    const args = argsOf(command);
    const stdin = stdinOf(command) ?? this.stdin;
    const outer = this.stdin;
    this.at = command.pos;
    const assigned = command.prefix.flatMap((item) => (item.type === 'Assignment' ? [argOf(item)] : []));
    classify({ args, stdin, assigned, remote: this.remote, limited: this.limited }, this.collector);
    this.stdin = null;
    this.children(command);
    this.stdin = outer;
  }

  private visitPipeline(pipeline: Pipeline): void {
    const { commands } = pipeline;
    const isOne = commands.length === 1;
    const lastFilter = commands.findLastIndex((command) => /^(head|sed \d|grep -[a-z]*[qm])/.test(startOf(command)));
    let downloaded = false;
    commands.forEach((command, i) => {
      const outer = { stdin: this.stdin, limited: this.limited };
      if (i > 0) {
        const before = commands[i - 1] as CommandNode;
        downloaded ||= holdsDownload(before);
        this.stdin = downloaded ? { text: null, downloaded, region: null } : pipedFrom(before);
      }
      this.limited ||= i < lastFilter;
      if (isOne) this.visit(command);
      else this.inside(() => this.visit(command));
      Object.assign(this, outer);
    });
  }

  private collecting(): Collector {
    return {
      verdict: (verdict) => this.verdicts.push(verdict),
      mark: (mark) => this.marks.add(mark),
      program: (name) => this.programs.add(name),
      foreign: (regions) => {
        if (this.nestedAt === null) for (const { pos, end } of regions) if (end > pos) this.foreign.push({ pos, end });
      },
      isFunction: (name) => this.functions.has(name),
      downloads: (arg) => arg.word !== null && holdsDownload(arg.word),
      seen: (name, call) =>
        this.seen.push({
          name,
          call,
          offset: this.place(this.at),
          top: this.inner === 0 && this.nestedAt === null,
          remote: call.remote,
        }),
      code: (text, regions, remote) => this.visitCode(text, regions, remote, this.at),
    };
  }

  private visitCode(text: string, regions: readonly Region[], remote: boolean, at: number): void {
    if (this.nestedAt === null) for (const { pos, end } of regions) if (end > pos) this.code.push({ pos, end });
    if (this.depth >= maximumDepth) return void this.verdicts.push(change('text in text in text: too deep to judge'));
    const outer = { remote: this.remote, stdin: this.stdin, errors: this.errors.length };
    this.depth += 1;
    this.remote = remote;
    this.stdin = null;
    this.nested(this.place(at), () => this.visit(parse(text)));
    this.errors.length = outer.errors;
    this.remote = outer.remote;
    this.stdin = outer.stdin;
    this.depth -= 1;
  }
}

/** A write to a file is a change; to a device other than the harmless ones it destroys. */
const redirectVerdict = (redirect: Redirect): Verdict[] => {
  const { operator, target } = redirect;
  if (target === undefined || operator === '<' || operator === '<&') return [];
  const text = textOf(target);
  if (operator === '>&' && /^(\d+-?|-)$/.test(text)) return [];
  if (/^\/dev\/(null|stdout|stderr|tty|fd\/\d+)$/.test(text)) return [];
  const shown = text.replaceAll(unknownPart, '…');
  if (/^\/dev\/(sd|nvme|vd|xvd|hd|disk|mapper)/.test(text))
    return [destroy(`${operator} ${shown}: overwrites a device`)];
  return [change(`${operator} ${shown}: writes a file`)];
};

const stdinOf = (command: Command): Stdin | null => {
  let stdin: Stdin | null = null;
  for (const redirect of command.redirects) {
    if (redirect.type === 'HereDoc') stdin = { text: redirect.body.text, downloaded: false, region: redirect.body };
    else if (redirect.type === 'HereString')
      stdin = fromWord(redirect.target === undefined ? null : textOf(redirect.target), redirect.target ?? null);
    else if (redirect.operator === '<') {
      const { target } = redirect;
      stdin = { text: null, downloaded: target !== undefined && holdsDownload(target), region: null };
    }
  }
  return stdin;
};

const fromWord = (text: string | null, region: Region | null): Stdin => {
  if (text === null || text.startsWith(unknownPart)) return { text: null, downloaded: false, region: null };
  return { text: text.replaceAll(unknownPart, '${_}'), downloaded: false, region };
};

/** What the element of a pipeline gets from the one before it. */
const pipedFrom = (source: CommandNode): Stdin => {
  if (source.type !== 'Command') return { text: null, downloaded: false, region: null };
  const [name, ...args] = argsOf(source);
  if (name?.value === 'cat' && args.length === 0)
    return stdinOf(source) ?? { text: null, downloaded: false, region: null };
  const last: Arg | undefined = args.at(-1);
  const says = (name?.value === 'echo' || name?.value === 'printf') && last !== undefined && last.value !== null;
  if (!says) return { text: null, downloaded: false, region: null };
  const text = args.map(({ value }) => value ?? unknownPart).filter((value) => !/^-[neE]+$/.test(value));
  return {
    text: text.join(' ').replaceAll(unknownPart, '${_}'),
    downloaded: false,
    region: { pos: args[0]?.pos ?? 0, end: last.end },
  };
};

const startOf = (node: SyntaxNode): string =>
  node.type === 'Command'
    ? argsOf(node)
        .slice(0, 2)
        .map(({ value }) => value ?? '')
        .join(' ')
    : '';

const holdsDownload = (node: SyntaxNode): boolean => {
  if (node.type === 'Command' && node.name !== undefined) {
    const names = argsOf(node)
      .slice(0, 4)
      .map(({ value }) => (value ?? '').replace(/^.*\//, ''));
    if (downloaders.has(names[0] ?? '')) return true;
    if (/^(sudo|env|time|timeout|nice|command)$/.test(names[0] ?? '') && names.some((name) => downloaders.has(name)))
      return true;
  }
  let found = false;
  forEachChild(node, (child) => {
    found ||= holdsDownload(child);
  });
  return found;
};
