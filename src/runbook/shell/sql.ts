import type { Verdict } from './verdict.ts';

const reads =
  /^(select|show|explain|describe|desc|with|values|table|use|set\s+(session|local|search_path|statement_timeout|lock_timeout|@)|begin|start|commit|rollback|end|analyze\s+false|help|pragma\s+\w+\s*$|check\s+table|list|fetch|declare)\b/i;
const destroys = /^(drop|truncate|delete|shutdown|kill|purge|reset|flush|detach|optimize\s+table\s+\S+\s+final)\b/i;
const writesInside =
  /\b(insert\s+into|update\s+\S+\s+set|delete\s+from|merge\s+into|into\s+(outfile|dumpfile)|pg_terminate_backend|pg_cancel_backend|pg_drop_replication_slot|lo_import|pg_reload_conf|pg_promote|pg_switch_wal|pg_create_\w+|setval|nextval|dblink_exec|pg_rotate_logfile|pg_advisory_lock|for\s+update)\b/i;
const endsInside = /\b(delete\s+from|pg_terminate_backend|pg_drop_replication_slot)\b/i;

/** Risk of SQL text, by the first word of each statement; unknown text is a change. */
export const sqlVerdict = (tool: string, text: string | null): Verdict => {
  if (text === null) return { risk: 'change', because: `${tool}: runs statements that are not known before` };
  let worst: Verdict = { risk: 'read', because: null };
  for (const statement of statementsOf(text)) {
    const verdict = statementVerdict(tool, statement);
    if (verdict.risk === 'destroy') return verdict;
    if (verdict.risk === 'change') worst = verdict;
  }
  return worst;
};

const statementVerdict = (tool: string, statement: string): Verdict => {
  const name = /^\S+(\s+\w+)?/.exec(statement)?.[0].toUpperCase() ?? '';
  if (
    /^\\(d|l|z|conninfo|dt|du|dn|di|df|x|timing|pset|echo|q|c|encoding|sf|sv|h)\S*(\s|$)|^\.(tables|schema|databases|indexes|headers|mode|dbinfo|quit|exit|width)\b/.test(
      statement,
    )
  ) {
    return { risk: 'read', because: null };
  }
  if (destroys.test(statement)) return { risk: 'destroy', because: `${tool} ${name}: deletes data or stops work` };
  const inside = /^explain\b(?!\s+(\(.*\banalyze\b|analyze))/i.test(statement) ? null : writesInside.exec(statement);
  if (inside !== null) {
    const risk = endsInside.test(statement) ? 'destroy' : 'change';
    return { risk, because: `${tool} ${inside[0].toUpperCase()}: changes data` };
  }
  if (reads.test(statement)) return { risk: 'read', because: null };
  return { risk: 'change', because: `${tool} ${name}: changes data or schema` };
};

/** Statements without comments and without the text of strings. */
const statementsOf = (text: string): string[] =>
  text
    .replace(/--[^\n]*|\/\*[\s\S]*?\*\//g, ' ')
    .replace(/'(?:[^']|'')*'|"(?:[^"]|"")*"/g, "''")
    .split(/;|\\g\b|\n(?=\\)/)
    .map((statement) => statement.trim())
    .filter((statement) => statement !== '' && statement !== 'GO');
