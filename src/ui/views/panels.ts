import type { EngineView } from '../../engine/view.ts';
import { clock } from '../../text/duration.ts';
import { safe } from '../../text/safe-text.ts';
import { blank, type Row, row, type Section } from '../rows.ts';

/** Panels of kind command: the newest output with its age, and why when it is not live. */
export const panelSections = (view: EngineView, width: number, height: number): readonly Section[] => {
  const room = Math.max(2, Math.floor((height - 1) / Math.max(1, view.panels.length)) - 1);
  return view.panels.map(({ title, state, lines, at, because }) => {
    const age = at === null ? '' : ` ${clock(view.now - at)} old`;
    const word = state === 'live' ? `live${age}` : state === 'loading' ? 'asking' : `BLIND${age}`;
    const trouble: readonly Row[] =
      because === null ? [] : [row(safe`BLIND: ${because}`, { tone: 'blind', bold: true })];
    const shown = lines.slice(0, Math.max(1, room - trouble.length)).map((line): Row => row(line));
    return {
      title: safe`${title} · ${word}`,
      rows: [...trouble, ...shown, ...(shown.length < room - 1 && width > 0 ? [blank] : [])],
    };
  });
};
