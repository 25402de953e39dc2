import type { EngineView } from '../../engine/view.ts';
import type { Link } from '../../runbook/model.ts';
import { messageText } from '../../session/message-text.ts';
import { stateWords } from '../../session/overview.ts';
import { currentFrame } from '../../session/select.ts';
import { stepTitle } from '../../session/ui-facts.ts';
import { placeOf, stepStateOf } from '../../session/walk.ts';
import { safe, safeText } from '../../text/safe-text.ts';
import { keyTable } from '../keys.ts';
import { blank, labelled, type Row, row } from '../rows.ts';
import type { Dialog } from '../screen-state.ts';
import { criteriaEvidence } from './criteria.ts';
import type { DialogView } from './dialog-view.ts';
import type { DialogContext } from './dialogs.ts';
import { attemptEvidence, gateEvidence } from './evidence.ts';

/** Keys inside dialogs and viewers, for the help. */
const dialogKeys: readonly { readonly label: string; readonly description: string }[] = [
  { label: 'y', description: 'confirms, once the last line was visible; Enter and Esc are "no"' },
  { label: '/ n N', description: 'search in the output; next and previous hit' },
  { label: 'j k g G PgDn', description: 'scroll in what is longer than the window' },
  { label: 'Ctrl-S', description: 'takes the changed command in the editor' },
];

type Of<K extends Dialog['kind']> = Extract<Dialog, { kind: K }>;

const reading = {
  menu: null,
  fixed: [],
  enter: safeText('Enter and Esc go back.'),
  keys: safeText('j k scroll   Esc back'),
} as const;

/** The help screen: made from the key table. */
export const helpView = ({ scroll }: Of<'help'>, { columns }: DialogContext): DialogView => {
  const groups = [...new Set(keyTable.map(({ group }) => group))];
  const line = (label: string, description: string): readonly Row[] =>
    labelled(safe`  ${label.padEnd(13)} `, safe`${description}`, columns, {}, { bold: true });
  const rows = groups.flatMap((group): readonly Row[] => [
    row(safe`${group}`, { bold: true }),
    ...keyTable.filter((key) => key.group === group).flatMap((key) => line(key.label, key.description)),
    blank,
  ]);
  const dialogs = [
    row(safeText('In dialogs'), { bold: true }),
    ...dialogKeys.flatMap(({ label, description }) => line(label, description)),
    blank,
  ];
  const words = [
    row(safeText('Words'), { bold: true }),
    ...line('ok wait', 'as it should be; not yet, or it needs you'),
    ...line('FAIL BLIND', 'it is not as it should be; it cannot be told'),
  ];
  return { ...reading, title: safeText('Keys'), rows: [...rows, ...dialogs, ...words], scroll };
};

/** What is recorded of a step. */
export const evidenceView = ({ step, scroll }: Of<'evidence'>, context: DialogContext): DialogView => {
  const { view, columns } = context;
  const frame = currentFrame(view.session);
  const place = frame === null || step === null ? undefined : placeOf(frame.runbook, step);
  if (frame === null || place === undefined)
    return { ...reading, title: safeText('Evidence'), rows: [row(safeText('nothing is recorded yet'))], scroll: 0 };
  const state = stepStateOf(frame, place.step);
  const judged = criteriaEvidence(view, columns);
  const fact = (name: string, text: string): readonly Row[] =>
    labelled(safe`${name.padEnd(12)}`, safe`${text}`, columns);
  const rows = [
    ...fact('step', `${place.step.id}, line ${place.step.line} of ${frame.reference.path}`),
    ...fact('state', stateWords(state)),
    ...(state.by === null ? [] : fact('by', state.by)),
    ...(state.reason === null ? [] : fact('reason', state.reason)),
    ...fact('runbook', `sha256 ${frame.reference.sha256}`),
    ...fact('run', `${view.session.run?.run ?? ''}, event ${view.session.seq}`),
    ...fact('last hash', view.session.head),
    ...gateEvidence(frame.number, state, context),
    ...attemptEvidence(state, context),
    ...(judged.length === 0 ? [] : [blank, row(safeText('Rollback criteria'), { bold: true }), ...judged]),
  ];
  return { ...reading, title: safe`Evidence:  ${stepTitle(frame, place.step.id)}`, rows, scroll };
};

export interface Linked {
  readonly title: string;
  readonly text: string;
}

/** Links and contacts with their values filled in; their index is their entry in the menu. */
export const linksOf = (view: EngineView): readonly Linked[] => {
  const frame = currentFrame(view.session);
  if (frame === null) return [];
  const link = ({ title, url }: Link): Linked => ({
    title,
    text: messageText(view.session, frame, url, view.now, 'url'),
  });
  return [
    ...frame.runbook.links.map(link),
    ...frame.runbook.contacts.map(({ role, how }) => ({ title: role, text: how })),
  ];
};

export const linksView = ({ view }: DialogContext): DialogView => ({
  ...reading,
  title: safeText('Links and contacts'),
  rows: [],
  scroll: 0,
  menu: linksOf(view)
    .slice(0, 9)
    .map(({ title, text }, i) => ({ value: String(i), label: safe`${title.padEnd(24)} ${text}` })),
  enter: safeText('Enter copies the one that is marked.  Esc goes back.'),
  keys: safeText('j k move   Enter copy   Esc back'),
});
