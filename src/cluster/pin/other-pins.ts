import type { PinKind } from '../../session/events.ts';

/** Runs a read command as a command of the run would run: with the variables that are carried. */
export type AskIdentity = (
  script: string,
) => Promise<{ readonly exit: number | null; readonly output: string; readonly timedOut: boolean }>;

/** The command that names who and where a tool acts; its lines are the identity. */
const identityScripts: Readonly<Record<PinKind, string>> = {
  aws: [
    "aws sts get-caller-identity --query Account --output text --no-cli-pager | sed 's/^/account /'",
    'region="${AWS_REGION:-${AWS_DEFAULT_REGION:-$(aws configure get region || true)}}"',
    'echo "region ${region:-none}"',
  ].join('\n'),
  gcp: [
    "gcloud config get-value account 2>/dev/null | sed 's/^/account /'",
    "gcloud config get-value project 2>/dev/null | sed 's/^/project /'",
  ].join('\n'),
  azure: "az account show --query id --output tsv | sed 's/^/subscription /'",
  docker: [
    `echo "host \${DOCKER_HOST:-$(docker context inspect --format '{{.Endpoints.docker.Host}}')}"`,
    "docker info --format '{{.ID}}' | sed 's/^/engine /'",
  ].join('\n'),
  argocd: [
    'if [ -n "${ARGOCD_SERVER:-}" ]; then echo "server $ARGOCD_SERVER"',
    `else argocd context | awk '$1 == "*" { print "server " $NF }'`,
    'fi',
  ].join('\n'),
};

export type OtherIdentity =
  | { readonly kind: PinKind; readonly identity: string }
  | { readonly kind: PinKind; readonly identity: null; readonly because: string };

/** What a tool answers: `account 123456789012, region eu-west-1`. Never rejects. */
export const askOther = async (kind: PinKind, ask: AskIdentity): Promise<OtherIdentity> => {
  try {
    const { exit, output, timedOut } = await ask(identityScripts[kind]);
    const lines = output
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== '');
    if (timedOut) return { kind, identity: null, because: `${kind}: its identity command did not answer in time` };
    const isWhole = lines.length > 0 && lines.every((line) => /^[a-z]+ \S+$/.test(line));
    if (exit === 0 && isWhole) return { kind, identity: lines.join(', ') };
    const last = lines.at(-1) ?? 'it gave no answer';
    return { kind, identity: null, because: `${kind}: ${last.slice(0, 300)}` };
  } catch (error) {
    return { kind, identity: null, because: `${kind}: ${error instanceof Error ? error.message : String(error)}` };
  }
};
