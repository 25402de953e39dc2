import { acknowledgeable } from '../session/acknowledge-view.ts';
import { statusDue } from '../session/overview.ts';
import { cardItems } from '../session/ui-words.ts';
import { isSettled } from '../session/walk.ts';
import type { KeyContext, KeyId } from './key-row.ts';
import { describable, logSources } from './log-sources.ts';

const always = (): boolean => true;
const present = ({ view }: KeyContext): boolean => view.session.finished === null && view.observing === null;
/** At a wrong target nothing goes forward or back. */
const working = (context: KeyContext): boolean => present(context) && context.view.session.mismatch === null;
const hasStep = (context: KeyContext): boolean => working(context) && context.at !== null;
const openStep = (context: KeyContext): boolean =>
  hasStep(context) && context.at !== null && !isSettled(context.at.state.status) && context.main.kind !== 'wait';
/** How many choices the digits have. */
export const choiceCount = ({ main }: Pick<KeyContext, 'main'>): number =>
  main.kind === 'decide' || main.kind === 'gate'
    ? main.choices.length
    : main.kind === 'choose-phase'
      ? main.phases.length
      : 0;
const pendingOf = ({ main }: KeyContext) => (main.kind === 'run' || main.kind === 'confirm' ? main.pending : null);
const runbookOf = ({ view }: KeyContext) => view.session.frames[view.session.frame]?.runbook ?? null;

/** Where each key does something. */
export const available: Readonly<Record<KeyId, (context: KeyContext) => boolean>> = {
  enter: always,
  tick: (c) =>
    working(c) && (cardItems(c.view.session, c.main) !== null || (c.main.kind === 'pass' && c.main.what === 'tick')),
  choice: (c) => working(c) && choiceCount(c) > 0,
  rollback: working,
  fail: openStep,
  again: (c) =>
    hasStep(c) &&
    c.main.kind !== 'gate' &&
    c.main.kind !== 'resolve' &&
    (c.at?.state.status === 'attention' || c.at?.state.status === 'failed'),
  skip: (c) =>
    hasStep(c) &&
    c.main.kind !== 'wait' &&
    (c.at?.state.status === 'owed' || !isSettled(c.at?.state.status ?? 'passed')),
  list: (c) => !c.wide && c.view.observing?.watch === undefined,
  'not-applicable': (c) => openStep(c) && (c.at?.step.optional === true || c.at?.phase.when !== null),
  edit: (c) => working(c) && pendingOf(c) !== null,
  output: (c) => c.attempt !== null,
  logs: (c) => logSources(c.view).length > 0,
  cluster: (c) => c.view.cluster !== null,
  metrics: (c) => c.view.metrics.length > 0,
  describe: (c) => describable(c.view.cluster) !== null,
  acknowledge: (c) => working(c) && acknowledgeable(c.view.session, c.view.now).length > 0,
  // What is copied at another target would be pasted there.
  copy: (c) =>
    c.view.session.mismatch === null &&
    (pendingOf(c) !== null || c.main.kind === 'message' || c.main.kind === 'approve' || c.attempt !== null),
  undo: (c) =>
    working(c) &&
    Object.values(c.view.session.frames[c.view.session.frame]?.steps ?? {}).some(
      (step) => step.status === 'passed' && step.how === 'tick',
    ),
  reopen: (c) =>
    hasStep(c) &&
    (isSettled(c.at?.state.status ?? 'open') || c.at?.state.status === 'failed') &&
    c.main.kind !== 'wait',
  evidence: (c) => c.at !== null,
  links: (c) => (runbookOf(c)?.links.length ?? 0) + (runbookOf(c)?.contacts.length ?? 0) > 0,
  down: always,
  up: always,
  first: always,
  last: always,
  'page-down': always,
  'page-up': always,
  current: always,
  back: always,
  note: present,
  status: (c) => working(c) && (statusDue(c.view.session, c.view.now) !== null || c.view.session.startedAt !== null),
  hold: working,
  end: present,
  interrupt: always,
  help: always,
  leave: always,
};
