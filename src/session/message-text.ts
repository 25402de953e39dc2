import { interpolate, lookupIn } from '../runbook/interpolate.ts';
import { spoken } from '../text/duration.ts';
import { rollbackWay } from './frames.ts';
import type { FrameState, SessionState } from './state.ts';

/** Built-ins that move with the run. */
const moving = (state: SessionState, now: number): Readonly<Record<string, string>> => {
  const started = state.startedAt ?? now;
  return {
    elapsed: spoken(now - started),
    rollback: rollbackWay(state)?.opened.runbook.title ?? 'none',
    from: String(started),
    to: String(now),
  };
};

/** A message or link with every known `${name}` replaced; an unknown one stays as it is written. */
export const messageText = (
  state: SessionState,
  frame: FrameState,
  text: string,
  now: number,
  place: 'plain' | 'url' = 'plain',
): string =>
  text.includes('${')
    ? interpolate(text, lookupIn(frame.inputs, frame.captures, frame.builtIns, moving(state, now)), place).text
    : text;

/** The same for titles and prose, which need no clock. */
export const shownText = (frame: FrameState, text: string): string =>
  text.includes('${') ? interpolate(text, lookupIn(frame.inputs, frame.captures, frame.builtIns), 'plain').text : text;

/**
 * A text that leaves for a channel or ticket carries the journal's head: whoever has seen it can prove later that
 * nothing before it was changed (`verify --anchor`).
 */
export const withAnchor = (state: SessionState, text: string): string =>
  `${text.trimEnd()}\n\ngonogo ${state.run?.run ?? ''} ${state.head.slice(0, 12)}\n`;
