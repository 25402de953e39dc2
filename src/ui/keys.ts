import { chordOf } from './chord.ts';
import { available } from './key-available.ts';
import type { KeyRow } from './key-row.ts';
import type { Press } from './press.ts';

type Row = Omit<KeyRow, 'available'>;

const inGroup =
  (group: KeyRow['group']) =>
  (
    id: KeyRow['id'],
    press: readonly string[],
    label: string,
    hint: string | null,
    description: string,
    danger: KeyRow['danger'] = 'none',
  ): Row => ({ id, press, label, hint, description, group, danger });

const ofStep = inGroup('This step');
const around = inGroup('Looking around');
const ofRun = inGroup('The whole run');

const rows: readonly Row[] = [
  ofStep(
    'enter',
    ['enter'],
    'Enter',
    null,
    'the main action of the step; the line above the keys says which',
    'confirms',
  ),
  ofStep('tick', ['space'], 'Space', 'tick', 'tick the item under the cursor', 'confirms'),
  ofStep(
    'choice',
    ['1', '2', '3', '4', '5', '6', '7', '8', '9'],
    '1-9',
    'choose',
    'take one of the choices shown',
    'confirms',
  ),
  ofRun('rollback', ['R'], 'R', 'roll back', 'show where a rollback leads and what it runs; y starts it'),
  ofRun(
    'acknowledge',
    ['A'],
    'A',
    'acknowledge',
    'acknowledge a breach of a rollback criterion, a change by others, or a source that is known to be away, with a reason',
  ),
  ofStep('again', ['t'], 't', 'try again', 'try the step again after trouble', 'confirms'),
  around(
    'logs',
    ['l'],
    'l',
    'logs',
    'logs of the failing pods, else of the workload, as they come; p shows the run of the container before',
  ),
  around(
    'cluster',
    ['c'],
    'c',
    'cluster',
    'the cluster in full: workloads, revisions, pods, events, changes by others',
  ),
  around(
    'metrics',
    ['m'],
    'm',
    'metrics',
    'the metrics in full: each with its chart, limit and the time things were done',
  ),
  around('list', ['tab'], 'Tab', 'list', 'the whole checklist, where the window is too narrow to show it always'),
  ofStep('fail', ['F'], 'F', 'fail', 'the step failed, with a reason'),
  ofStep('skip', ['S'], 'S', 'skip/later', 'leave the step out: skip it, not applicable, or later'),
  ofStep('not-applicable', ['x'], 'x', 'n/a', 'the step, or a phase whose condition is false, does not apply'),
  ofStep('edit', ['e'], 'e', 'edit', 'change the command before it runs; the record shows the change'),
  around('output', ['o'], 'o', 'output', 'the output of the command in full, with search (/ n N)'),
  around('describe', ['d'], 'd', null, 'describe the worst pod, else the workload'),
  ofStep(
    'copy',
    ['y'],
    'y',
    'copy',
    'copy the command, message or record; also printed plainly to select by hand',
    'confirms',
  ),
  ofStep('undo', ['u'], 'u', 'undo tick', 'undo the last tick', 'confirms'),
  ofStep('reopen', ['b'], 'b', 'reopen', 'go back to this step: it and every later one is open again'),
  around('evidence', ['v'], 'v', 'evidence', 'what is recorded of the step: hashes, attempts, who and when'),
  around('links', ['L'], 'L', 'links', 'links and contacts of the runbook; Enter copies one'),
  around('down', ['j', 'down'], 'j ↓', null, 'look at the next step'),
  around('up', ['k', 'up'], 'k ↑', null, 'look at the step before'),
  around('first', ['g', 'home'], 'g', null, 'look at the first step'),
  around('last', ['G', 'end'], 'G', null, 'look at the last step'),
  around('page-down', ['ctrl-d', 'page-down'], 'Ctrl-d PgDn', null, 'scroll down in what is shown'),
  around('page-up', ['ctrl-u', 'page-up'], 'Ctrl-u PgUp', null, 'scroll up in what is shown'),
  around('current', ['.'], '.', null, 'back to the current step'),
  around('back', ['escape'], 'Esc', null, 'one level back, always'),
  ofRun('note', ['a'], 'a', 'note', 'add a note to the record'),
  ofRun('status', ['U'], 'U', 'update', 'post a status update: the text is copied, and recorded'),
  ofRun('hold', ['P'], 'P', 'hold', 'hold: nothing goes forward until P lifts it'),
  ofRun('end', ['Q'], 'Q', null, 'end the run here, with a reason'),
  ofRun('interrupt', ['ctrl-c'], 'Ctrl-C', null, 'while a command runs: stop it, leave it running, or back; else as q'),
  around('help', ['?'], '?', 'keys', 'all keys'),
  ofRun('leave', ['q'], 'q', 'leave', 'leave; the run can be resumed'),
];

/** One table: handling, the key line and the help are made from it, in this order. */
export const keyTable: readonly KeyRow[] = rows.map((key) => ({ ...key, available: available[key.id] }));

const byChord = new Map(keyTable.flatMap((key) => key.press.map((chord) => [chord, key] as const)));

export const keyFor = (press: Press): KeyRow | null => byChord.get(chordOf(press)) ?? null;

const looksOnly: ReadonlySet<KeyRow['id']> = new Set([
  'down',
  'up',
  'first',
  'last',
  'page-down',
  'page-up',
  'current',
  'list',
  'back',
]);

/** A key that only moves what is looked at: it acts among others of one chunk as well. */
export const isNavigation = ({ id }: KeyRow): boolean => looksOnly.has(id);
