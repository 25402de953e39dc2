/**
 * True for a command that puts the operator in front of another program's prompt: what is typed there afterwards is
 * not for the local shell.
 */
export const opensSession = (command: string): boolean => {
  const text = bare(command);
  if (/[|<]/.test(text)) return false;
  if (/^(?:sudo\s+)?(?:kubectl|oc|docker|podman|nerdctl|crictl|lxc|docker[- ]compose)\b/.test(text))
    return (
      /\s(?:exec|run|attach|debug|rsh)\b/.test(text) && /\s(?:-\w*[it]\w*|--tty|--stdin|rsh|attach|debug)\b/.test(text)
    );
  if (/^gcloud\b.*\scompute\s+(?:\S+\s+)*ssh\b/.test(text)) return !/\s--command\b/.test(text);
  if (/^(?:sudo\s+)?(?:ssh|mosh|telnet|aws\s+ssm\s+start-session|vagrant\s+ssh)\b/.test(text))
    return remoteCommand(text) === '';
  return /^(?:sudo\s+(?:-\S+\s+(?:postgres\s+)?)*)?(?:psql|mysql|mariadb|sqlite3|mongo|mongosh|redis-cli|cqlsh|python3?|node|irb|ipython|rails\s+c(?:onsole)?|bconsole|ftp|sftp)(?:\s|$)/.test(
    text,
  );
};

/** Without comment, and with a word for every placeholder. */
const bare = (command: string): string =>
  command
    .trim()
    .replace(/\s+#.*$/, '')
    .replace(/<[A-Za-z][\w .:/-]*>/g, 'X');

/** What follows the host of an ssh command. */
const remoteCommand = (text: string): string => {
  const match =
    /^(?:sudo\s+)?(?:ssh|mosh|telnet)((?:\s+-[1246AaCfGgKkMNnqsTtVvXxYy]+|\s+-[BbcDEeFIiJLlmOopQRSWw]\s*\S+)*)\s+\S+(.*)$/.exec(
      text,
    );
  return match === null ? '' : (match[2] as string).trim();
};

const shells = String.raw`(?:\/(?:usr\/)?bin\/)?(?:ba|z|k|a|da)?sh`;
const execShell = new RegExp(String.raw`\s(?:exec|run)(?=\s).*\s-\w*[it]\w*\s.*\s${shells}(?:\s+-[il]+)?$`);

/**
 * The same without prompts to tell by, so only what is certain: a login to another host, a shell in a container, an
 * interpreter on its own. The lines below are typed there.
 */
export const leavesShell = (command: string): boolean => {
  const text = bare(command);
  if (/[|<;&]/.test(text)) return false;
  if (/^(?:sudo\s+)?(?:ssh|mosh)\s/.test(text)) return opensSession(text) && !/\s-[fNLRDW]/.test(text);
  if (/^gcloud\b/.test(text)) return opensSession(text);
  if (/^(?:vagrant\s+ssh|aws\s+ssm\s+start-session\s.*)$/.test(text)) return true;
  if (/^(?:sudo\s+)?(?:kubectl|oc|docker|podman|nerdctl|crictl)\b/.test(text))
    return execShell.test(text) || /^oc\s(?:.*\s)?rsh\s+(?:-\S+\s+\S+\s+)*\S+$/.test(text);
  return /^(?:python3?|node|irb|ipython)$/.test(text);
};

/** `exit`, Ctrl-D and the like end a session. */
export const endsSession = (line: string): boolean =>
  /^\s*(?:exit(?:\(\))?|logout|quit(?:\(\))?|\\q|\^D|~\.)\s*;?\s*(?:#.*)?$/.test(line);
