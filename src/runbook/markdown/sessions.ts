/**
 * True for a command that puts the operator in front of another program's prompt: what is typed there afterwards is
 * not for the local shell.
 */
export const opensSession = (command: string): boolean => {
  const text = command.trim();
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

/** What follows the host of an ssh command. */
const remoteCommand = (text: string): string => {
  const match =
    /^(?:sudo\s+)?(?:ssh|mosh|telnet)((?:\s+-[1246AaCfGgKkMNnqsTtVvXxYy]+|\s+-[BbcDEeFIiJLlmOopQRSWw]\s*\S+)*)\s+\S+(.*)$/.exec(
      text,
    );
  return match === null ? '' : (match[2] as string).trim();
};
