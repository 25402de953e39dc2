import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { buildRecord } from '../../src/record/build.ts';
import { renderJson } from '../../src/record/json.ts';
import type { DeploymentRecord } from '../../src/record/record.ts';
import { recordFileSchema } from '../../src/record/record-schema.ts';
import { recordJsonSchema } from '../../src/record/write-schema.ts';
import * as runs from './hotfix-runs.ts';
import { JournalWriter, startOf } from './support.ts';

const { library } = runs;

describe('record.json', () => {
  it.each(['succeeded', 'aborted', 'rolledBack', 'interim', 'interrupted'] as const)(
    'of a run that is %s fits its schema',
    (name) => {
      const text = renderJson(buildRecord(runs[name]().events, library));
      expect(recordFileSchema.safeParse(JSON.parse(text)).error?.issues ?? []).toEqual([]);
    },
  );

  it('of a run that never got to its runbook fits its schema', () => {
    const { events } = new JournalWriter()
      .add('run.started', startOf())
      .add('run.finished', { outcome: 'aborted', reason: 'preflight' });
    expect(recordFileSchema.safeParse(JSON.parse(renderJson(buildRecord(events, {})))).error?.issues ?? []).toEqual([]);
  });

  it('is refused by its schema when a field is missing, unknown or of the wrong form', () => {
    const whole = JSON.parse(renderJson(buildRecord(runs.succeeded().events, library))) as Record<string, unknown>;
    const { outcome: _, ...without } = whole;
    expect(recordFileSchema.safeParse(without).success).toBe(false);
    expect(recordFileSchema.safeParse({ ...whole, extra: 1 }).success).toBe(false);
    expect(recordFileSchema.safeParse({ ...whole, seal: 'none' }).success).toBe(false);
  });

  it('has a row of a table on one line', () => {
    const gates = [{ log: [[1, 'a', null, [2.5]], [2]], other: [] }];
    const record = { ...buildRecord(runs.succeeded().events, library), gates } as unknown as DeploymentRecord;
    expect(renderJson(record)).toContain(
      '      "log": [\n        [1,"a",null,[2.5]],\n        [2]\n      ],\n      "other": []\n',
    );
  });

  it('is written one key a line with the seal as its last key', () => {
    const lines = renderJson(buildRecord(runs.succeeded().events, library)).split('\n');
    expect(lines.slice(-3)).toEqual([expect.stringMatching(/^ {2}"seal": "[0-9a-f]{64} [0-9a-f]{64}"$/), '}', '']);
    for (const line of lines.slice(1, -2))
      expect(line).toMatch(
        /^ *(?:"(?:[^"\\]|\\.)*": )?(?:[[{]|[\]}],?|[[{][\]}],?|"(?:[^"\\]|\\.)*",?|-?\d+,?|true,?|false,?|null,?)$/,
      );
  });

  it('holds no hidden or control character, even where output did', () => {
    const journal = runs.prepared().ran('4.2', runs.commands.rollout, 'a\u202Eb\u001b[2J\u0007\u009b', 1);
    const text = renderJson(buildRecord(journal.events, library));
    expect(text).not.toMatch(/[\p{Cf}\p{Co}\p{Cs}]|[\u0000-\u0009\u000B-\u001F\u007F-\u009F]/u);
    expect(text).toContain('a⟨U+202E⟩b^[[2J^G⟨U+009B⟩');
  });

  it('has a schema in the repository that is the one of the code', () => {
    expect(readFileSync(new URL('../../schema/record.schema.json', import.meta.url), 'utf8')).toBe(recordJsonSchema());
  });
});
