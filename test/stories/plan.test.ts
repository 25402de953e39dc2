import { expect, test } from 'vitest';
import { setTheScene, trusted } from '../support/story.ts';

const head = (title: string, more = ''): string => `---\ngonogo: 1\ntitle: ${title}\n${more}---\n# ${title}\n`;

const step = (title: string, script: string, attributes = 'risk=change'): string =>
  `\n- [ ] ${title}\n\n  \`\`\`sh {${attributes}}\n  ${script.replaceAll('\n', '\n  ')}\n  \`\`\`\n`;

test('the plan lists what R runs and what is only there if needed, and marks one prompt per script', () => {
  const workspace = setTheScene();
  const text = `${head('Deploy')}
## Ship
${step('Change', 'kubectl apply \\\n  -f app.yaml')}
## Rollback
${step('Put back', 'kubectl rollout undo deploy/app')}
## Appendix
${step('Look closer', 'kubectl describe pods', 'risk=read')}`;
  trusted(workspace, 'x.md', text);
  const { out, code } = workspace.gonogo(['plan', 'x.md']);
  expect(code).toBe(0);
  expect(out).toContain('$ kubectl apply \\\n             -f app.yaml\n');
  expect(out).toMatch(/\nRollback: Rollback\n\S+ +Put back\n +change\n +\$ kubectl rollout undo deploy\/app\n/);
  expect(out).toMatch(/\nOnly if needed: Appendix\n\S+ +Look closer\n +read\n +\$ kubectl describe pods\n/);
});

test('the plan lists the rollback runbook with the values it gets', () => {
  const workspace = setTheScene();
  trusted(
    workspace,
    'back.md',
    `${head('Go back', 'inputs:\n  app: { prompt: App }\n')}${step('Put back', 'echo "$APP"')}`,
  );
  const main =
    'inputs:\n  service: { prompt: Service }\nrollback:\n  runbook: back.md\n  with: { app: "${service}" }\n';
  trusted(workspace, 'x.md', `${head('Deploy', main)}${step('Change', 'echo one')}`);
  const { out } = workspace.gonogo(['plan', 'x.md', '--set', 'service=checkout']);
  expect(out).toMatch(
    /\nRollback: Go back {2}\(.*back\.md\)\n {2}app=checkout\n[\s\S]*Put back\n +change\n +\$ echo "\$APP"/,
  );
});

test('the plan lists undo commands, the last first', () => {
  const workspace = setTheScene();
  const undo = (script: string): string => `\n  \`\`\`sh {undo}\n  ${script}\n  \`\`\`\n`;
  trusted(
    workspace,
    'x.md',
    `${head('Deploy')}${step('One', 'echo one')}${undo('echo back one')}${step('Two', 'echo two')}${undo('echo back two')}`,
  );
  const { out } = workspace.gonogo(['plan', 'x.md']);
  expect(out).toMatch(/\nRollback: undo what ran, the last first\n[\s\S]*\$ echo back two\n[\s\S]*\$ echo back one\n/);
});

test('the plan says what gates ask and allow, with values, and which steps do not apply', () => {
  const workspace = setTheScene();
  const fence = (kind: string, text: string): string =>
    `\n  \`\`\`${kind}\n  ${text.replaceAll('\n', '\n  ')}\n  \`\`\`\n`;
  const inputs =
    'inputs:\n  service: { prompt: Service }\n  soak: { default: 15m }\n  most: { type: number, default: 110 }\n';
  const metrics = 'metrics:\n  p95: { query: up, unit: seconds }\n';
  const text = `${head('Deploy', inputs + metrics)}
## Watch
- [ ] \${service} as before
${fence('baseline', 'metrics: [p95]\nwindow: 30m')}
- [ ] Holds
${fence('gate', "p95: <= ${most}% of baseline\nhttp: 'https://a.example/health'\ncommand: gh run list\nelse: [http]\nfor: ${soak}\nshift: 1d")}
- [ ] Other {when=service==other}
`;
  trusted(workspace, 'x.md', text);
  const { out } = workspace.gonogo(['plan', 'x.md', '--set', 'service=checkout', '--set', 'soak=40s']);
  expect(out).toMatch(/\nWatch\n\S+ +checkout as before {2}\[baseline\]\n +p95: the last 30 min\n/);
  expect(out).toContain('         p95: 110 % of baseline\n         http a.example/health: HTTP 200\n');
  expect(out).toContain('         $ gh run list\n         holds for 0:40; baseline of 1d ago; without metrics: http\n');
  expect(out).toMatch(/Other {2}\(not here: service==other\)/);
});

test('the plan tells the steps of a runbook once, however often it is led to', () => {
  const workspace = setTheScene();
  trusted(workspace, 'other.md', `${head('Other', 'inputs:\n  app: { prompt: App }\n')}${step('Look', 'echo "$APP"')}`);
  const handoff = (app: string): string =>
    `\n- [ ] Go to ${app}\n\n  \`\`\`handoff\n  runbook: other.md\n  with: { app: ${app} }\n  \`\`\`\n`;
  trusted(workspace, 'x.md', `${head('Deploy')}${step('Change', 'echo one')}${handoff('a')}${handoff('b')}`);
  const { out } = workspace.gonogo(['plan', 'x.md']);
  expect(out.match(/\$ echo "\$APP"/g)).toHaveLength(1);
  expect(out).toMatch(/\nHandoff: Other {2}\(.*other\.md\)\n {2}app=b\n {2}its steps: above\n/);
});
