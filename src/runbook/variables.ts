/**
 * Variables that an input may not take (E509): those that gonogo sets itself, those that change what a shell or a
 * loader does, and those that bash computes, where a value given would silently not arrive. Source: 10, "Variables".
 */
const reserved = new Set(
  (
    'NAMESPACE CONTEXT PATH HOME USER ENV IFS SHELL PWD KUBECONFIG NODE_OPTIONS ' +
    'SHELLOPTS BASHOPTS PROMPT_COMMAND PS4 UID EUID PPID RANDOM SRANDOM SECONDS LINENO GROUPS OLDPWD'
  ).split(' '),
);

export const isReservedVariable = (variable: string): boolean =>
  reserved.has(variable) || /^(?:LD_|BASH_|GONOGO_|HELM_KUBE)/.test(variable);

/** `api-token`, `apiToken`, `api.token` -> `API_TOKEN`. */
export const variableOf = (name: string): string =>
  name
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replaceAll(/[^A-Za-z0-9]+/g, '_')
    .toUpperCase();
