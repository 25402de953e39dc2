import { dateTime, spoken } from '../text/duration.ts';
import { rollbackWay } from './frames.ts';
import type { FrameState, SessionState } from './state.ts';

/** What `${name}` stands for in titles, prose, messages and links: inputs, captures and the built-ins. */
export const textValues = (state: SessionState, frame: FrameState, now: number): Readonly<Record<string, string>> => {
  const started = state.startedAt ?? now;
  const target = state.run?.target;
  return {
    ...frame.captures,
    ...frame.inputs,
    'run.id': state.run?.run ?? '',
    namespace: target?.namespace ?? '',
    context: target?.context ?? '',
    operator: state.operator,
    started: `${dateTime(started)} UTC`,
    elapsed: spoken(now - started),
    rollback: rollbackWay(state)?.opened.runbook.title ?? 'none',
    from: String(started),
    to: String(now),
  };
};

/** Text with every known `${name}` replaced; an unknown one stays as it is written. */
export const messageText = (state: SessionState, frame: FrameState, text: string, now: number): string => {
  const values = textValues(state, frame, now);
  return text.replace(/\$\{([A-Za-z][\w.-]*)\}/g, (whole, name: string) => values[name] ?? whole);
};
