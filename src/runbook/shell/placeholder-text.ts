/** Values that tools print in angle brackets, never a name to fill in. */
const values =
  /^(none|pending|unset|nil|no value|null|undefined|unknown|invalid|defunct|missing|not set|empty|deleted|redacted|stdin|stdout)$/i;

/** Characters that a name to fill in may hold; quotes, `$`, backticks, braces and `;` belong to code. */
const shape = /<([^<>\n"`${};\\!]{1,80})>/y;

const shortTags = /^(a|b|i|u|p|br|hr|li|ul|ol|tr|td|th|em|h[1-6]|div|span|pre|img|html|head|body|table|strong)$/i;

/**
 * The placeholder that starts at the `<`, with its brackets; null when it is a redirection, a tag, a comparison or a tool's value.
 * `quoted`: inside quotes or a here-document, where markup and mail addresses are ordinary text.
 */
export const placeholderAt = (script: string, at: number, end: number, quoted: boolean): string | null => {
  shape.lastIndex = at;
  const match = shape.exec(script);
  if (match === null || at + match[0].length > end) return null;
  const name = match[1] as string;
  const before = script[at - 1] ?? '';
  if (before === '\\' || before === '<' || /\(\?P?$/.test(script.slice(Math.max(0, at - 3), at))) return null;
  if (!isName(name)) return null;
  if (quoted && isMarkup(name, script, at)) return null;
  return match[0];
};

const isName = (name: string): boolean => {
  if (name === '...' || name === '…') return true;
  if (!/^[\p{L}\p{N}_[(*@#.]/u.test(name) || !/\p{L}/u.test(name) || values.test(name)) return false;
  // `<file >out`, `<file 2>out`, `<in &>out` are redirections; `a<b && c>d` is a comparison.
  if (/\s$|\s\d$|&$|&&|\|\||\s[<>]?=|\)\s*\(/.test(name)) return false;
  if (name.includes("'") && !/\p{L}'\p{L}/u.test(name)) return false;
  return balanced(name);
};

const balanced = (text: string): boolean => {
  let open = 0;
  for (const char of text) {
    if (char === '(' || char === '[') open += 1;
    if (char === ')' || char === ']') open -= 1;
    if (open < 0) return false;
  }
  return open === 0;
};

/** `<b>…</b>`, `<br/>`, `<me@example.com>`, `<https://…>`, `#include <stdio.h>`, an XML namespace. */
const isMarkup = (name: string, script: string, at: number): boolean => {
  const tag = /^[A-Za-z][\w:.-]*/.exec(name)?.[0];
  if (tag !== undefined && script.includes(`</${tag}>`)) return true;
  if (name.endsWith('/') || shortTags.test(name) || /^\w+:\/\//.test(name)) return true;
  if (/^[^\s@]+@[^\s@]+\.\w+$/.test(name)) return true;
  if (/^[\w/]+\.h(pp)?$/.test(name) && /#\s*include\s*$/.test(script.slice(Math.max(0, at - 12), at))) return true;
  return /^[\w-]+\s+[\w:-]+=/.test(name);
};

/** `<your-namespace>` -> `P_YOUR_NAMESPACE`; at most 64 characters; `P_VALUE` when no letter or digit is left. */
export const variableFor = (placeholder: string): string => {
  const words = placeholder
    .slice(1, -1)
    .normalize('NFKD')
    .replace(/[\u0300-\u036F']/g, '')
    .toUpperCase()
    .replace(/[^A-Z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '');
  return `P_${(words === '' ? 'VALUE' : words).slice(0, 62).replace(/_+$/, '')}`;
};
