/**
 * Blocks without a language whose first line could be a command, and which are something else as a whole: code of
 * another language, a query, a patch, a tree of files, a sentence.
 */
export const looksLikeText = (lines: readonly string[]): boolean => {
  const written = lines.map((line) => line.trim()).filter((line) => line !== '');
  const commandless = written.filter((line) => !line.startsWith('#'));
  const first = commandless[0] ?? '';
  if (firstLineShapes.some((pattern) => pattern.test(first))) return true;
  return commandless.some((line) => anyLineShapes.some((pattern) => pattern.test(line)));
};

const firstLineShapes: readonly RegExp[] = [
  /^(?:select|insert|update|delete|create|alter|drop|grant|revoke|with|show|explain|begin|commit|use|set|truncate)\b.*;\s*$/i,
  /^select\b.*(?:\bfrom\b|,|\*)/i,
  /^(?:import|from)\s+[\w.{*"']+(?:\s+(?:import|from|as)\b|$|;)/,
  /^export\s+(?:default|const|let|var|function|class|interface|type|async|enum)\b/,
  /^(?:let|const|var)\s+\w+\s*[=:]/,
  /^type\s+\w+\s+(?:struct|interface|=|func)/,
  /^(?:if|while|for|switch)\s*\((?!\()/,
  /^function\s+\w+\s*\([^)]+\)/,
  /^function\s*\(/,
  /^at\s+[\w.$]+\(/,
  /^diff --git /,
  /^[\w.]+\([^)]/,
  /^(?:test|describe|it)\s*\(?["']/,
  /^\.$/,
  /^\w+ (?:by|without) ?\(/,
  /^(?!echo|cat|printf|true|ls|env|date|tee)[a-z][\w-]* > [A-Z*]/,
  /^[\w.-]+\s+=\s/,
  /^[\w.-]+:(?:\s|$)/,
  /^[\w ."-]+\{$/,
  /^[^"']*\s\[-{0,2}[A-Za-z][\w=<> |-]*\](?:\s|\.\.\.|$)/,
];

const anyLineShapes: readonly RegExp[] = [
  /^[├└│]/,
  /^(?:├──|└──|\|--|`--)/,
  /^@@ -\d+/,
  /^(?:public|private|protected) (?:static |final |class |void )/,
];
