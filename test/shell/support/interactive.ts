/**
 * A gonogo on a terminal that hands it to one command. Arguments: run directory, runner, folder, script.
 * Prints the terminal's modes before and after, and the end as JSON.
 */
import { spawnSync } from 'node:child_process';
import { specHash } from '../../../src/session/exec-spec.ts';
import { createCommandRunner } from '../../../src/shell/command-runner.ts';
import { createSecretsRegistry } from '../../../src/shell/secrets-registry.ts';
import { specOf } from '../../support/exec-spec.ts';

const [runDir = '', runnerPath = '', startCwd = '', script = ''] = process.argv.slice(2);
const modes = (): string =>
  spawnSync('stty', ['-g'], { stdio: ['inherit', 'pipe', 'ignore'], encoding: 'utf8' }).stdout.trim();
const commands = createCommandRunner({
  runDir,
  runnerPath,
  environment: { PATH: process.env.PATH },
  startCwd,
  secretsRegistry: createSecretsRegistry(),
  now: Date.now,
});
const spec = specOf(script, { risk: 'change', tty: true });
const before = modes();
const request = { attempt: 1, spec, hash: specHash(spec), values: {}, secretNames: [], stdin: null };
const end = await commands.startInteractive(request);
process.stdout.write(`\nMODES ${before === modes() ? 'restored' : 'changed'}\nEND ${JSON.stringify(end)} DONE\n`);
await commands.close();
