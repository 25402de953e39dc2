import { undisguised } from '../look-alike.ts';
import { hasShellSign, notAlone, ruleFor } from './ambiguous-words.ts';
import { executables } from './executables.ts';

/**
 * True when a shell would find a command at the start of the line and the rest reads like one:
 * executable, builtin, keyword, assignment or path. Prose, settings, tables, log lines and output are not,
 * even when they start with the name of a tool (`nginx: [emerg] …`, `make sure that …`, `redis  1/1  Running`).
 */
export const startsCommand = (line: string): boolean => {
  const text = undisguised(line).trim();
  if (text.length > 2000) return startsCommand(text.slice(0, 2000));
  const first = text[0];
  if (first === undefined || first === '#') return false;
  if (first === '(' || first === '{' || first === '!') return opensGroup(text);
  if (first === '[') return isTest(text);
  if (first === '$' || first === '"') return startsWithVariable(text);
  if (first === '<' || first === '>') return false;
  const assigned = assignment(text);
  if (assigned !== null) return assigned;
  return startsWithWord(text);
};

/**
 * True when every line is a plain `NAME=value`: a settings file rather than a script.
 * For fences without a language; under a shell's name such lines are assignments.
 */
export const looksLikeSettings = (lines: readonly string[]): boolean => {
  const written = lines.map((line) => line.trim()).filter((line) => line !== '' && !line.startsWith('#'));
  return (
    written.length > 0 &&
    written.every((line) => /^[A-Za-z_][\w.-]*=(?!\()[^`;&|]*$/.test(line) && !line.includes('$('))
  );
};

/** `(cd x && make)`, `{ cmd; }`, `((i++))`, `! cmd`. */
const opensGroup = (text: string): boolean => {
  if (text.startsWith('((')) return /^\(\(.*\)\)/.test(text);
  if (text.startsWith('{')) return /^\{\s/.test(text) && startsCommand(text.slice(1)) && !/^\{\s*["']/.test(text);
  if (text.startsWith('!')) return /^!\s/.test(text) && startsCommand(text.slice(1));
  if (/^\([\w.-]+\)\s/.test(text)) return false;
  return startsCommand(text.slice(1).replace(/\)\s*$/, ''));
};

const isTest = (text: string): boolean =>
  /^\[\[\s.*\s\]\]/.test(text) ||
  (/^\[\s.*\s\](\s*$|\s*(&&|\|\||;))/.test(text) && /\s(-[a-zA-Z]+|!?==?|!|<|>)\s|^\[\s+["']?\$/.test(text));

/** `$KUBECTL get pods`, `"$BIN"/tool x`; not `$100`, `$x = 1`, `"key": 1`. */
const startsWithVariable = (text: string): boolean => {
  const match = /^"?\$(?:\{[A-Za-z_]\w*\}|[A-Za-z_]\w*|\([^)]+\))"?(\/[\w./-]+)?"?(\s+.*|$)/s.exec(text);
  if (match === null) return false;
  const rest = (match[2] as string).trim();
  if (rest === '') return match[1] !== undefined && /\/s?bin\/|\.(sh|py|rb|pl)"?$/.test(match[1]);
  if (/^(=|:|,|->|=>|[-+*/%]\s)/.test(rest) || readsAsProse('', rest)) return false;
  return (
    /(^|\s)-{1,2}[A-Za-z]/.test(rest) ||
    !unquoted(rest)
      .split(/\s+/)
      .some((token) => functionWords.test(token))
  );
};

const logKeys = /(^|\s)(ts|time|level|lvl|msg|severity|caller|logger|component|err|error|at|method|status|path)=/;

/** Null = no assignment at the start. `level=info msg=…`, `Type=simple`, `db=# select` are none of a shell's. */
const assignment = (text: string): boolean | null => {
  const match = /^([A-Za-z_]\w*)(\[[^\]]+\])?\+?=(.*)$/s.exec(text);
  if (match === null) return null;
  const name = match[1] as string;
  const after = match[3] as string;
  // `label=~"x"` matches a pattern, `DIR=~/x` is the home folder.
  if (/^([=>#]|~(?!\/))/.test(after) || (/^\s/.test(after) && !/^\s+[a-z][\w-]*\s+\S/.test(after))) return false;
  const { value, rest } = firstValue(after);
  if (/^[A-Z][a-z]/.test(name) && !value.includes('$')) return false;
  if (/,$/.test(value) || /&\w+=|["']\s*\/?>+$/.test(after)) return false;
  if (rest === '' || rest.startsWith('#') || /^(;|&&|\|\|)/.test(rest)) return true;
  if (/^[A-Za-z_]\w*=/.test(rest)) return !(logKeys.test(text) && /^[a-z]/.test(name)) && startsCommand(rest);
  if (startsCommand(rest)) return true;
  return /^[A-Z_][A-Z0-9_]*$/.test(name) && /^[a-z][\w./-]*(\s|$)/.test(rest) && !readsAsProse('', rest);
};

/** The value up to the first space outside quotes, substitutions and brackets. */
const firstValue = (text: string): { value: string; rest: string } => {
  let quote = '';
  let depth = 0;
  let i = 0;
  for (; i < text.length; i += 1) {
    const char = text[i] as string;
    if (char === '\\') i += 1;
    else if (quote !== '') quote = char === quote ? '' : quote;
    else if (char === '"' || char === "'" || char === '`') quote = char;
    else if (char === '(' || char === '{') depth += 1;
    else if (char === ')' || char === '}') depth -= 1;
    else if (depth <= 0 && /[\s;]/.test(char)) break;
  }
  return { value: text.slice(0, i), rest: text.slice(i).trim() };
};

const wrappers = new Set(['time', 'watch', 'sudo', 'doas', 'command', 'env', 'nohup', 'exec', 'builtin', 'then', 'do']);

const startsWithWord = (text: string): boolean => {
  const match = /^\\?([^\s|;&<>()"'`$]+)(.*)$/s.exec(text);
  if (match === null) return false;
  const word = match[1] as string;
  const after = match[2] as string;
  if (/^\s*\(\)/.test(after)) return definesFunction(word, after);
  if (after !== '' && !/^[\s|;&<>]/.test(after)) return isPath(word, after);
  if (
    /^>\s/.test(after) &&
    /^(psql|mysql|mariadb|sqlite3?|mongo(sh)?|redis|ftp|sftp|cqlsh|telnet|node|irb|asmcmd|nsc)$/.test(word)
  )
    return false;
  const rest = withoutComment(after.trim());
  if (word === 'time') return startsCommand(rest.replace(/^-p\s+/, ''));
  if (word === 'sudo' || word === 'doas') return afterSudo(rest);
  if (isPath(word, after)) return !looksTabular(text) && !isLabel(rest);
  if (!executables.has(word) && !keywords.has(word)) return isUnlistedTool(word, rest, text);
  if (rest === '') return !notAlone.has(word) && passes(word, '');
  return (
    passes(word, rest) &&
    !isLabel(rest, word) &&
    !looksTabular(text) &&
    !saysVersion(word, rest) &&
    !readsAsProse(word, rest)
  );
};

/** `deploy() {`, `check() { curl -f "$1"; }`; not a call `client.close()` or a method with a body in another language. */
const definesFunction = (name: string, after: string): boolean => {
  const body = /^\s*\(\)\s*\{(.*)$/s.exec(after)?.[1]?.trim();
  return body !== undefined && /^[A-Za-z_][\w-]*$/.test(name) && (body === '' || startsCommand(body));
};

const keywords = new Set(['if', 'for', 'while', 'until', 'case', 'function', 'select', 'coproc']);

const passes = (word: string, rest: string): boolean => {
  const rule = ruleFor(word);
  if (rule === undefined) return true;
  return rule.test(rest) || (wrappers.has(word) && startsCommand(rest));
};

const afterSudo = (rest: string): boolean => {
  const command = rest.replace(/^(-[ugprtTCDRU]\s+\S+\s+|--?[\w-]+(=\S+)?\s+|\w+=\S+\s+)+/, '');
  if (command === '' || /^-\w+$/.test(command)) return /^-[isSvkl]/.test(rest);
  if (startsCommand(command)) return true;
  return (
    /^[a-z_./<$"][^\s]*(\s|$)/.test(command) &&
    !readsAsProse('sudo', command) &&
    !/^(access|rights?|privileges?|permissions?|users?|password)\b/.test(command)
  );
};

const scriptDirectories =
  /^(bin|scripts?|hack|tools?|ci|ops|deploy|contrib|sbin|vendor|venv|\.venv|node_modules|build|target|dist|utils?|cmd|libexec)\//;
const scriptEnding = /\.(sh|bash|zsh|py|rb|pl|js|mjs|ts|php|run|exe|ps1|bat|lua|r)$/i;
const dataEnding =
  /\.(ya?ml|json|toml|conf|cfg|ini|log|txt|md|xml|html?|css|pem|crt|key|csr|properties|env|service|socket|timer|lock|gz|tgz|zip|tar|sql|csv|tf|tfvars|tpl|j2|go|java|rs|c|h|cpp|jar|war|svg|png|jpe?g|gif|out|err|pid|sock|bak|tmp|db|list|repo|rpm|deb|so|d)$/i;

/** `./deploy.sh`, `/opt/kafka/bin/x --list`, `~/bin/x`, `scripts/x.sh`; not `/var/log/x.log`, `/dev/sda1 20G`, `src/app.py`. */
const isPath = (word: string, after: string): boolean => {
  if (!word.includes('/') || /[,:;]$|:\/\/|\/$|[@=*]|:\d/.test(word) || word.startsWith('//')) return false;
  if (dataEnding.test(word)) return false;
  if (after !== '' && !/^[\s|;&<>$"'`]/.test(after)) return false;
  if (/^\.{1,2}\/[\w./-]+$/.test(word) || /^~\/[\w./-]+$/.test(word)) return true;
  if (/^[\w.-]/.test(word)) return scriptDirectories.test(word) && /^[\w./@+-]+$/.test(word);
  if (!/^\/[\w./@+-]+$/.test(word) || /^\/(dev|proc|sys|var\/log|run|tmp$|api|v\d|healthz?|metrics)(\/|$)/.test(word))
    return false;
  if (/\/(s?bin|libexec|scripts?|init\.d|tools)\//.test(word) || scriptEnding.test(word)) return true;
  return /^\s+(-{1,2}[A-Za-z]|start|stop|restart|status|reload|run)\b/.test(after);
};

/** A tool that no list knows: `kafka-foo.sh`, `myctl get x`, `deployer --env prod`. */
const isUnlistedTool = (word: string, rest: string, text: string): boolean => {
  if (!/^[a-z][a-z0-9]*([._+-][a-z0-9]+)*$/i.test(word) || /^[A-Z]/.test(word) || dataEnding.test(word)) return false;
  if (/[.](sh|bash|py|rb|pl)$/.test(word)) return rest !== '' && !isLabel(rest) && !readsAsProse(word, rest);
  if (looksTabular(text) || isLabel(rest) || readsAsProse(word, rest) || saysVersion(word, rest)) return false;
  if (/^\w+[-_]?(ctl|cli)$/.test(word)) return /^[a-z-]/.test(rest);
  if (/^(python|pip|php|ruby|java|node|gcc|clang|perl|psql|postgresql)[\d.]+$/.test(word)) return true;
  return (
    /(^|\s)--[a-z][a-z0-9-]+([=\s]|$)/.test(unquoted(rest)) &&
    !/[.!?]$/.test(rest) &&
    !/^(error|unknown|usage|flag|option|warning|info)/.test(word)
  );
};

/** `name: x`, `name = x`, `name - what it is`, `name | 20.10 | yes`, `name {`. */
const isLabel = (rest: string, word = ''): boolean => {
  if (/^\d{4}-\d\d-\d\d[ T]/.test(rest)) return true;
  if (/^([:=@]|:=|\+=|=>|->|→|–|—|==|!=)(\s|$)/.test(rest)) return true;
  if (/^-\s+\w/.test(rest) && !dashIsArgument.has(word)) return true;
  if (/^\|\s*(\d|[A-Z]|$|\|)/.test(rest)) return !/^\|\s*[A-Z_]+=/.test(rest) && rest !== '|';
  if (/(^|[^\s);&|{])\s\{$/.test(rest) && word !== 'function') return true;
  return /^\{$/.test(rest);
};

const dashIsArgument = new Set(['su', 'cd', 'cat', 'tee', 'login', 'sudo', 'set', 'paste', 'diff', 'column']);

/** Columns of a table: three or more, parted by runs of spaces or tabs, none of them a flag or operator. */
const looksTabular = (text: string): boolean => {
  if (/["'\\]/.test(text) || !/\S(\t+| {2,})\S/.test(text)) return false;
  const columns = withoutComment(text)
    .split(/\t+| {2,}/)
    .filter((column) => column !== '');
  if (columns.some((column, i) => i > 0 && /^(-|[|&;>$]|\d?>)/.test(column))) return false;
  if (columns.length >= 3) return !/^(echo|printf|cat)\s/.test(text);
  const [left, right] = columns;
  return right !== undefined && !(left as string).includes(' ') && (/^[A-Z]/.test(right) || /^\S+ \S+ \S+/.test(right));
};

/** `git version 2.34.1`, `node 18.2.0`, `psql (PostgreSQL) 14.2`: what a tool prints about itself. */
const saysVersion = (word: string, rest: string): boolean =>
  /^\((PostgreSQL|GNU|MariaDB|Ubuntu|Debian)/.test(rest) ||
  (/^(version |release |v)?v?\d+\.\d+(\.\d+)?([-+~][\w.+~-]+)?($|,|\s+\(|\s+(from|built|Copyright)\b)/.test(rest) &&
    !/^(sleep|n|nvm|fnm|volta|seq|asdf|rbenv|pyenv|tfenv|tfswitch|bc|ping|ssh|curl|kill)$/.test(word)) ||
  (/^run v\d/.test(rest) && word === 'yarn');

const auxiliaries =
  /^(is|are|was|were|be|been|being|has|have|had|will|would|should|shall|can|cannot|could|may|might|must|does|did|and|or|of|not|that|this|these|those|your|we|it|its|our|their|because|since|which|whose|there|also|isn't|doesn't|the|failed|returned|started|running|succeeded|completed|exited|created|configured|deleted|unchanged|scaled|restarted|patched|labeled|annotated|cordoned|drained|evicted|uninstalled|installed|upgraded|already|requires|needs|uses|provides|supports|allows)$/i;
const functionWords =
  /^(the|a|an|is|are|was|were|be|been|has|have|will|would|should|can|could|may|must|to|of|and|or|not|no|that|this|these|those|your|you|we|it|its|our|their|when|if|then|so|but|than|with|for|from|by|in|on|at|as|into|because|since|which|there|here|also|any|each|every)$/i;
const speaks = new Set([
  'echo',
  'printf',
  'say',
  'print',
  'logger',
  'figlet',
  'notify-send',
  'wall',
  'banner',
  'cowsay',
  'export',
  'read',
]);

/** English after a tool's name: an auxiliary next, or two function words and nothing of a shell. */
const readsAsProse = (word: string, rest: string): boolean => {
  if (speaks.has(word)) return false;
  const plain = unquoted(rest);
  const tokens = plain.split(/\s+/).filter((token) => token !== '');
  const next = (tokens[0] ?? '').replace(/[,;:]$/, '');
  if (auxiliaries.test(next) && !(word === 'make' && next === 'install'))
    return !(tokens.length === 1 && /^(which|test|this|running)$/.test(next));
  if (keywords.has(word) || hasShellSign(plain.replace(/[\w-]+\.[a-z]{1,5}(\s|$)/g, ' '))) return false;
  const count = tokens.filter((token) => functionWords.test(token.replace(/[.,;:!?]$/, ''))).length;
  if (count >= 2 || (count === 1 && tokens.length >= 6 && word !== 'aws')) return true;
  if (/[a-z]{2}[?!]$/.test(plain) || (/[a-z]:$/i.test(plain) && !/[@/]|^(scp|rsync|sftp|rclone)/.test(word + plain)))
    return true;
  return /[A-Za-z]{2}\.$/.test(plain) && tokens.length > 1 && (count > 0 || tokens.length > 3);
};

const unquoted = (text: string): string => text.replace(/"(?:[^"\\]|\\.)*"|'[^']*'/g, '"Q"');

const withoutComment = (text: string): string => {
  if (!text.includes('#')) return text;
  return /["'`$]/.test(text) ? text : text.replace(/(^|\s)#.*$/, '').trim();
};
