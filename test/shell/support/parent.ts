/**
 * A gonogo without a screen, to be killed: confirms one command and waits for its end, telling on stdout how far it is.
 * Arguments: run directory, runner, folder, attempt, script.
 */

import { specHash } from '../../../src/session/exec-spec.ts';
import { createCommandRunner } from '../../../src/shell/command-runner.ts';
import { createSecretsRegistry } from '../../../src/shell/secrets-registry.ts';
import { specOf } from '../../support/exec-spec.ts';

const [runDir = '', runnerPath = '', startCwd = '', attempt = '', script = ''] = process.argv.slice(2);
const commands = createCommandRunner({
  runDir,
  runnerPath,
  environment: { PATH: process.env.PATH },
  startCwd,
  secretsRegistry: createSecretsRegistry(),
  now: Date.now,
});
const spec = specOf(script, { risk: 'change' });
process.stdout.write('confirmed\n');
const request = { attempt: Number(attempt), spec, hash: specHash(spec), values: {}, secretNames: [], stdin: null };
const running = await commands.start(request);
process.stdout.write('running\n');
const end = await running.ended;
process.stdout.write(`${JSON.stringify(end)}\n`);
await commands.close();
