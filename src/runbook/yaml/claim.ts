/** True for a YAML text that wants to be a runbook: it has `gonogo:` or `phases:` at the top. */
export const isYamlRunbook = (text: string): boolean =>
  /^(["']?)(?:gonogo|phases)\1[ \t]*:/m.test(text) || /^\s*\{\s*["']?(?:gonogo|phases)["']?\s*:/.test(text);
