import { cpSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { runFolder, setTheScene, trusted } from '../support/story.ts';
import { program } from '../support/workspace.ts';

const steps = `# Upgraded under the run

- [ ] Wait

  \`\`\`sh {risk=read}
  sleep 2
  \`\`\`

- [ ] It works
`;

for (const more of [[], ['--plain']])
  test(`the package is replaced under a run: its record is written yet (${more.join() || 'screen'})`, async () => {
    const workspace = setTheScene();
    trusted(workspace, 'steps.md', steps);
    const own = join(workspace.folder, 'package');
    const installed = dirname(dirname(program));
    mkdirSync(own);
    cpSync(join(installed, 'package.json'), join(own, 'package.json'));
    for (const folder of ['dist', 'runbooks']) cpSync(join(installed, folder), join(own, folder), { recursive: true });
    const terminal = workspace.terminalOf(join(own, 'dist', 'cli.js'), ['run', 'steps.md', ...more]);
    // The command takes longer than loading what is needed late.
    await terminal.sees(/Enter.*(runs|>)/);
    await terminal.presses('Enter');
    await terminal.sees(/exit 0[\s\S]*(as expected|Enter: done)/);
    rmSync(join(own, 'dist'), { recursive: true });
    await terminal.presses('Enter');
    await terminal.sees(/It works/);
    await terminal.presses('Enter');
    if (more.length === 0) {
      await terminal.sees(/Enter.*ends/);
      await terminal.presses('Enter');
    }
    const record = join(runFolder(workspace), 'record.md');
    await terminal.sees(/succeeded/i);
    if (more.length === 0) await terminal.presses('q');
    await terminal.exits();
    expect(existsSync(record), terminal.text()).toBe(true);
    expect(readFileSync(record, 'utf8')).toMatch(/^## SUCCEEDED/);
  });
