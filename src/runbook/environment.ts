/**
 * Variables that a login shell, bash itself or gonogo gives to nearly every command, so that using them is no sign of
 * a missing input.
 */
const common = new Set(
  (
    'HOME PATH USER LOGNAME SHELL PWD OLDPWD TERM COLORTERM LANG LANGUAGE TZ EDITOR VISUAL PAGER TMPDIR TMP TEMP ' +
    'HOSTNAME HOST DISPLAY MAIL SUDO_USER CI COLUMNS LINES SHLVL ' +
    'RANDOM SRANDOM SECONDS LINENO UID EUID PPID GROUPS IFS PS1 PS2 PS3 PS4 OPTARG OPTIND OPTERR REPLY BASH BASHPID BASHOPTS ' +
    'SHELLOPTS EPOCHSECONDS EPOCHREALTIME FUNCNAME PIPESTATUS DIRSTACK HOSTTYPE MACHTYPE OSTYPE MAPFILE COPROC _ ' +
    'NAMESPACE CONTEXT KUBECONFIG'
  ).split(' '),
);

/** Variables that Helm ranks above its kubeconfig: `HELM_KUBEAPISERVER`, `HELM_KUBECONTEXT`, `HELM_KUBETOKEN` … */
export const outranksKubeconfig = (name: string): boolean => name.startsWith('HELM_KUBE');

export const isCommonVariable = (name: string): boolean =>
  common.has(name) || /^(?:LC_|XDG_|SSH_|BASH_|COMP_)/.test(name);
