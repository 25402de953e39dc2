import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { processesNaming, signal } from '../faults/support/processes.ts';
import type { ApiAnswers } from './api-double.ts';
import { type MetricsServer, startMetrics } from './metrics-server.ts';
import type { Terminal } from './terminal.ts';
import { Workspace } from './workspace.ts';

/** A workspace of one story. After it everything that was started in it is ended, running commands included. */
export const setTheScene = (): Workspace => {
  const workspace = new Workspace();
  onTestFinished(() => {
    for (const pid of processesNaming(workspace.folder)) signal(pid, 'SIGKILL');
    workspace.close();
  });
  return workspace;
};

/** Writes a runbook that this user allows to run. */
export const trusted = (workspace: Workspace, name: string, text: string): string => {
  const path = workspace.write(name, text);
  const { code, err } = workspace.gonogo(['trust', name, '--yes']);
  if (code !== 0) throw new Error(`${name} could not be trusted: ${err}`);
  return path;
};

/** Shell text that goes on until the story says so; bounded, should nobody ever say so. */
export const untilAllowed = (name: string): string =>
  `for _ in $(seq 600); do if [ -e '${name}' ]; then break; fi; sleep 0.05; done`;

/** Lets a command go on that waits with `untilAllowed`. */
export const allow = (workspace: Workspace, name: string): void => writeFileSync(join(workspace.work, name), '');

/** On the line that says what Enter does, when a change is due. */
export const asksFirst = 'Enter asks before it runs';

/** Confirms the change that is due: Enter shows it, `y` runs it. */
export const confirms = async (terminal: Terminal): Promise<void> => {
  await terminal.sees(asksFirst);
  await terminal.presses('Enter');
  await terminal.sees('Run this?');
  await terminal.presses('y');
};

/** Confirms the change that is due, and takes its output as expected. */
export const runsIt = async (terminal: Terminal): Promise<void> => {
  await confirms(terminal);
  await terminal.sees(/exit 0[\s\S]*as expected/);
  await terminal.presses('Enter');
};

/** Folder of the only run there is. */
export const runFolder = (workspace: Workspace): string => {
  const runs = workspace.runs();
  if (runs.length !== 1) throw new Error(`there should be one run, not ${runs.length}`);
  return join(workspace.runsFolder, runs[0] as string);
};

export const recordOf = (workspace: Workspace): string => readFileSync(join(runFolder(workspace), 'record.md'), 'utf8');

export const journalOf = (workspace: Workspace): string =>
  readFileSync(join(runFolder(workspace), 'journal.jsonl'), 'utf8');

/** A metrics server bound to the context, on which the service is well: few errors, as fast as yesterday. */
export const healthyMetrics = async (workspace: Workspace, context = 'prod-eu'): Promise<MetricsServer> => {
  const metrics = await startMetrics();
  onTestFinished(() => metrics.close());
  metrics.set(/^sum\(rate\(http_requests_total/, 500);
  metrics.set(/track="canary".*or vector\(0\)/, 0.5);
  metrics.set(/^histogram_quantile\(/, 0.18);
  metrics.set(/code=~"5\.\."/, 0.002);
  metrics.set(/^time\(\) - /, 5);
  workspace.gonogo(['config', 'prometheus', JSON.stringify({ [`^${context}$`]: metrics.url })]);
  return metrics;
};

/**
 * A kubectl and a gh that answer what hotfix.md asks, and an API server that shows what that kubectl did. The history of
 * the rollout comes once it is allowed (`history`). Gives the address of a
 * health endpoint that is well.
 */
export const fakeCluster = async (workspace: Workspace, answers: Partial<ApiAnswers> = {}): Promise<string> => {
  const deployments = { checkout: 'registry.example.com/checkout:v2.3.0' };
  const { url } = await workspace.cluster(['prod-eu'], { deployments, ...answers });
  workspace.tool(
    'kubectl',
    `#!/bin/bash
becomes() {
  exec 3<>/dev/tcp/127.0.0.1/${new URL(url).port}
  printf 'POST /practice/checkout?%s HTTP/1.1\\r\\nhost: practice\\r\\nconnection: close\\r\\n\\r\\n' "$1" >&3
  cat <&3 >/dev/null
}
said="$*"
case "$said" in
  *'set image'*) image=\${said#*app=}; becomes "image=\${image%% *}" ;;
  *'rollout undo'*) becomes "revision=\${said##*--to-revision=}" ;;
esac
case "$*" in
  *'rollout undo'*) echo "deployment.apps/checkout rolled back" ;;
  *current-context*) echo prod-eu ;;
  *'containers[0].name'*) echo app ;;
  *'containers[0].image'*) echo registry.example.com/checkout:v2.3.0 ;;
  *deployment*revision*) echo 41 ;;
  *'set image'*) echo "deployment.apps/checkout image updated" ;;
  *'rollout status'*) echo 'deployment "checkout" successfully rolled out' ;;
  *'get pods'*) printf 'NAME READY STATUS RESTARTS\\ncheckout-7d9f-abcde 1/1 Running 0\\n' ;;
  *'rollout history'*) ${untilAllowed('history')}; printf 'REVISION CHANGE-CAUSE\\n41 v2.3.0\\n' ;;
  *) echo "kubectl $*" ;;
esac
`,
  );
  workspace.tool(
    'gh',
    '#!/bin/bash\ncase "$*" in *view*) echo "MERGED APPROVED" ;; *) echo "all checks passed" ;; esac\n',
  );
  await healthyMetrics(workspace);
  return `${url}/practice/health`;
};

/** Everything `gonogo hotfix` asks for. */
export const hotfixInputs: readonly string[] = [
  'service=checkout',
  'version=v2.3.1',
  'issue=Card payments answer 503',
  'health-url=http://127.0.0.1:9/health',
].flatMap((value) => ['--set', value]);
