import { expect, test } from 'vitest';
import { rollbackLine } from '../../src/session/overview.ts';
import { fold } from '../../src/session/reduce.ts';
import { frameTitles } from '../../src/session/select.ts';
import { safeText } from '../../src/text/safe-text.ts';
import { rollbackFixedLine } from '../../src/ui/header-lines.ts';
import { rowText } from '../../src/ui/rows.ts';
import { themeFor } from '../../src/ui/theme.ts';
import { rollbackView } from '../../src/ui/views/dialog-rollback.ts';
import { changing, JournalWriter, libraryOf, phaseOf, run, runbookOf, startOf, stepOf } from '../record/support.ts';
import { memoryEngine } from './support/engine.ts';

const set = changing('kubectl set image deployment/app app=v2', { uses: [] });
const undo = changing('kubectl rollout undo deployment/app', { uses: [] });
const decide = { kind: 'decide', line: 1, choices: [{ label: 'Go on', target: 'next' }] } as const;

const opened = (runbook: ReturnType<typeof runbookOf>): JournalWriter =>
  new JournalWriter().add('run.started', startOf()).open('u.md', runbook, {});

test('the dialog and line 4 count the commands and checks of a rollback alike', () => {
  const steps = [stepOf('Undo', [run(undo)]), stepOf('Look'), stepOf('Decide', [decide]), stepOf('Pods are up')];
  const runbook = runbookOf('U', 'hotfix', [
    phaseOf('Deploy', [stepOf('Set', [run(set)])]),
    phaseOf('Rollback', steps, { offPath: 'rollback' }),
  ]);
  const { events } = opened(runbook).ran('1.1', set, '', 1);
  const view = memoryEngine(libraryOf(['u.md', runbook]), events).view();
  const theme = themeFor('dark', { LANG: 'C.UTF-8' });
  const dialog = { kind: 'rollback', decide: null, scroll: 0, reached: false } as const;
  const shown = rollbackView(dialog, { view, theme, columns: 100, height: 30 }).rows.map(rowText).join('\n');
  expect(rollbackFixedLine(view).left).toContain('1 command, 3 checks');
  expect(shown).toContain('1 command, 3 checks');
});

test('the frame of an undo is named after what it is, not after the runbook again', () => {
  const runbook = runbookOf('U', 'hotfix', [phaseOf('Deploy', [stepOf('Set', [run(set)], { undo: [undo] })])]);
  const { events } = opened(runbook)
    .ran('1.1', set, '', 1)
    .add('rollback.started', { from: null, plan: 'undo' })
    .open('u.md', runbook, {}, { purpose: 'rollback', parent: { frame: 0, step: null }, source: 'undo' });
  // The frame that is opened is the second one.
  const second = events.map((event, i) => (i === events.length - 1 ? { ...event, frame: 1 } : event));
  const state = fold(libraryOf(['u.md', runbook]), second);
  expect(frameTitles(state).map((title) => safeText(title))).toEqual(['U', 'undo of what ran']);
});

test('a rollback before the first change says that it takes back what was there before the run', () => {
  const runbook = runbookOf('U', 'hotfix', [
    phaseOf('Deploy', [stepOf('Set', [run(set)])]),
    phaseOf('Rollback', [stepOf('Undo', [run(undo)])], { offPath: 'rollback' }),
  ]);
  const theme = themeFor('dark', { LANG: 'C.UTF-8' });
  const dialog = { kind: 'rollback', decide: null, scroll: 0, reached: false } as const;
  const shown = (journal: JournalWriter): string => {
    const view = memoryEngine(libraryOf(['u.md', runbook]), journal.events).view();
    return rollbackView(dialog, { view, theme, columns: 160, height: 30 }).rows.map(rowText).join('\n');
  };
  expect(shown(opened(runbook))).toContain(
    'this run has changed nothing yet; this takes back what was deployed before',
  );
  expect(shown(opened(runbook).ran('1.1', set, '', 1))).not.toContain('changed nothing yet');
});

test.each([
  ['kubectl rollout undo deployment/app', 'kubectl rollout undo deployment/app'],
  ['# back\nset -eu\nkubectl scale deployment/app \\\n  --replicas=0', 'kubectl scale deployment/app …'],
  ['if [ "$REVISION" = "" ]; then\n  kubectl rollout undo deployment/app\nfi', 'Take it back'],
  ['[ -n "$REVISION" ] || exit 1\nkubectl rollout undo deployment/app', 'Take it back'],
  ['old=$(kubectl get deployment/app)\necho "$old"', 'Take it back'],
])('a rollback that runs %j begins with %j', (script, first) => {
  const runbook = runbookOf('U', 'hotfix', [
    phaseOf('Deploy', [stepOf('Set', [run(set)])]),
    phaseOf('Rollback', [stepOf('Look'), stepOf('Take it back', [run(changing(script, { uses: [] }))])], {
      offPath: 'rollback',
    }),
  ]);
  const { session, now } = memoryEngine(
    libraryOf(['u.md', runbook]),
    opened(runbook).ran('1.1', set, '', 1).events,
  ).view();
  expect(rollbackLine(session, now).first).toBe(first);
});
