import { describe, expect, it } from 'vitest';
import { CommandEnds, closedState, goesOn, nextState } from '../../../src/runbook/markdown/shell-state.ts';

/** Lines that belong to the command that starts at the first one. */
const length = (text: string): number => {
  const lines = text.split('\n');
  return new CommandEnds(lines.length, (index) => lines[index] as string).after(0);
};

describe('a command goes on', () => {
  it.each([
    ['after a backslash', 'a \\\nb', 2],
    ['after a backslash with spaces behind it', 'a \\  \nb', 2],
    ['after an operator', 'a |\nb &&\nc ||\nd', 4],
    ['in single quotes', "a '\nb\n' c\nd", 3],
    ['in double quotes', 'a "\nb \\" $(c "d")\n"\ne', 3],
    ['in a heredoc', 'cat <<EOF\na\n EOF\nEOF\nb', 4],
    ['in a heredoc with tabs', 'cat <<-EOF\na\n\tEOF\nb', 3],
    ['in two heredocs', 'cat <<A <<"B"\na\nA\nb\nB\nc', 5],
    ['in a substitution', 'x=$(\na\n)\nb', 3],
    ['in brackets', 'x=(\na\n)\nb', 3],
    ['in an expansion', `x=\${a:-\nb}\nc`, 2],
    ['in if', 'if a; then\nb\nelif c\nthen\nd\nelse\ne\nfi\nf', 8],
    ['in loops', 'for i in a; do\nwhile b\ndo\nc\ndone\ndone\nd', 6],
    ['in case', 'case $x in\na) b ;;\n*)\nc\n;;\nesac\nd', 6],
    ['in braces', '{\na\n}\nb', 3],
    ['in a function', 'f() {\na\n}\nb', 3],
    ['in a function whose brace is on the next line', 'f()\n{\na\n}\nb', 4],
    ['through a pipe into a loop', 'a |\nwhile read -r x; do\nb\ndone\nc', 4],
  ])('%s', (_, text, lines) => {
    expect(length(text)).toBe(lines);
  });

  it.each([
    ['at a comment', "ls # it's\nb"],
    ['at a here-string', 'a <<< b\nc'],
    ['at words that are no keywords there', 'echo if for case {\nb'],
    ['at an escaped quote', "echo \\'\nb"],
    ['at an apostrophe that never closes', "echo don't\nb\nc"],
    ['at a heredoc that never ends', 'cat <<EOF\nb\nc'],
    ['at a keyword that never closes', 'if a\nb\nc'],
  ])('but not %s', (_, text) => {
    expect(length(text)).toBe(1);
  });
});

describe('nextState', () => {
  it('is closed again after everything that was opened', () => {
    const lines = ['x=$(cat <<EOF', "it's", 'EOF', ') && if a; then', "echo 'b", "c'", 'fi'];
    let state = closedState;
    const open = lines.map((line) => {
      state = nextState(state, line);
      return goesOn(state);
    });
    expect(open).toEqual([true, true, true, true, true, true, false]);
  });
});
