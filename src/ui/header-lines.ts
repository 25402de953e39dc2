import type { EngineView } from '../engine/view.ts';
import { lockWarning } from '../session/lock-state.ts';
import { phaseRows, progress, rollbackLine, statusDue } from '../session/overview.ts';
import { frameTitles } from '../session/select.ts';
import { clock, timeOfDay } from '../text/duration.ts';
import { type SafeText, safe, safeLine, safeText } from '../text/safe-text.ts';
import { truncate, widthOf } from '../text/width.ts';
import { changeOf, changeWords } from './change.ts';
import { briefCriteriaWords, criteriaWords } from './criteria-now.ts';
import type { Theme } from './theme.ts';

/** One of the six fixed lines: the left part gives way to the right one. */
export interface FixedLine {
  readonly left: SafeText;
  readonly right: SafeText;
  readonly tone: 'plain' | 'production' | 'ok' | 'wait' | 'fail' | 'blind' | 'dim';
  /** Columns at the left that carry the tone; the rest is plain. */
  readonly marked: number;
  /** The part of the left that is now; empty = none. */
  readonly accent?: SafeText;
  /** The right part is only for where there is room. */
  readonly yields?: boolean;
  /** Stands in for the right part where that has no room. */
  readonly brief?: SafeText;
  /** Stands in for the left part where that has no room. */
  readonly tight?: SafeText;
}

/** Left and right on one line of `columns`; the left part is cut first, unless `yields`: then the right one is shortened or left out. */
export const joined = (line: FixedLine, columns: number): SafeText => {
  if (line.yields === true && widthOf(line.left) + widthOf(line.right) + 2 > columns) {
    const { brief = safeText(''), ...rest } = line;
    return joined({ ...rest, right: brief, yields: brief !== '' }, columns);
  }
  const right = truncate(line.right, Math.max(0, columns - 2));
  const room = columns - widthOf(right) - (right === '' ? 0 : 2);
  const left = truncate(widthOf(line.left) <= room ? line.left : (line.tight ?? line.left), room);
  return safe`${left}${' '.repeat(Math.max(0, columns - widthOf(left) - widthOf(right)))}${right}`;
};

/**
 * Line 1: target and versions, who, since when. What goes first where there is no room: title, time since start, the
 * operator, as whom (or that the target is not pinned), context, namespace, time of day. What changes stays at every size.
 */
export const targetLine = (view: EngineView, theme: Theme, columns: number): FixedLine => {
  const { run, startedAt, operator } = view.session;
  const target = run?.target;
  const named = [target?.context, target?.namespace].filter((name) => name !== null && name !== undefined);
  const user = view.session.pin?.user ?? null;
  const as = target?.pinned === true && user !== null ? ` as ${user}` : '';
  const pinned = named.length === 0 || target?.pinned === true ? '' : ' (not pinned)';
  const change = changeWords(view, theme);
  const badge = target?.production === true ? ' PROD ' : '';
  const title = frameTitles(view.session).join(` ${theme.glyph.into} `);
  const since = startedAt === null ? '' : `since start ${clock(view.now - startedAt)}`;
  const time = `${timeOfDay(view.now)} UTC `;
  const unlocked = lockWarning(view.session)?.kind === 'unlocked' ? 'UNLOCKED  ' : '';
  const parts = (wide: boolean, left: readonly string[], right: readonly string[]): FixedLine => ({
    left: safe`${badge}${[` ${unlocked}${left[0] ?? ''}`, ...left.slice(1)].filter((part) => part.trim() !== '').join(wide ? '   ' : '  ')}`,
    right: safeLine(right.filter((part) => part !== '').join(wide ? '     ' : '  ')),
    tone: target?.production === true ? 'production' : 'plain',
    marked: badge.length,
  });
  const where = named.length === 0 ? 'no cluster' : named.join(' / ');
  const close = where.replaceAll(' / ', '/');
  const space = named.at(-1) ?? where;
  const tight = changeWords(view, theme, ' ');
  const tries = [
    parts(true, [`${where}${pinned}${as}`, change, title], [operator, since, time]),
    parts(true, [`${where}${pinned}${as}`, change], [operator, since, time]),
    parts(true, [`${where}${pinned}${as}`, change], [operator, time]),
    ...(as === '' ? [] : [parts(false, [`${close}${as}`, tight], [operator, time])]),
    ...(as === '' ? [] : [parts(false, [`${close}${as}`, tight], [time])]),
    parts(true, [`${where}${pinned}`, change], [operator, time]),
    parts(false, [`${close}${pinned}`, tight], [operator, time]),
    parts(false, [close, tight], [operator, time]),
    parts(false, [close, tight], [time]),
    parts(false, [space, tight], [time]),
    parts(false, [tight], [time]),
  ];
  const fits = ({ left, right }: FixedLine): boolean => widthOf(left) + widthOf(right) + 2 <= columns;
  return tries.find(fits) ?? parts(false, [tight], []);
};

/** Line 2: the way through the phases, and where on it. */
export const wayLine = (view: EngineView, theme: Theme, columns: number): FixedLine => {
  const rows = phaseRows(view.session, view.now).filter((row) => !row.offPath);
  const { index, total, owed } = progress(view.session);
  const due = statusDue(view.session, view.now);
  const right = [
    total === 0 ? '' : columns >= 100 ? `step ${index} of ${total}` : `step ${index}/${total}`,
    owed === 0 ? '' : `owed ${owed}`,
    due === null || columns < 100
      ? ''
      : due.inMs < 0
        ? `update overdue ${clock(-due.inMs)}`
        : `update due in ${clock(due.inMs)}`,
  ].filter((part) => part !== '');
  const room = columns - right.join('    ').length - 6;
  const now = rows.findIndex((row) => row.state === 'now');
  const words = rows.map((row, i): string => {
    const mark =
      row.state === 'done'
        ? ` ${theme.glyph.done}`
        : row.state === 'failed'
          ? ` ${theme.glyph.failed}`
          : row.state === 'not-applicable'
            ? ' n/a'
            : '';
    const when =
      row.dueInMs === null || row.state === 'done'
        ? ''
        : row.dueInMs < 0
          ? ' (overdue)'
          : ` (in ${clock(row.dueInMs)})`;
    return `${i === now ? `${theme.glyph.now} ` : ''}${row.phase.title}${mark}${when}`;
  });
  const here = words[now];
  return {
    ...(here === undefined ? {} : { accent: safeLine(here) }),
    left: safe` ${window(words, Math.max(0, now), room, theme)}`,
    right: safe`${right.join('    ')} `,
    tone: 'plain',
    marked: 0,
  };
};

/** As many neighbours of the current entry as fit, with … where some are left out. */
const window = (words: readonly string[], now: number, room: number, theme: Theme): string => {
  let from = now;
  let to = now;
  const text = (): string => {
    const shown = words.slice(from, to + 1).join('    ');
    return `${from > 0 ? `${theme.glyph.more} ` : ''}${shown}${to < words.length - 1 ? ` ${theme.glyph.more}` : ''}`;
  };
  for (let grown = true; grown; ) {
    grown = false;
    if (to < words.length - 1) {
      to += 1;
      if (widthOf(safeLine(text())) <= room) grown = true;
      else to -= 1;
    }
    if (from > 0) {
      from -= 1;
      if (widthOf(safeLine(text())) <= room) grown = true;
      else from += 1;
    }
  }
  return text();
};

/** `4 commands, 16 checks`. */
export const countWords = (
  { commands, checks }: { readonly commands: number; readonly checks: number },
  between = ', ',
): string =>
  [
    commands === 1 ? '1 command' : `${commands} commands`,
    ...(checks === 0 ? [] : [checks === 1 ? '1 check' : `${checks} checks`]),
  ].join(between);

/** Line 4: what R would do and whether it is ready; on the right how the rollback criteria stand. */
export const rollbackFixedLine = (view: EngineView): FixedLine => {
  const { source, title, commands, checks, missing, ready, running } = rollbackLine(view.session, view.now);
  const criteria = criteriaWords(view);
  const brief = briefCriteriaWords(view);
  const line = (text: string, tone: FixedLine['tone'], right = ''): FixedLine => {
    const shown = criteria ?? right;
    return {
      left: safe` R      ${text}`,
      right: shown === '' ? safeText('') : safe`${shown} `,
      ...(brief === null ? {} : { brief: safe`${brief} ` }),
      tone,
      marked: 0,
      yields: true,
    };
  };
  if (view.session.mismatch !== null) return line('nothing can be rolled back at another target', 'plain');
  if (running) return line('rolling back now', 'plain');
  if (source === null) {
    const changed = view.session.firstChangeAt !== null;
    return changed
      ? line('FAIL: no way back is known: no rollback runbook, no undo', 'plain')
      : line('nothing has changed yet, nothing to roll back', 'dim');
  }
  const { back } = changeOf(view);
  const where = back === null ? title : `back to ${back}`;
  const count = countWords({ commands, checks });
  const by = back === null ? '' : `by ${title}`;
  if (!ready) return line(`${where}: asks for ${missing.join(', ') || 'a decision'}, ${count}`, 'plain', by);
  return line(`${where}: ready, ${count}`, 'plain', by);
};
