import { type ApiAnswers, startApi } from './api-double.ts';

/**
 * The API double as a program of its own, for tests that wait for other programs: argv holds the answers as JSON, the
 * first line of stdout the port, each line of stdin further answers, each followed by a line of stdout.
 */
const [, , given = '{}', port = '0'] = process.argv;
const api = await startApi(JSON.parse(given) as Partial<ApiAnswers>, Number(port));
process.stdout.write(`${api.port}\n`);
let pending = '';
for await (const chunk of process.stdin) {
  pending += String(chunk);
  for (let end = pending.indexOf('\n'); end >= 0; end = pending.indexOf('\n')) {
    Object.assign(api.answers, JSON.parse(pending.slice(0, end)));
    pending = pending.slice(end + 1);
    process.stdout.write('ok\n');
  }
}
await api.close();
