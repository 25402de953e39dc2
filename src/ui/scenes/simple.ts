import type { AwayPage, OccupiedPage, StartChoice, StartScreen } from '../../engine/face.ts';
import { spoken } from '../../text/duration.ts';
import { type SafeText, safe, safeText } from '../../text/safe-text.ts';
import { widthOf } from '../../text/width.ts';
import { chordOf } from '../chord.ts';
import { blank, labelled, type Row, row, span, wrapRows } from '../rows.ts';
import type { Theme } from '../theme.ts';
import { pageRoom, pageRows } from './page.ts';
import type { Question } from './question.tsx';

/** What happened while nobody was here: shown until a key. */
export const awayQuestion = (page: AwayPage, theme: Theme): Question<number, true> => ({
  initial: 0,
  rows: (scroll, { columns, rows }) => {
    const body = page.lines.flatMap(({ level, text }) =>
      labelled(
        level === 'attention' ? safeText('wait  ') : safeText('      '),
        text,
        columns - 2,
        level === 'attention' ? { bold: true } : {},
        { tone: 'wait', bold: true },
      ),
    );
    return pageRows(
      {
        title: safe`While you were away ${spoken(page.awayMs)}`,
        headline: null,
        rows: body,
        scroll,
        enter: safeText('Enter goes on.'),
        keys: safeText('Enter go on   j k scroll'),
      },
      columns,
      rows,
      theme,
    );
  },
  press: (scroll, press) => {
    if (chordOf(press) === 'j' || press.name === 'down' || press.name === 'page-down') return { state: scroll + 1 };
    if (chordOf(press) === 'k' || press.name === 'up' || press.name === 'page-up')
      return { state: Math.max(0, scroll - 1) };
    return press.burst ? { state: scroll } : { answer: true };
  },
});

/** Another process has the run. */
export const occupiedQuestion = (page: OccupiedPage, theme: Theme): Question<null, 'take-over' | 'observe' | null> => ({
  initial: null,
  rows: (_, { columns, rows }) => {
    const option = (key: string, words: string): Row => [
      span(safe`${key.padEnd(4)}`, { tone: 'now', bold: true }),
      span(safe`${words}`),
    ];
    const body = [
      ...wrapRows(page.message, columns - 2),
      blank,
      ...(page.canTakeOver
        ? [option('t', 'take it over: the other gonogo leaves, the running command is untouched')]
        : []),
      option('o', 'observe: look on, nothing can be done'),
      option('q', 'leave it'),
    ];
    return pageRows(
      {
        title: page.title,
        headline: null,
        rows: body,
        scroll: 0,
        enter: safeText('Enter does nothing here: choose.'),
        keys: safe`${page.canTakeOver ? 't take over   ' : ''}o observe   q leave`,
      },
      columns,
      rows,
      theme,
    );
  },
  press: (state, press) => {
    const chord = chordOf(press);
    if (chord === 'q' || press.name === 'escape' || chord === 'ctrl-c') return { answer: null };
    if (press.burst) return { state };
    if (chord === 't' && page.canTakeOver) return { answer: 'take-over' };
    return chord === 'o' ? { answer: 'observe' } : { state };
  },
});

interface Entry {
  readonly choice: StartChoice;
  readonly title: SafeText;
  readonly detail: SafeText;
}

const groups = (start: StartScreen): readonly { readonly title: string; readonly entries: readonly Entry[] }[] =>
  [
    {
      title: 'Follow-ups',
      entries: start.due.map(({ id, title, detail }) => ({ choice: { kind: 'resume', id } as const, title, detail })),
    },
    {
      title: 'Not finished',
      entries: start.unfinished.map(({ id, title, detail }) => ({
        choice: { kind: 'resume', id } as const,
        title,
        detail,
      })),
    },
    {
      title: 'Runbooks',
      entries: start.runbooks.map(({ path, title, folder, detail }) => ({
        choice: { kind: 'run', path } as const,
        title,
        detail: safe`${folder}  ${detail}`,
      })),
    },
  ].filter(({ entries }) => entries.length > 0);

type Groups = ReturnType<typeof groups>;

const entryRows = (
  shown: Groups,
  at: number,
  theme: Theme,
): { readonly rows: readonly Row[]; readonly cursorRow: number } => {
  const all = shown.flatMap(({ entries }) => entries);
  const width = Math.min(44, Math.max(12, ...all.map(({ title }) => widthOf(title))));
  const rows: Row[] = [];
  let cursorRow = 0;
  for (const { title, entries } of shown) {
    rows.push(row(safe`${title}`, { bold: true }));
    for (const entry of entries) {
      const cursor = entry === all[at];
      if (cursor) cursorRow = rows.length;
      const gap = ' '.repeat(Math.max(2, width + 2 - widthOf(entry.title)));
      rows.push([
        span(safe`${cursor ? theme.glyph.now : ' '} `, { tone: 'now', bold: true }),
        span(entry.title, { bold: cursor }),
        span(safe`${gap}${entry.detail}`, { dim: true }),
      ]);
    }
    rows.push(blank);
  }
  if (all.length === 0)
    rows.push(
      row(safeText('No runbook was found here. gonogo init writes one with comments; gonogo run FILE opens one.')),
    );
  return { rows, cursorRow };
};

/** The start screen: unfinished runs first, then runbooks with the folder each comes from. */
export const startQuestion = (start: StartScreen, theme: Theme): Question<number, StartChoice | null> => {
  const shown = groups(start);
  const all = shown.flatMap(({ entries }) => entries);
  return {
    initial: 0,
    rows: (at, { columns, rows }) => {
      const { rows: body, cursorRow } = entryRows(shown, at, theme);
      const room = pageRoom(rows);
      const chosen = all[at];
      const enter =
        chosen === undefined
          ? 'Enter does nothing here.'
          : chosen.choice.kind === 'resume'
            ? `Enter resumes: ${chosen.title}`
            : `Enter opens: ${chosen.title}`;
      return pageRows(
        {
          title: safeText('gonogo'),
          headline: safeText('what to walk'),
          rows: body,
          scroll: Math.max(0, cursorRow - room + 2),
          enter: safe`${enter}`,
          keys: safeText(chosen === undefined ? 'q leave' : 'j k move   g G first, last   Enter open   q leave'),
        },
        columns,
        rows,
        theme,
      );
    },
    press: (at, press) => {
      const chord = chordOf(press);
      const to = (next: number): { state: number } => ({ state: Math.max(0, Math.min(all.length - 1, next)) });
      if (chord === 'q' || press.name === 'escape' || chord === 'ctrl-c') return { answer: null };
      if (chord === 'j' || press.name === 'down') return to(at + 1);
      if (chord === 'k' || press.name === 'up') return to(at - 1);
      if (chord === 'g' || press.name === 'home') return to(0);
      if (chord === 'G' || press.name === 'end') return to(all.length - 1);
      const entry = all[at];
      return press.name === 'enter' && !press.burst && entry !== undefined ? { answer: entry.choice } : { state: at };
    },
  };
};
