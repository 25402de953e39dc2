/** What must follow a name that is also an English word, a setting or a log word, for the line to be a command. */

/** A flag, path, variable, quote, glob, redirection or pipe. */
const sign =
  /(^|\s)-{1,2}[A-Za-z\d?@]|[|<>*]|&&|\$[({A-Za-z_]|(^|\s)[~.]{0,2}\/\S|(^|\s)~$|["']|(^|\s)[\w-]+\.[a-z\d]{1,5}(\s|$)/;
const pathOrOption = /^(-|[./~$"'*<>|+{]|\S*([/$*~]|\.\w)\S*)/;
const never = /(?!)/;

const needSign = `7z ab ack act age alternatives ansible ant apache2 apache2ctl arch argo at atlas aws2 batch bat bit black boundary bridge buck
  bunny cap cassandra chef clair-scanner cloudflare column comm complete condor confluence consul-k8s convert copilot cross curator cut
  db2 defaults delta dialog discourse dog dolt dovecot draft drone dust elasticsearch elixir enable envoy etcd exim expand expect fabric factor
  file finger fleet flower fly fold fold func garden gatekeeper glance grafana graphql groups gum harbor harness hash head heartbeat heat help
  hermes hive host httpd hub ignite img info ironic jaeger java jenkins join keepalived keystone kibana kotlin kubelet less lighthouse link links
  locate locust logger login logstash loki look lua mail man manifest-tool matrix meld migrate minio mongod monitoring mono more multipath mysqld
  near neo4j nagios neutron newrelic nexus nginx nmon nova open opensearch orb orchestrator otelcol pack pants parallel pass passenger paste
  patch patroni pgbouncer pgpool please pod polaris port porter postfix postgres pr prefect presto prometheus promtail prove proxysql
  puma puppet puppetserver q rar reg rename render repo reset rev robusta rubocop rush scala scala screen script seq serverless shards sensu
  skill slack slackcat snow solr sort spell spin split splunk squid stack stat step strip strings stripe sum summon supervisord surge swift tail
  task tee tempo-cli thanos tilt traefik tree truncate uniq unicorn up users uvicorn vector wall weave weed whois write xonsh yes zookeeper zig
  telegraf statsd fluentd vault-agent velero-plugin hadoop haproxy caddy memcached redis-server redis-sentinel airflow rio retry assume granted choose
  sd fx salt dune nim crystal dart composer octopus split trash teleport say banner net kind fish nu hd od nl ts tac wc`;

const words = (list: string): string[] => list.split(/\s+/).filter((name) => name !== '');

const special: Readonly<Record<string, RegExp>> = {
  '.': /^(["'$~]|\.{0,2}\/|[\w.-]+(\/|\.|$))[^()]*$/,
  ':': /^([>"]|\$\{)/,
  at: /^(now\b|noon$|midnight$|teatime|-[lfdmqrc]\b|\d{1,2}:\d\d(\s*(AM|PM|today|tomorrow))?$)/i,
  alias: /^[\w.:-]+=|^$|^-p/,
  airflow:
    /^(-|dags|tasks|db|users|webserver|scheduler|connections|variables|pools|info|version|config|jobs|backfill|list_dags|trigger_dag)\b/,
  argo: /^(-|list|get|submit|logs|delete|stop|terminate|retry|resubmit|resume|suspend|watch|wait|lint|cron|template|server|version|rollouts|cd)\b/,
  ansible: /^(-|\S+\s+-)/,
  break: /^\d?$/,
  case: /^\S.*\sin(\s|$)/,
  command: /^(-[vVp]\b|\w+\s+-)/,
  complete: /^-/,
  composer:
    /^(-|install|update|require|dump-autoload|remove|show|create-project|self-update|global|run|validate|outdated)\b/,
  continue: /^\d?$/,
  chef: /^(-|exec|gem|generate|install|push|update|export|env|shell-init|verify)\b/,
  code: /^(-|[./~$]|\S+\.\w+$)/,
  confluent:
    /^(-|login|kafka|environment|cluster|iam|local|schema-registry|api-key|connect|audit-log|version|context)\b/,
  date: /^($|[-+|>"']|;|&)/,
  declare: /^(-|\w+=)/,
  df: /^($|[-/.|~$]|\S+$)/,
  dig: /^([-+@$]|\S*[.\w-]+\.\S+|\S+\s+\+|"|-x)/,
  diff: /^(-(?!-git)|[^\s-]\S*\s+\S)/,
  do: never,
  eval: /^(["'$`]|[\w-]+\s+\S|ssh-agent)/,
  exec: /^([-<>$"'./]|\w[\w.-]*(\s+[-./$"]|$)|(bash|sh|zsh|su|sudo|env|nginx|java|node|python3?)\b|\d?>)/,
  exit: /^(\d{0,3}|\$\??\w*)\s*;?$/,
  export:
    /^(-[fnp]\b|(?!(?:const|default|function|class|interface|type|let|var|async|enum|abstract)\b)[A-Za-z_]\w*(\+?=|$|\s+[A-Za-z_]\w*(=|$)))/,
  false: never,
  fastly: /^(-|service|compute|purge|whoami|profile|log-tail|stats|version)\b/,
  find: /^([-./~$"'*<]|\S+\s+-\w)/,
  flink: /^(-|run|list|info|stop|cancel|savepoint|run-application)\b/,
  for: /^([A-Za-z_]\w*(\s+in\s+\S.*(?<!:)$|\s*;)|\(\()/,
  free: /^($|-|\|)/,
  function: /^[\w:.-]+\s*(\(\)|\{|$)/,
  go: /^(-|build|run|test|mod|get|install|vet|fmt|env|version|tool|generate|clean|doc|list|work|help|telemetry|bug)\b(?! (the|to|ahead|back|a|an)\b)/,
  helm: /^(-|(completion|create|dependency|dep|diff|env|get|help|history|install|lint|list|ls|mapkubeapis|package|plugin|pull|push|registry|repo|rollback|s3|search|secrets|show|status|template|test|uninstall|delete|upgrade|verify|version|fetch|init|inspect|unittest|2to3|tiller|reset|serve|cm-push|gcs|x|del)\b|[<$"])/,
  heroku:
    /^(-|[a-z-]+:[a-z]|login|logs|ps|run|config|releases|create|apps|addons|restart|rollback|info|maintenance|pg|open|local|git|auth|domains|certs|plugins|pipelines|dyno|scale|status|version|update|members|access|drains|keys|labs|notifications|redis|regions|sessions|stack|teams|webhooks|destroy|buildpacks|features|container)/,
  history: /^($|[-|!]|\d+$)/,
  host: /^(-\w|[\w.-]+\.[\w.-]+(\s+[\w.-]+)?$|["$])/,
  http: /^(-|(GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS)\s|:|https?:|[\w.-]+[:/.])/,
  https: /^(-|(GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS)\s|[\w.-]+\.[\w.-]+)/,
  id: /^($|-|[a-z_][\w.-]*$|\$)/,
  if: /^([![]|\(\(|\[\[|.*;\s*then\b|(command|test|grep|kubectl|curl|which|type|docker|systemctl|git|ping|psql|sudo|pgrep|nc|ssh|diff|cmp|helm|aws|jq)\s+\S)/,
  init: /^[0-6q]$/i,
  install: /^(-|\S+\s+-[A-Za-z]\b)/,
  ip: /^(-|a|addr|address|link|l|route|r|rule|neigh|neighbor|n|netns|maddr|mroute|tunnel|xfrm|monitor|vrf|token|tcp_metrics|-br)\b(?!:)/,
  jobs: /^($|-)/,
  just: /^(-|[a-z][\w-]*$)/,
  k: /^(-|get|describe|logs|apply|delete|exec|edit|create|patch|scale|rollout|top|config|port-forward|explain|label|annotate|drain|cordon|uncordon|run|expose|auth|cp|wait|version|cluster-info)\b/,
  kc: /^(-|get|describe|logs|apply|delete|exec|edit|create|patch|scale|rollout|top|config|port-forward)\b/,
  kill: /^(-|\d|\$|%|`|["']|<)/,
  last: /^(-|reboot\b|\|)/,
  let: /^(["']\s*\w+\s*([-+*/%]?=|\+\+|--)|\w+([-+*/%]?=\S|\+\+|--))/,
  local: /^(-|[a-zA-Z_]\w*=)/,
  make: /^($|-|(?!(?:sure|the|an|it|this|that|these|those|your|any|certain|use|note|changes?|sense|them|do|all\s+(?:the|of)|a|you|up|no|one)\b)[\w./%<$"-]+([=\s]|$))/,
  man: /^(\d\s+)?[\w.-]+$/,
  mail: /^(-|\S+@)/,
  module: /^(load|unload|avail|list|purge|swap|show|use|spider)\b/,
  mount: /^($|[-/|$"']|\S+\s+\S*\/|\S+:)/,
  n: /^(lts|latest|stable|\d+(\.\d+)*)$/,
  net: /^(ads|rpc|use|user|conf|cache|lookup|start|stop|join|usershare|time|-)\b/,
  node: /^(-|[./~$<]|["'][$./]|\S+\.(js|mjs|cjs|ts|mts)\b|(server|index|app|main|dist|bin|inspect|ace)(\s|\/|$))/,
  now: /^(-|deploy|ls|logs|alias|rm|scale)\b/,
  nomad: /^(-|[a-z]+(-[a-z]+)*)/,
  op: /^(-|item|vault|read|run|inject|signin|signout|account|document|get|list|create|edit|delete|whoami|user|group|connect|events-api|plugin|ssh|service-account|update)\b/,
  open: /^(-|https?:|[./~$"']|\S+\.\w{2,4}$)/,
  pass: /^(-|show|insert|generate|edit|rm|git|ls|init|grep|find|cp|mv|otp)\b/,
  pd: /^(-|incident|oncall|service|auth|schedule|user|ep|team|rest|log|bs|analytics|event|field|tag|util)\b/,
  pod: /^(install|update|repo|init|lib|spec|deintegrate|outdated|--|cache|trunk|setup|try|env)\b/,
  ps: /^($|[-|]|aux\w*|ax\w*|ef\b|e?w+f?\b|x\w*$|u\w*$)/,
  rails: /^((-|c|s|g|console|server|generate|new|runner|routes|test|credentials|db|dbconsole|assets)\b|\S+:\S+|[|])/,
  read: /^(-|(?!(?:the|a|an|your|this|that|more|about|and|all|on)\b)[A-Za-z_]\w*(\s+[A-Za-z_]\w*)*\s*(<|;|$))/,
  redis: never,
  return: /^(\d{0,3}|\$\??\w*)$/,
  route: /^($|-|add|del|delete|print|get|flush|\|)\b/,
  run: never,
  salt: /^(-|["'*]|\S+\s+\w+\.\w+)/,
  screen: /^($|-)/,
  select: /^[A-Za-z_]\w*\s+in\s(?!.*\bfrom\b)/,
  service:
    /^(--status-all|\S+\s+(start|stop|restart|reload|force-reload|status|condrestart|try-restart|configtest|graceful|enable|disable|save|rotate|upgrade|zap|check)\b)/,
  set: /^($|[-+][A-Za-z]|--|-$|\|)/,
  shift: /^\d?$/,
  sleep: /^(["$]|\d+(\.\d+)?[smhd]?\b(?!\s+(seconds|minutes|hours))|infinity|<)/,
  source: /^(["'$~<]|\.{0,2}\/|[\w.-]+\/\S|\.?[\w-]*\.[\w.-]+$|\.\w+|[\w-]*(rc|env|profile|activate)$)/,
  stack: /^(build|exec|ghci|install|test|run|setup|new|init|--)\b/,
  step: /^(-|ca|certificate|crypto|ssh|oauth|path|context|api|beta|fileserver)\b/,
  su: /^($|-|[a-z_][\w-]*(\s+-|$))/,
  sync: /^($|[;&-])/,
  tc: /^(-|qdisc|class|filter|chain|monitor|action)\b/,
  test: /^(-\w\s|!\s|["'$\d]|\S+\s+(=|==|!=|-(eq|ne|lt|gt|le|ge|nt|ot))\s)/,
  then: never,
  time: never,
  timeout: /^(-\S+\s+)*\d+(\.\d+)?[smhd]?\s+\S/,
  top: /^($|-[A-Za-z]|\|)/,
  touch: /^(-|[./~$"'{]|[\w.-]+$|\S+\.\w|\S+\/)/,
  trap: /^(-|["'$]|[\w-]+\s+(EXIT|INT|TERM|HUP|ERR|0|DEBUG|SIG))/,
  tree: /^($|[-./~|]|\S+\/|\w+$)/,
  true: /^$/,
  type: /^(-[atpPf]+\s+)?[\w.-]+$/,
  ufw: /^(-|status|allow|deny|enable|disable|reload|reset|delete|limit|app|logging|default|reject|insert|show|route|version)\b/,
  umask: /^($|-|[0-7u])/,
  unset: /^(-|[A-Za-z_]\w*(\s+[A-Za-z_]\w*)*$|["$])/,
  until:
    /^(!|\[|\(\(|.*;\s*do\b|(kubectl|curl|nc|pg_isready|grep|ping|docker|ssh|mysqladmin|redis-cli|test|aws|systemctl)\s+\S)/,
  up: /^(-|xpkg|login|ctp|project|controlplane|profile|space)\b/,
  uptime: /^($|-|\|)/,
  vault:
    /^(-|kv|read|write|list|login|operator|status|token|secrets|auth|policy|audit|lease|unwrap|delete|server|agent|plugin|namespace|ssh|pki|version|patch|debug|monitor|print|path-help|transit|transform|version-history|proxy|seal|unseal|init)\b/,
  w: /^($|-\w)/,
  wait: /^($|-n|-f|%\d|["$]|\d+$)/,
  watch: /^["'$-]/,
  which: /^(-a\s+)?[a-z][\w.+-]*(\s+[a-z][\w.+-]*){0,3}$/,
  while:
    /^(!|\[|\(\(|:|true\b|false\b|(IFS=\S*\s+)?read\b|sleep\b|.*;\s*do\b|(kubectl|curl|nc|grep|ping|docker|pgrep|test|fuser|lsof|aws)\s+\S)/,
  who: /^($|-|am i$|\|)/,
  yarn: /^(?!run v\d)($|[-a-z@])/,
  npm: /^(?!ERR!|WARN|notice|warn |error |http )/,
  zig: /^(build|run|test|fmt|cc|init|version|fetch)\b/,
};

const rules = new Map<string, RegExp>(words(needSign).map((name) => [name, sign]));
for (const [name, rule] of Object.entries(special)) rules.set(name, rule);
for (const name of ['less', 'more', 'file', 'head', 'tail', 'stat', 'wc', 'bat', 'strings', 'tac'])
  rules.set(name, pathOrOption);

/** The pattern that the rest of the line must match; undefined = nothing in particular. */
export const ruleFor = (name: string): RegExp | undefined => rules.get(name);

/** Has a flag, path, variable, quote, glob, redirection or pipe. */
export const hasShellSign = (text: string): boolean => sign.test(text);

/** Alone on a line these are more often a value, a column or a name than a command. */
export const notAlone: ReadonlySet<string> = new Set(
  words(`false yes true test file host node go k kc n q op http https pod step find grep egrep fgrep sed awk cut tr cat chmod chown cp mv rm mkdir ln
    touch tee xargs kill killall pkill pgrep export-env eval exec source read curl wget ssh scp rsync dig nslookup ping which type
    basename dirname head tail diff service image ruby java perl php gem pass info`),
);
