/** Attributes of a command fence, and of `run: { … }` in YAML. Source: 10-runbook-format, "Fences". */
export const attributeNames: ReadonlyMap<string, 'flag' | 'value'> = new Map([
  ['name', 'value'],
  ['timeout', 'value'],
  ['on-timeout', 'value'],
  ['capture', 'value'],
  ['expect', 'value'],
  ['exit', 'value'],
  ['tty', 'flag'],
  ['background', 'flag'],
  ['retry', 'value'],
  ['every', 'value'],
  ['retry-safe', 'flag'],
  ['risk', 'value'],
  ['cwd', 'value'],
  ['shell', 'value'],
  ['undo', 'flag'],
  ['manual', 'flag'],
  ['when', 'value'],
  ['owe', 'value'],
]);

/** Attributes of a task item or heading. */
export const itemAttributes: ReadonlyMap<string, 'flag' | 'value'> = new Map([
  ['name', 'value'],
  ['when', 'value'],
  ['owe', 'value'],
  ['critical', 'flag'],
]);

/**
 * What runme calls the same; null = it has no meaning here (every command is confirmed by itself,
 * and output is always kept). Source: docs.runme.dev, "Cell-level configuration options".
 */
export const runmeNames: Readonly<Record<string, string | null>> = {
  interactive: 'tty',
  interpreter: 'shell',
  ignore: 'manual',
  id: null,
  excludeFromRunAll: null,
  closeTerminalOnSuccess: null,
  openTerminalOnError: null,
  mimeType: null,
  promptEnv: null,
  category: null,
  tag: null,
  terminalRows: null,
  skipPrompts: null,
  transform: null,
};

/** Attributes that site generators give to fences; without meaning for a run. */
export const foreignAttributes: ReadonlySet<string> = new Set(
  'anchorlinenos anchorLineNos caption class copy copyable emphasize-lines file filename hide_line_numbers highlight hl_inline hl_lines hl_style id label lang language lexer lineanchors linenos linenostart lineNos lineNumbers lineNumbersInTable lineNoStart max-height meta no-copy nocopy noCopy noclasses numberLines role showLineNumbers start startFrom startline style subs tabWidth theme title url width wordWrap wrap'.split(
    ' ',
  ),
);
