import { type KnownText, parseArguments } from './phrases.ts';
import { sqlVerdict } from './sql.ts';
import type { Tool } from './tables/tool.ts';
import { change, destroy, read, session, type Verdict } from './verdict.ts';

/** What a client gets on stdin: text that is known, text that is not, or nothing. */
export type Input = { readonly text: string | null; readonly downloaded: boolean } | null;

/** Judges one command by its arguments (without the name) and its stdin. */
export type Judge = (args: readonly KnownText[], stdin: Input, name: string) => Verdict;

const curlOptions: Tool = {
  valued: `-X --request -d --data --data-raw --data-binary --data-urlencode --data-ascii --json -F --form --form-string -T --upload-file -o --output -H --header
    -u --user -A --user-agent -b --cookie -c --cookie-jar -e --referer -m --max-time --connect-timeout -w --write-out -x --proxy -K --config -E --cert --key
    --cacert --capath -Q --quote -r --range -y -Y -z -C -t -P -D --dump-header --retry --retry-delay --resolve --connect-to --limit-rate --url --oauth2-bearer
    --unix-socket --output-dir --retry-max-time --interface --ciphers --proxy-user --dns-servers --max-redirs`,
};

const byMethod = (tool: string, method: KnownText): Verdict => {
  if (method === null) return change(`${tool}: the method is not known before`);
  const upper = method.toUpperCase();
  if (/^(GET|HEAD|OPTIONS|TRACE)$/.test(upper)) return read;
  return upper === 'DELETE' ? destroy(`${tool} DELETE: deletes it`) : change(`${tool} ${upper}: sends a change`);
};

const isScratch = (file: KnownText): boolean =>
  file === '-' || file === '/dev/null' || file === '/dev/stdout' || file === '/dev/stderr';

const curl: Judge = (args) => {
  const { options } = parseArguments(curlOptions, args);
  const method = options.find(({ name }) => name === '-X' || name === '--request');
  const sends = options.find(({ name }) => /^(-d|-F|-T|--data.*|--json|--form.*|--upload-file)$/.test(name));
  const asQuery = options.some(({ name }) => name === '-G' || name === '--get');
  if (method !== undefined) {
    const verdict = byMethod('curl', method.value);
    if (verdict.risk !== 'read') return verdict;
  } else if (sends !== undefined && !asQuery) return change(`curl ${sends.name}: sends data`);
  if (options.some(({ name }) => /^(-K|--config|-Q|--quote)$/.test(name))) return change('curl: options from a file');
  const writes = options.find(
    ({ name, value }) =>
      /^(-o|--output|-O|--remote-name|--remote-name-all|-c|--cookie-jar|-D|--dump-header)$/.test(name) &&
      !isScratch(value),
  );
  return writes === undefined ? read : change(`curl ${writes.name}: writes a file`);
};

const wgetOptions: Tool = {
  valued:
    '-O --output-document -o -a -P -U -e -T -t --method --post-data --post-file --header --user --password --timeout --tries -i',
};

const wget: Judge = (args) => {
  const { options } = parseArguments(wgetOptions, args);
  const method = options.find(({ name }) => name === '--method');
  if (method !== undefined && byMethod('wget', method.value).risk !== 'read') return byMethod('wget', method.value);
  if (options.some(({ name }) => name.startsWith('--post-'))) return change('wget: sends data');
  const output = options.find(({ name }) => name === '-O' || name === '--output-document');
  if (options.some(({ name }) => name === '--spider' || name === '--version')) return read;
  return output !== undefined && isScratch(output.value) ? read : change('wget: writes a file');
};

const httpie: Judge = (args, stdin, name) => {
  const words = args.filter((arg): arg is string => arg !== null && !arg.startsWith('-'));
  const method = words.find((word) => /^(GET|HEAD|OPTIONS|POST|PUT|PATCH|DELETE)$/i.test(word));
  if (method !== undefined) return byMethod(name, method);
  const sends = stdin !== null || words.slice(1).some((word) => /^[\w.-]+:?=(?!=)/.test(word));
  return sends ? change(`${name} POST: sends a change`) : read;
};

const valueOf = (
  options: readonly { name: string; value: KnownText }[],
  names: readonly string[],
): KnownText | undefined => options.find(({ name }) => names.includes(name))?.value;

/** A client that takes statements by an option, else from stdin, else from a person. */
const sqlClient =
  (statement: readonly string[], file: readonly string[], valued: string, listing: readonly string[] = []): Judge =>
  (args, stdin, name) => {
    const { options, words } = parseArguments({ valued: `${statement.join(' ')} ${file.join(' ')} ${valued}` }, args);
    if (
      options.some((option) => listing.includes(option.name) || option.name === '--version' || option.name === '--help')
    )
      return read;
    if (options.some((option) => file.includes(option.name))) return change(`${name}: runs statements from a file`);
    const texts = options.filter((option) => statement.includes(option.name)).map(({ value }) => value);
    if (texts.length > 0) return sqlVerdict(name, texts.includes(null) ? null : texts.join(';'));
    if (/^sqlite3?$|^duckdb$/.test(name) && words.length > 1) return sqlVerdict(name, words[1] as KnownText);
    if (stdin !== null) return sqlVerdict(name, stdin.text);
    return session(name);
  };

const mongoWrites =
  /\.(insert|update|delete|remove|drop|save|replace|bulkWrite|create|rename|findAndModify|findOneAnd|shutdownServer|stepDown|reconfig|initiate|add|addArb|grant|revoke|kill|set|enableSharding|moveChunk|freeze|compact|fsync|aggregate\([^)]*\$(out|merge))\w*/;

const mongo: Judge = (args, stdin, name) => {
  const { options, words } = parseArguments(
    {
      joined: false,
      valued: '--eval --host --port -u --username -p --password --authenticationDatabase --file -f --tls',
    },
    args,
  );
  const text = valueOf(options, ['--eval']) ?? stdin?.text;
  if (
    options.some((option) => option.name === '-f' || option.name === '--file') ||
    words.some((word) => word?.endsWith('.js'))
  ) {
    return change(`${name}: runs a script`);
  }
  if (text === undefined) return session(name);
  if (text === null) return change(`${name}: runs code that is not known before`);
  const write = mongoWrites.exec(text);
  if (write === null) return read;
  return /drop|delete|remove|kill|shutdown/i.test(write[0])
    ? destroy(`${name} ${write[0]}: deletes data or stops work`)
    : change(`${name} ${write[0]}: changes data`);
};

const redisReads =
  /^(GET|MGET|HGET|HGETALL|HMGET|HKEYS|HVALS|HLEN|HEXISTS|KEYS|SCAN|SSCAN|HSCAN|ZSCAN|EXISTS|TTL|PTTL|TYPE|STRLEN|LLEN|LRANGE|LINDEX|SMEMBERS|SCARD|SISMEMBER|ZRANGE|ZCARD|ZSCORE|ZCOUNT|ZRANGEBYSCORE|INFO|PING|DBSIZE|TIME|LASTSAVE|ROLE|ECHO|MONITOR|RANDOMKEY|GETRANGE|XLEN|XRANGE|XINFO|XPENDING|PFCOUNT|COMMAND|HELLO|DUMP|OBJECT|BITCOUNT|SUBSCRIBE|PSUBSCRIBE|PUBSUB|WAIT|AUTH|SELECT)$/;
const redisDestroys =
  /^(FLUSHALL|FLUSHDB|SHUTDOWN|DEL|UNLINK|GETDEL|DEBUG|SWAPDB|HDEL|SREM|ZREM|LTRIM|XTRIM|XDEL|RESTORE|MIGRATE)$/;
const redisSubReads =
  /^(CONFIG GET|CLIENT (LIST|INFO|GETNAME|ID)|CLUSTER (INFO|NODES|SLOTS|SHARDS|MYID|KEYSLOT|COUNTKEYSINSLOT|LINKS|REPLICAS)|MEMORY \w+|LATENCY (LATEST|HISTORY|DOCTOR|GRAPH)|SLOWLOG (GET|LEN)|SENTINEL (MASTERS?|SLAVES|REPLICAS|SENTINELS|CKQUORUM|GET-MASTER-ADDR-BY-NAME)|ACL (LIST|WHOAMI|USERS|CAT|GETUSER)|SCRIPT EXISTS|MODULE LIST|FUNCTION LIST)$/;
const redisSubDestroys =
  /^(CLUSTER (RESET|FORGET|DELSLOTS|FLUSHSLOTS)|CLIENT KILL|SCRIPT (FLUSH|KILL)|ACL DELUSER|SENTINEL (REMOVE|RESET)|FUNCTION (DELETE|FLUSH))$/;

const redis: Judge = (args, stdin, name) => {
  const { options, words } = parseArguments(
    { joined: false, valued: '-h -p -a -n -u -s -r -i -d --user --pass --cacert --cert --key --rdb --pattern --eval' },
    args,
  );
  const has = (pattern: RegExp): boolean => options.some((option) => pattern.test(option.name));
  if (has(/^--(bigkeys|hotkeys|memkeys|scan|stat|latency.*|intrinsic-latency|version|help)$/)) return read;
  if (has(/^--cluster$/))
    return /^(check|info)$/.test(words[0] ?? '') ? read : change(`${name} --cluster: changes the cluster`);
  if (has(/^--(pipe|eval|rdb|functions-rdb)$/)) return change(`${name}: loads or writes data`);
  if (words.length === 0) return stdin === null ? session(name) : change(`${name}: runs commands from stdin`);
  const first = words[0]?.toUpperCase();
  if (first === undefined) return change(`${name}: the command is not known before`);
  const both = `${first} ${words[1]?.toUpperCase() ?? ''}`;
  if (redisDestroys.test(first) || redisSubDestroys.test(both))
    return destroy(`${name} ${first}: deletes data or stops work`);
  return redisReads.test(first) || redisSubReads.test(both) ? read : change(`${name} ${first}: changes data`);
};

const psql = sqlClient(
  ['-c', '--command'],
  ['-f', '--file'],
  '-h -U -d -p -v -P -F -R -o -L --host --username --dbname --port --set --variable',
  ['-l', '--list', '-V'],
);
const mysql = sqlClient(
  ['-e', '--execute'],
  ['--init-command'],
  '-u -h -P -D -S --user --host --port --database --socket --defaults-file --default-character-set',
  ['-V'],
);

/** Clients that talk to a server. */
export const clients: Readonly<Record<string, Judge>> = {
  curl,
  wget,
  http: httpie,
  https: httpie,
  xh: httpie,
  psql,
  pgcli: psql,
  ysqlsh: psql,
  usql: psql,
  mysql,
  mariadb: mysql,
  mycli: mysql,
  sqlite3: sqlClient(['-cmd'], ['-init'], '-separator -nullvalue'),
  duckdb: sqlClient(['-c', '-s'], ['-init', '-f'], ''),
  sqlcmd: sqlClient(['-Q', '-q'], ['-i'], '-S -U -P -d -o -h -s -W -l'),
  'clickhouse-client': sqlClient(
    ['-q', '--query'],
    ['--queries-file'],
    '-h --host --port -u --user --password -d --database --format',
  ),
  cqlsh: sqlClient(['-e', '--execute'], ['-f', '--file'], '-u -p -k --keyspace --cqlversion --request-timeout'),
  beeline: sqlClient(['-e'], ['-f'], '-u -n -p -d'),
  trino: sqlClient(['--execute'], ['-f', '--file'], '--server --catalog --schema --user --output-format'),
  presto: sqlClient(['--execute'], ['-f', '--file'], '--server --catalog --schema --user --output-format'),
  snowsql: sqlClient(['-q', '--query'], ['-f', '--filename'], '-a -u -d -s -w -r -c -o'),
  mongo,
  mongosh: mongo,
  'redis-cli': redis,
  'valkey-cli': redis,
  'keydb-cli': redis,
};
