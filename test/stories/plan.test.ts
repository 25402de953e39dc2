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
