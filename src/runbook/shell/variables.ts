import {
  type Assignment,
  type Command,
  forEachChild,
  type ParameterExpansionPart,
  type ParsedScript,
  type SyntaxNode,
} from 'unbash';
import { argsOf } from './literal.ts';

/** A variable that is read where word splitting and globbing apply. */
export interface BareUse {
  readonly name: string;
  readonly pos: number;
}

export interface Variables {
  /** Read, and not set before by the script itself, in order of appearance. */
  readonly uses: readonly string[];
  /** Still set when the script ends (not those of subshells, pipelines and functions' locals). */
  readonly sets: readonly string[];
  readonly bare: readonly BareUse[];
}

/** Set by the shell itself, never asked for. */
const ofShell = new Set(
  `_ ? ! # @ * - $ 0 BASH BASHOPTS BASHPID BASH_ARGC BASH_ARGV BASH_COMMAND BASH_LINENO BASH_REMATCH BASH_SOURCE BASH_SUBSHELL BASH_VERSINFO
  BASH_VERSION COLUMNS COMP_WORDS DIRSTACK EPOCHREALTIME EPOCHSECONDS EUID FUNCNAME GROUPS HOSTNAME HOSTTYPE IFS LINENO LINES MACHTYPE
  OLDPWD OPTARG OPTERR OPTIND OSTYPE PIPESTATUS PPID PWD RANDOM REPLY SECONDS SHELLOPTS SHLVL SRANDOM UID`.split(/\s+/),
);

const isName = (text: string): boolean => /^[A-Za-z_]\w*$/.test(text);

/** Variables that a script reads and sets. `wanted`: names that count as read even with a default (`${X:-y}`). */
export const variablesOf = (tree: ParsedScript, wanted: ReadonlySet<string>): Variables => {
  const reader = new VariableReader(wanted);
  reader.visit(tree);
  return { uses: [...reader.uses], sets: [...reader.sets], bare: reader.bare };
};

class VariableReader {
  readonly uses = new Set<string>();
  readonly sets = new Set<string>();
  readonly bare: BareUse[] = [];
  /** Set so far in this scope and those around it. */
  private known = new Set<string>();
  private inner = 0;
  /** Within a word that is neither quoted nor assigned. */
  private splits = false;
  private readonly wanted: ReadonlySet<string>;

  constructor(wanted: ReadonlySet<string>) {
    this.wanted = wanted;
  }

  visit(node: SyntaxNode): void {
    switch (node.type) {
      case 'SimpleExpansion':
        return this.read(node.text.slice(1), node.pos);
      case 'ParameterExpansion':
        return this.readParameter(node);
      case 'ArithmeticWord':
        if (isName(node.value)) this.read(node.value, -1);
        return this.children(node);
      case 'ArithmeticBinary':
        this.visit(node.right);
        if (node.left.type === 'ArithmeticWord' && /^([-+*/%&|^]|<<|>>)?=$/.test(node.operator))
          return this.set(node.left.value);
        return this.visit(node.left);
      case 'Command':
        return this.command(node);
      case 'For':
      case 'Select':
        for (const word of node.wordlist ?? []) this.withSplitting(true, () => this.visit(word));
        this.set(node.name.text);
        return this.visit(node.body);
      case 'Pipeline':
        if (node.commands.length === 1) return this.children(node);
        for (const command of node.commands) this.scope(() => this.visit(command));
        return;
      case 'Subshell':
      case 'CommandExpansion':
      case 'ProcessSubstitution':
      case 'ArithmeticCommandExpansion':
        return this.scope(() => this.withSplitting(false, () => this.children(node)));
      case 'DoubleQuoted':
      case 'HereDocBody':
      case 'ArithmeticExpansion':
      case 'ArithmeticCommand':
      case 'TestCommand':
      case 'HereString':
        return this.withSplitting(false, () => this.children(node));
      case 'Case':
        this.withSplitting(false, () => this.visit(node.word));
        for (const item of node.items) this.visit(item);
        return;
      case 'Word':
        if (/[$`(]/.test(node.text)) this.children(node);
        return;
      case 'Literal':
      case 'SingleQuoted':
      case 'AnsiCQuoted':
        return;
      default:
        return this.children(node);
    }
  }

  private children(node: SyntaxNode): void {
    forEachChild(node, (child) => this.visit(child));
  }

  private scope(visit: () => void): void {
    const outer = this.known;
    this.known = new Set(outer);
    this.inner += 1;
    visit();
    this.inner -= 1;
    this.known = outer;
  }

  private withSplitting(splits: boolean, visit: () => void): void {
    const outer = this.splits;
    this.splits = splits;
    visit();
    this.splits = outer;
  }

  private read(name: string, pos: number): void {
    if (!isName(name) || ofShell.has(name)) return;
    if (this.splits && pos >= 0) this.bare.push({ name, pos });
    if (!this.known.has(name)) this.uses.add(name);
  }

  private set(name: string): void {
    if (!isName(name)) return;
    this.known.add(name);
    if (this.inner === 0) this.sets.add(name);
  }

  private readParameter(node: ParameterExpansionPart): void {
    const { operation } = node;
    const hasDefault = operation?.type === 'Default' && !operation.operator.includes('?');
    if (hasDefault && !this.wanted.has(node.parameter)) {
      // A default is used instead: the script needs nobody to set it.
      if (operation.operator.includes('=')) this.set(node.parameter);
    } else this.read(node.parameter, node.prefix === '#' ? -1 : node.pos);
    this.withSplitting(false, () => this.children(node));
  }

  private command(node: Command): void {
    const prefixed = node.name !== undefined;
    for (const item of node.prefix) {
      if (item.type !== 'Assignment') this.withSplitting(false, () => this.visit(item));
      else if (prefixed) this.value(item);
      else this.assign(item);
    }
    if (node.name === undefined) return;
    this.withSplitting(true, () => this.visit(node.name as SyntaxNode));
    for (const item of node.suffix) {
      if (item.type === 'Assignment') this.assign(item);
      else this.withSplitting(item.type === 'Word', () => this.visit(item));
    }
    this.builtin(node);
  }

  private value(assignment: Assignment): void {
    this.withSplitting(false, () => {
      if (assignment.index !== undefined) this.visit(assignment.index);
      this.visit(assignment.value);
    });
  }

  private assign(assignment: Assignment): void {
    this.value(assignment);
    this.set(assignment.name);
  }

  /** `read`, `printf -v`, `mapfile`, `getopts` set what they name; `export X` carries what is there. */
  private builtin(node: Command): void {
    const [name, ...args] = argsOf(node).map(({ value }) => value ?? '');
    const names = (from: readonly string[]): void => {
      for (const text of from) if (isName(text)) this.set(text);
    };
    if (name === 'read') names(afterOptions(args, 'adinNptu'));
    else if (name === 'mapfile' || name === 'readarray') names(afterOptions(args, 'dnOsuCc'));
    else if (name === 'printf' && args[0] === '-v') names(args.slice(1, 2));
    else if (name === 'getopts') names(args.slice(1, 2));
    else if (name === 'local' || name === 'declare' || name === 'typeset') names(afterOptions(args, ''));
    else if (name === 'unset') for (const text of args) this.known.delete(text);
    else if (name === 'export' || name === 'readonly') for (const text of afterOptions(args, '')) this.read(text, -1);
  }
}

const afterOptions = (args: readonly string[], valued: string): string[] => {
  const rest: string[] = [];
  for (let i = 0; i < args.length; i += 1) {
    const arg = args[i] as string;
    if (!arg.startsWith('-')) rest.push(arg);
    else if (arg.length === 2 && valued.includes(arg[1] as string)) i += 1;
  }
  return rest;
};
