import { describeBadFiles } from './support/bad-files.ts';
import { gonogo } from './support/runbooks.ts';

const failed = (track: string): string => `sum(rate(failed_total{track="${track}"}[5m]))`;
const all = (track: string): string => `sum(rate(all_total{track="${track}"}[5m]))`;
const ratio = (track: string): string => `(${failed(track)} or vector(0)) / ${all(track)}`;

/** A gonogo runbook of one metric and one gate: the query is on line 6, its control on 7, the gate's checks begin on 15. */
const runbook = (
  gate: string,
  { query = ratio('canary'), stable = ratio('stable'), unit = 'ratio', more = '' } = {},
): string => {
  const metric = `metrics:\n  error-rate:\n    query: '${query}'\n    stable: '${stable}'\n    unit: ${unit}\n${more}`;
  const indented = gate.split('\n').map((line) => `   ${line}`);
  return gonogo(`1. Judge\n\n   \`\`\`gate\n${indented.join('\n')}\n   \`\`\`\n`, metric);
};

describeBadFiles('metrics and their checks', [
  {
    title: '88 a ratio declared as percent',
    text: runbook('error-rate: <= 1%', { unit: 'percent' }),
    place: '6:*: E321',
    says: 'a division declared as percent without "* 100"',
    next: 'multiply by 100, or declare unit: ratio',
  },
  {
    title: '88 baseline + 15%',
    text: runbook('error-rate: baseline + 15%'),
    place: '15:*: E322',
    says: '"baseline + 15%" can mean 115% of baseline or 15 percentage points more',
    next: 'write 115% of baseline or baseline + 15pp',
  },
  {
    title: '89 or vector(0) around everything',
    text: runbook('error-rate: <= 1%', { query: `${ratio('canary')} or vector(0)` }),
    place: '6:*: E323',
    says: 'turns missing data into a value',
    next: '(… or vector(0)) / …',
  },
  {
    title: '89 a numerator that may be absent',
    text: runbook('error-rate: <= 1%', { query: `${failed('canary')} / ${all('canary')}` }),
    place: '6:*: W324',
    says: 'the numerator may be absent',
    next: 'write (… or vector(0)) / …',
  },
  {
    title: '90 the control is the canary',
    text: runbook('error-rate: stable + 1pp', { stable: ratio('canary') }),
    place: '7:*: E325',
    says: 'the query and the stable query are the same',
    next: 'select the stable track in one and the canary in the other',
  },
  {
    title: '90 looks of a test that share requests',
    text: runbook('error-rate: not worse than stable (fisher)\nfor: 45m\nevery: 15s'),
    place: '17:*: E326',
    says: 'looks every 15s share requests: the query looks back over 5m',
    next: 'write "every: 5m" or leave it out',
  },
  {
    title: '103 an expression that is not understood',
    text: runbook('error-rate: about one percent'),
    place: '15:*: E320',
    says: '"about one percent" is not understood',
    next: /write for example/,
  },
  {
    title: '103 N% on a unit that has none',
    text: runbook('error-rate: <= 5%', { unit: 'seconds' }),
    place: '15:*: E320',
    says: '"%" does not fit a metric in seconds',
    next: /write a number with/,
  },
  {
    title: '103 a criterion without an operator',
    text: runbook('error-rate: <= 1%', { more: 'rollback:\n  when:\n    - error-rate: 5%\n' }),
    place: '11:*: E320',
    says: 'a criterion states the breach and needs an operator',
    next: 'write for example "> 5%"',
  },
  {
    title: '103 a test without a soak',
    text: runbook('error-rate: not worse than stable (fisher)'),
    place: '15:*: E320',
    says: 'a test is made over a whole soak',
    next: /add "for: /,
  },
]);
