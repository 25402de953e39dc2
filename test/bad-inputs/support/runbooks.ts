/** A gonogo runbook of one phase; the body begins on line 9 when the header is not given, else after it. */
export const gonogo = (body: string, header = ''): string =>
  `---\ngonogo: 1\ntitle: Deploy\n${header}---\n# Deploy\n\n${body}`;

/** Inputs that the commands of these tests use. */
export const versionInput = 'inputs:\n  version: { prompt: Version }\n';

/** A gonogo runbook with one command. Its first line is line 11, and column 1 of the script is column 4 of the file. */
export const withCommand = (script: string, attributes = ''): string => gonogo(step(script, attributes), versionInput);

/** The same command in a file that is not gonogo's: its first line is line 6. */
export const plainWithCommand = (script: string): string => `# Deploy\n\n${step(script)}`;

export const step = (script: string, attributes = '', title = 'Do it'): string =>
  `1. ${title}\n\n   \`\`\`sh${attributes === '' ? '' : ` {${attributes}}`}\n${script
    .split('\n')
    .map((line) => `   ${line}`)
    .join('\n')}\n   \`\`\`\n`;
