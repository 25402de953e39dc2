/**
 * The last look before a text leaves: registered secrets were masked by the runner, this finds by pattern what nobody
 * registered. Patterns are bounded, so that no text makes them slow. Source: 50-safety, "Secrets".
 */
export interface KeptSecret {
  /** Name of the finding: `jwt-1`. */
  readonly what: string;
  readonly reason: string;
}

export interface SecretFinding {
  readonly what: string;
  readonly rule: string;
  readonly where: string;
  /** Reason why it stands unmasked; null = masked. */
  readonly kept: string | null;
}

interface Rule {
  /** Short, for the name of a finding. */
  readonly name: string;
  readonly title: string;
  /** The group `secret`, else the whole match, is what gets masked. */
  readonly pattern: RegExp;
  readonly onlyIf?: RegExp;
}

const keyword =
  '(?:password|passwd|passphrase|secret|token|api[_-]?key|access[_-]?key|account[_-]?key|private[_-]?key|credentials?)';
const value = String.raw`(?<secret>[^\s"'\x60,;&|<>(){}$*]{4,512})`;

const rules: readonly Rule[] = [
  {
    name: 'private-key',
    title: 'private key',
    pattern:
      /-----BEGIN [A-Z ]{0,40}PRIVATE KEY(?: BLOCK)?-----[\s\S]{0,20000}?(?:-----END [A-Z ]{0,40}PRIVATE KEY(?: BLOCK)?-----|$(?![\s\S]))/g,
  },
  {
    name: 'private-key',
    title: 'private key',
    pattern: /(?:^[A-Za-z0-9+/=]{16,80}\n){1,100}-----END [A-Z ]{0,40}PRIVATE KEY(?: BLOCK)?-----/gm,
  },
  {
    name: 'kubernetes-secret',
    title: 'Kubernetes Secret',
    pattern:
      /(?<=^ {0,8}(?:data|stringData):\n(?: {1,12}[^\n]{0,8192}\n){0,100}) {1,12}[\w.-]{1,128}: {1,4}(?<secret>[^\s][^\n]{0,8191})$/gm,
    onlyIf: /^\s{0,12}kind: {0,4}Secret\s*$/m,
  },
  {
    name: 'kubernetes-secret',
    title: 'Kubernetes Secret',
    pattern:
      /(?<="(?:data|stringData)"\s{0,4}:\s{0,4}\{[^{}]{0,8192})"[\w.-]{1,128}"\s{0,4}:\s{0,4}"(?<secret>[^"\\]{1,8192})"/g,
    onlyIf: /"kind"\s{0,4}:\s{0,4}"Secret"/,
  },
  { name: 'jwt', title: 'JWT', pattern: /\beyJ[\w-]{8,4096}\.eyJ[\w-]{8,8192}\.[\w-]{0,4096}/g },
  {
    name: 'authorization',
    title: 'Bearer or Basic credentials',
    pattern:
      /\b(?:[Bb]earer|BEARER|[Bb]asic|BASIC)[ \t]{1,4}(?<secret>(?=[\w+/.~=-]{0,200}(?:[0-9=]|[a-z][A-Z]))[\w+/.~=-]{8,4096})/g,
  },
  {
    name: 'url-password',
    title: 'password in a URL',
    pattern: /\b[a-z][a-z0-9+.-]{1,20}:\/\/[^\s/@:'"$]{0,100}:(?<secret>[^\s/@'"$*<]{1,256})@/gi,
  },
  { name: 'aws-key', title: 'AWS access key', pattern: /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/g },
  {
    name: 'github-token',
    title: 'GitHub token',
    pattern: /\b(?:gh[pousr]_[A-Za-z0-9]{20,255}|github_pat_\w{22,255})\b/g,
  },
  { name: 'gitlab-token', title: 'GitLab token', pattern: /\bgl(?:pat|ptt|rt|dt)-[\w-]{20,255}/g },
  {
    name: 'slack-token',
    title: 'Slack token',
    pattern: /\bxox[abposr]-[\w-]{10,255}|hooks\.slack\.com\/services\/(?<secret>[\w/]{10,255})/g,
  },
  { name: 'google-key', title: 'Google key', pattern: /\bAIza[\w-]{35}|\bya29\.[\w-]{20,2048}/g },
  {
    name: 'service-token',
    title: 'token of a service',
    pattern:
      /\b(?:npm_[A-Za-z0-9]{36}|pypi-AgEI[\w-]{20,512}|dckr_pat_[\w-]{20,255}|hv[sb]\.[\w-]{20,255}|sk_live_[A-Za-z0-9]{16,255}|SG\.[\w-]{16,64}\.[\w-]{16,128})/g,
  },
  {
    name: 'signature',
    title: 'signed URL',
    pattern: /[?&](?:sig|X-Amz-Signature|X-Goog-Signature)=(?<secret>[\w%+/=.-]{16,1024})/gi,
  },
  {
    name: 'password',
    title: 'password or token',
    pattern: new RegExp(`${keyword}[\\w.-]{0,40}["']?[ \\t]{0,4}=[ \\t]{0,4}["']?${value}`, 'gi'),
  },
  {
    name: 'password',
    title: 'password or token',
    pattern: new RegExp(`--${keyword}[ \\t]{1,4}["']?(?!-)${value}`, 'gi'),
  },
  {
    name: 'password',
    title: 'password or token',
    pattern: new RegExp(
      `["'][\\w.-]{0,40}${keyword}[\\w.-]{0,40}["'][ \\t]{0,4}:[ \\t]{0,4}["'](?<secret>[^"'\\n$*<]{4,512})["']`,
      'gi',
    ),
  },
  {
    name: 'password',
    title: 'password or token',
    pattern:
      /^[ \t-]{0,20}[\w.-]{0,40}(?:password|passwd|passphrase|secret|token|api[_-]?key)[ \t]{0,4}:[ \t]{1,4}["']?(?<secret>(?=\S{0,200}[0-9])[^\s"'$*<]{6,512})["']?$/gim,
  },
];

/** Values that only look like one: switches, paths, what was masked before. */
const harmless = /^(?:true|false|null|none|nil|undefined|required|\[?masked.*|x{4,}|\.{3,}|\/[\w./-]*)$/i;

export interface SecondLook {
  /** The text with its findings masked, `[masked: JWT]`. */
  mask(text: string, where: string): string;
  findings(): readonly SecretFinding[];
}

/** One look over many texts: the same secret has the same name wherever it stands. */
export const secondLook = (kept: readonly KeptSecret[] = []): SecondLook => {
  const names = new Map<string, string>();
  const counts = new Map<string, number>();
  const found = new Map<string, SecretFinding>();

  const nameOf = (rule: Rule, secret: string): string => {
    const known = names.get(secret);
    if (known !== undefined) return known;
    const count = (counts.get(rule.name) ?? 0) + 1;
    counts.set(rule.name, count);
    names.set(secret, `${rule.name}-${count}`);
    return `${rule.name}-${count}`;
  };

  const apply = (rule: Rule, text: string, where: string): string => {
    if (rule.onlyIf !== undefined && !rule.onlyIf.test(text)) return text;
    return text.replace(rule.pattern, (whole: string, ...rest: readonly unknown[]) => {
      const groups = rest.at(-1);
      const named = typeof groups === 'object' && groups !== null ? (groups as { secret?: string }).secret : undefined;
      const secret = named ?? whole;
      if (harmless.test(secret)) return whole;
      const what = nameOf(rule, secret);
      const reason = kept.find((keep) => keep.what === what)?.reason ?? null;
      found.set(`${what} ${where}`, { what, rule: rule.title, where, kept: reason });
      if (reason !== null) return whole;
      const at = whole.lastIndexOf(secret);
      return `${whole.slice(0, at)}[masked: ${rule.title}]${whole.slice(at + secret.length)}`;
    });
  };

  return {
    mask: (text, where) =>
      text.length < 8 ? text : rules.reduce((current, rule) => apply(rule, current, where), text),
    findings: () => [...found.values()],
  };
};
