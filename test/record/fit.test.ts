import { describe, expect, it } from 'vitest';
import { buildRecord } from '../../src/record/build.ts';
import { type FitTarget, limits } from '../../src/record/fit.ts';
import { renderMarkdown } from '../../src/record/markdown.ts';
import { checkSeal } from '../../src/record/seal.ts';
import { sha256 } from '../../src/session/exec-spec.ts';
import * as runs from './hotfix-runs.ts';

const targets = Object.keys(limits) as FitTarget[];

const withOutput = (commands: number, bytes: number) => {
  const journal = runs.deployed();
  const line = `${'pod ready '.repeat(7)}\n`;
  for (let i = 0; i < commands; i += 1) {
    const text = `${i} ${line.repeat(Math.ceil(bytes / line.length))}`.slice(0, bytes);
    const failed = i === 1 ? { exit: 3 } : {};
    journal.ran(i % 5 === 4 ? '4.1' : '4.2', i % 5 === 4 ? runs.commands.set : runs.commands.rollout, text, 1, {
      values: runs.values,
      outcome: failed,
    });
  }
  return buildRecord(journal.events, runs.library);
};

describe('fit', () => {
  it('has the limits of the targets', () => {
    expect(targets.map((target) => limits[target].characters)).toEqual([65_536, 32_767, 40_000]);
  });

  it('leaves a record that is short enough as it is', () => {
    const record = buildRecord(runs.succeeded().events, runs.library);
    expect(renderMarkdown(record, { fit: 'github' })).toBe(renderMarkdown(record));
    for (const target of targets) expect(renderMarkdown(record, { fit: target })).not.toContain('Shortened');
  });

  it.each(targets)('keeps a long one within the limit of %s, sealed, with the rest named by its hash', (target) => {
    for (const record of [withOutput(20, 4000), withOutput(60, 3000), withOutput(700, 400)]) {
      const text = renderMarkdown(record, { fit: target });
      expect(text.length).toBeLessThanOrEqual(limits[target].characters);
      expect(checkSeal(text).kind).toBe('intact');
      expect(text.split('\n')[0]).toBe(renderMarkdown(record).split('\n')[0]);
      expect(text).toContain(
        `The whole record is the attachment \`record.md\`, SHA-256 \`${sha256(renderMarkdown(record))}\`.`,
      );
    }
  });

  it('uses the room there is: no more output is left out than needed', () => {
    const text = renderMarkdown(withOutput(30, 3000), { fit: 'github' });
    expect(text.length).toBeGreaterThan(limits.github.characters - 3200);
    expect(text).toMatch(/Shortened to 65,536 characters: output of \d+ commands left out/);
  });

  it('keeps the output of what changed or failed longest', () => {
    const record = withOutput(30, 3000);
    const text = renderMarkdown(record, { fit: 'github' });
    const kept = record.commands.filter(({ output }) => output !== null && text.includes(output.tail.slice(0, 200)));
    expect(kept.some(({ exit }) => exit === 3)).toBe(true);
    expect(record.commands.filter(({ risk }) => risk === 'change').every((command) => kept.includes(command))).toBe(
      true,
    );
  });

  it('never cuts the deviations while something else can go', () => {
    const text = renderMarkdown(withOutput(700, 400), { fit: 'jira' });
    expect(text).toContain('**skipped** 3.2 A second person has read the plan');
  });

  it('drops whole entries from the end when nothing else is left', () => {
    const journal = runs.deployed();
    for (let i = 0; i < 800; i += 1)
      journal.add('override.given', { what: `check ${i}`, reason: 'because it has to be, and this is why' });
    const text = renderMarkdown(buildRecord(journal.events, runs.library), { fit: 'jira' });
    expect(text.length).toBeLessThanOrEqual(limits.jira.characters);
    expect(text).toContain('check 0');
    expect(checkSeal(text).kind).toBe('intact');
  });

  it('stays within the limit when the head itself is long', () => {
    const journal = runs.begun({ ticket: 'T'.repeat(70_000), host: 'h'.repeat(70_000) });
    const record = buildRecord(journal.events, runs.library);
    for (const target of targets)
      expect(renderMarkdown(record, { fit: target }).length).toBeLessThanOrEqual(limits[target].characters);
  });

  it('folds nothing where HTML is not understood', () => {
    const record = buildRecord(runs.succeeded().events, runs.library);
    expect(renderMarkdown(record, { fit: 'github' })).toContain('<details>');
    expect(renderMarkdown(record, { fit: 'jira' })).not.toContain('<details>');
    expect(renderMarkdown(record, { fit: 'slack' })).toContain('#### 4.1 Set the image to v2.3.1: exit 0, 0.6 s');
  });
});
