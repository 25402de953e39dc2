import type { CommandNode, ParsedScript, PipelineNode, SyntaxNode } from 'unbash';
import { argsOf } from './literal.ts';

export interface Ending {
  /** How its last part ends: `grep`, `|| true`; null = its exit status means something. */
  readonly saysNothing: string | null;
  readonly match: 'grep' | 'diff' | null;
  /** Offset of that part. */
  readonly offset: number;
}

const none = (offset: number): Ending => ({ saysNothing: null, match: null, offset });

/** What the exit status of a script comes from: the last command that runs. */
export const endingOf = (tree: ParsedScript): Ending => {
  const last = tree.commands.at(-1);
  if (last === undefined || last.background === true) return none(0);
  const { command } = last;
  if (command.type !== 'AndOr') return endOfPipeline(command);
  const final = command.commands.at(-1) as PipelineNode;
  const name = final.type === 'Command' ? (argsOf(final)[0]?.value ?? '') : '';
  if (command.operators.at(-1) === '||' && /^(true|:|echo|printf)$/.test(name)) {
    return { saysNothing: `|| ${name}`, match: null, offset: final.pos };
  }
  return endOfPipeline(final);
};

const endOfPipeline = (node: PipelineNode): Ending => {
  if (node.type !== 'Pipeline') return endOfCommand(node);
  const last = node.commands.at(-1);
  // `time` and `!` may stand alone.
  if (last === undefined) return none(node.pos);
  return node.prefixes.some(({ type }: SyntaxNode) => type === 'Negation') ? none(last.pos) : endOfCommand(last);
};

const endOfCommand = (node: CommandNode): Ending => {
  if (node.type !== 'Command') return none(node.pos);
  const words = argsOf(node).map(({ value }) => value ?? '');
  const start = words[0] === 'sudo' || words[0] === 'time' ? 1 : 0;
  const name = (words[start] ?? '').replace(/^.*\//, '');
  if (/^([efzp]?grep|bzgrep|xzgrep|rg|ag|ack)$/.test(name))
    return { saysNothing: 'grep', match: 'grep', offset: node.pos };
  const isDiff =
    /^(diff|cmp|colordiff|sdiff)$/.test(name) ||
    (/^(kubectl|k|oc|helm|helmfile|argocd)$/.test(name) && words.includes('diff'));
  return isDiff ? { saysNothing: 'diff', match: 'diff', offset: node.pos } : none(node.pos);
};
