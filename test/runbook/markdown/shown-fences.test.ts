import { describe, expect, it } from 'vitest';
import { codes, fenceMarks, load, marks, model, outline } from './load-text.ts';

const inner = (...lines: string[]): string[] => ['```sh', ...lines, '```'];
/** Marks of the lines of a block of four backticks. */
const shown = (language: string, ...lines: string[]): string => {
  const text = `# T\n\n- [ ] step\n\n\`\`\`\`${language}\n${lines.join('\n')}\n\`\`\`\`\n`;
  return marks(text).slice(5, 5 + lines.length);
};

describe('a fence that is shown in another block', () => {
  it.each(['', 'markdown', 'sh', 'console'])('is not run, and neither are its prompts (%s)', (language) => {
    expect(shown(language, ...inner('kubectl delete ns shop'))).toBe('...');
    expect(shown(language, ...inner('$ kubectl delete ns shop', 'deleted'))).toBe('....');
    expect(shown(language, 'Text:', '', ...inner('$ kubectl delete ns shop'))).toBe('.....');
    expect(shown(language, '~~~ console', '$ kubectl delete ns shop', '~~~')).toBe('...');
  });

  it('is output of the commands around it', () => {
    expect(shown('console', '$ cat README.md', ...inner('$ kubectl delete ns shop'), '$ ls')).toBe('RoooR');
    expect(shown('sh', 'kubectl get pods', '', ...inner('kubectl delete ns shop'), 'ls')).toBe('R.oooo');
    expect(shown('', 'kubectl get pods', '', ...inner('kubectl delete ns shop'))).toBe('.....');
  });

  it('is part of a command that writes it down', () => {
    expect(shown('sh', "cat > x.md <<'EOF'", ...inner('a'), 'EOF', 'ls')).toBe('RRRRRR');
    expect(shown('console', '$ cat > x.md <<EOF', ...inner('a'), 'EOF', 'written')).toBe('RRRRRo');
    expect(shown('sh', "git commit -m 'Say", ...inner('a'), "'")).toBe('RRRRR');
  });

  it('is no line of tildes in output', () => {
    expect(fenceMarks('console', '$ make', 'x = 1', '~~~~^~~', '$ ls', '~~~~~~')).toBe('RooRo');
  });

  it('is not run in a gonogo runbook either, where a shell would take its backticks for a substitution', () => {
    const fence = '````sh\n```sh\ntouch pwned\n```\n````\n';
    const text = `---\ngonogo: 1\n---\n# T\n\n- [ ] a\n\n${fence}`;
    expect(outline(model(text))).toEqual(['# 0 T', '0.1 a (manual)']);
  });

  it('leaves what follows as it is, in lists and quotes too', () => {
    const example = '````\n```sh\nkubectl delete ns shop\n```\n````\n';
    const after = '## B\n\n1. b\n\n   ```sh\n   ls\n   ```\n';
    for (const indent of ['', '   ', '> ', '- '])
      expect(outline(model(`# T\n\n## A\n\n${example.replace(/^(?=.)/gm, indent)}\n${after}`))).toEqual([
        '# 1 A',
        '# 2 B',
        '2.1 b (command)',
      ]);
  });
});

describe('a fence that ends up in another block', () => {
  it('is told with I328 when that block was not closed, or has as few characters', () => {
    expect(codes(load('# T\n\n- [ ] a\n\n```sh\nls\n\nThen:\n\n```sh\npwd\n```\n').diagnostics)).toEqual(['10: I328']);
    expect(codes(load('# T\n\n- [ ] a\n\n```md\n```sh\nls\n```\n').diagnostics)).toEqual(['6: I328']);
    expect(codes(load('# T\n\n- [ ] a\n\n````md\n```sh\nls\n```\n````\n').diagnostics)).toEqual([]);
  });

  it('explains a file that seems to have no steps', () => {
    expect(codes(load('# T\n\nText ```sh\nls\n``` and more\n\n```sh\nls\n```\n').diagnostics)).toEqual([
      '1: E102',
      '7: I328',
    ]);
  });
});

describe('inline code with backticks', () => {
  it.each([
    'Write ```` ```sh ```` first and\n```` ``` ```` at the end.',
    'Use `` ```sh\nkubectl delete ns shop\n``` `` like this.',
    '```kubectl delete ns shop``` is what we never do.',
  ])('is text: %j', (prose) => {
    expect(outline(model(`# T\n\n## A\n\n${prose}\n\n- [ ] b\n\n  \`\`\`sh\n  ls\n  \`\`\`\n`))).toEqual([
      '# 1 A',
      '1.1 b (command)',
    ]);
  });
});
