import { sha256 } from '../session/exec-spec.ts';
import { commandOf } from '../session/reduce-command.ts';
import { frameValues } from '../session/spec.ts';
import type { Collector } from './moments.ts';

export type CommandValues = readonly { readonly name: string; readonly value: string | null }[];

/** By attempt: the variables its command uses, as they were when it was confirmed; a secret's value is null. */
export const commandValues = (): Collector<ReadonlyMap<number, CommandValues>> => {
  const values = new Map<number, CommandValues>();
  return {
    see: ({ event, before }) => {
      if (event.type !== 'command.confirmed') return;
      const frame = before.frames[event.frame];
      if (frame === undefined) return;
      const { spec, edited } = event.data;
      const used = commandOf(frame, event.data)?.uses ?? [];
      const known = frameValues(before, frame);
      const shown = spec.env.flatMap(({ name, sha256: hash }): CommandValues => {
        if (hash === null) return [{ name, value: null }];
        const value = known[name];
        const wanted = used.includes(name) || (edited && spec.script.includes(name));
        return wanted && value !== undefined && sha256(value) === hash ? [{ name, value }] : [];
      });
      values.set(event.data.attempt, shown);
    },
    result: () => values,
  };
};
