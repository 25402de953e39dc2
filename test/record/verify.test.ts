import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildRecord } from '../../src/record/build.ts';
import { renderJson } from '../../src/record/json.ts';
import { renderMarkdown } from '../../src/record/markdown.ts';
import { sealText } from '../../src/record/seal.ts';
import { type VerifyRequest, verifyRecord } from '../../src/record/verify.ts';
import * as runs from './hotfix-runs.ts';
import type { JournalWriter } from './support.ts';

const { library } = runs;
const journal = runs.succeeded();
const record = buildRecord(journal.events, library);
const markdown = renderMarkdown(record);
const json = renderJson(record);

/** The run as it is after the export: its own `record.exported` comes after the head that the seal names. */
const exported = (writer: JournalWriter): NonNullable<VerifyRequest['run']> => {
  const { head } = writer;
  writer
    .wait(1)
    .add('record.exported', { format: 'md', path: 'record.md', head, sha256: 'x', interim: false, kept: [] });
  return { events: writer.events, library, journal: { kind: 'intact' } };
};
const run = exported(runs.succeeded());

const texts = (request: VerifyRequest): readonly string[] =>
  verifyRecord(request).findings.map(({ level, text }) => `${level}: ${text}`);

describe('verify with the run at hand', () => {
  it.each([
    ['record.md', markdown],
    ['record.json', json],
    ['for GitHub', renderMarkdown(record, { fit: 'github' })],
    ['for Jira', renderMarkdown(record, { fit: 'jira' })],
  ])('proves every line of %s', (_, text) => {
    const report = verifyRecord({ record: text, run, anchors: [] });
    expect(report.ok).toBe(true);
    expect(texts({ record: text, run, anchors: [] })).toEqual([
      'proven: the journal is one unbroken chain of 55 entries, 2026-11-20 03:09:12 UTC to 2026-11-20 05:12:43 UTC',
      `proven: the text is as it was sealed (head ${record.journal.head.slice(0, 12)})`,
      'proven: every line follows from the journal: rebuilt from 54 entries, it is the same text',
      'claimed: times are those of the clock of bastion-1; names are as the operating system gave them',
      "claimed: 6 items were ticked by hand: the operator's word",
      'claimed: 1 approval is attested only, not signed with a known key',
      expect.stringContaining('claimed: nothing outside of these files vouches for them'),
    ]);
  });

  it.each([
    ['Markdown', markdown],
    ['JSON', json],
  ])('names the line of the %s after one byte is changed, wherever it is', (_, text) => {
    fc.assert(
      fc.property(fc.nat(text.length - 1), fc.constantFrom('x', 'y', '0', '1', ' '), (at, character) => {
        fc.pre(text[at] !== character && text[at] !== '\n');
        const changed = `${text.slice(0, at)}${character}${text.slice(at + 1)}`;
        const report = verifyRecord({ record: changed, run, anchors: [] });
        expect(report.ok).toBe(false);
        const line = text.slice(0, at).split('\n').length;
        expect(report.findings.map((f) => f.text).join('\n')).toContain(`line ${line} differs`);
      }),
      { numRuns: 30 },
    );
  });

  it('shows what the record has and what the journal gives', () => {
    const changed = markdown.replace('nobody else awake', 'agreed with bob');
    expect(texts({ record: changed, run, anchors: [] }).find((text) => text.includes('differs'))).toMatch(
      /^broken: line \d+ differs: the record has ".*agreed with bob.*", the journal gives ".*nobody else awake.*"\.$/,
    );
  });

  it('is not deceived by a seal that was computed anew', () => {
    const body = markdown.replace('1 override', 'no overrides').split('\n').slice(0, -2).join('\n');
    const forged = sealText(`${body}\n`, record.journal.head);
    const found = texts({ record: forged, run, anchors: [] });
    expect(found).toContainEqual(expect.stringMatching(/^proven: the text is as it was sealed/));
    expect(found).toContainEqual(
      expect.stringMatching(/^broken: line 1 differs.*The seal holds, so the text was sealed like this/),
    );
  });

  it('says that a record is of another run', () => {
    const other = renderMarkdown(buildRecord(runs.aborted().events, library));
    expect(texts({ record: other, run, anchors: [] })).toContainEqual(
      expect.stringMatching(/^broken: head [0-9a-f]{12} is not in this journal/),
    );
  });

  it('accepts what was pasted through a form with other line ends', () => {
    const report = verifyRecord({ record: markdown.replaceAll('\n', '\r\n').trimEnd(), run, anchors: [] });
    expect(report.ok).toBe(true);
    expect(report.findings[1]?.text).toContain('apart from its line ends');
  });

  it('rebuilds an INTERIM record although the run went on', () => {
    const interim = runs.interim();
    const text = renderMarkdown(buildRecord(interim.events, library));
    const later = exported(interim);
    const report = verifyRecord({ record: text, run: later, anchors: [] });
    expect(report.ok).toBe(true);
  });

  it('rebuilds with the secrets that were kept', () => {
    const jwt = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.dozjgNryP4J3jVmN';
    const kept = [{ what: 'jwt-1', reason: 'a sample' }];
    const leaky = runs.prepared().add('note.added', { step: null, text: jwt });
    const text = renderMarkdown(buildRecord(leaky.events, library, { kept }));
    const { head } = leaky;
    leaky.add('record.exported', { format: 'md', path: 'x', head, sha256: 'x', interim: true, kept });
    const report = verifyRecord({
      record: text,
      run: { events: leaky.events, library, journal: { kind: 'intact' } },
      anchors: [],
    });
    expect(text).toContain(jwt);
    expect(report.ok).toBe(true);
  });

  it('passes on that the chain is broken', () => {
    const broken = {
      events: journal.events.slice(0, 20),
      library,
      journal: { kind: 'broken' as const, entry: 20, because: 'hash does not match' },
    };
    const found = texts({ record: null, run: broken, anchors: [] });
    expect(found[0]).toMatch(
      /^broken: the journal's chain is broken at entry 20: hash does not match; 20 entries before it hold/,
    );
  });
});

describe('verify without the run', () => {
  it('says that the seal holds, and only that', () => {
    const report = verifyRecord({ record: markdown, run: null, anchors: [] });
    expect(report.ok).toBe(true);
    expect(report.findings.map(({ level }) => level)).toEqual(['proven', 'claimed', 'claimed']);
  });

  it('says that the seal is broken after one byte is changed', () => {
    const found = texts({ record: markdown.replace('alice', 'alicf'), run: null, anchors: [] });
    expect(found[0]).toBe(
      'broken: the seal is broken: the text was changed after it was sealed. Which line, only the run can tell',
    );
  });

  it('says that there is no seal', () => {
    expect(texts({ record: '# something else\n', run: null, anchors: [] })[0]).toMatch(/^broken: there is no seal/);
  });

  it('never fails on any text', () => {
    fc.assert(
      fc.property(
        fc.string({ maxLength: 200 }),
        fc.array(fc.string({ maxLength: 70 }), { maxLength: 2 }),
        (text, anchors) => {
          expect(verifyRecord({ record: text, run: null, anchors }).findings.length).toBeGreaterThan(0);
        },
      ),
      { numRuns: 100 },
    );
  });
});

describe('anchors', () => {
  const anchored = run.events[20];
  const anchor = anchored?.h.slice(0, 12) ?? '';

  it('prove what is in the journal up to them', () => {
    const found = texts({ record: markdown, run, anchors: [anchor] });
    expect(found).toContainEqual(
      expect.stringMatching(
        new RegExp(
          `^proven: up to entry 20 \\(2026-11-20 03:1.* UTC\\) nothing was changed since anchor ${anchor} was published$`,
        ),
      ),
    );
    expect(found.some((text) => text.includes('nothing outside of these files'))).toBe(false);
  });

  it('that are not in the journal break it', () => {
    const report = verifyRecord({ record: null, run, anchors: ['0123456789ab'] });
    expect(report.ok).toBe(false);
    expect(report.findings.some(({ text }) => text.startsWith('anchor 0123456789ab is not in this journal'))).toBe(
      true,
    );
  });

  it('are refused when they are not hashes', () => {
    expect(texts({ record: null, run, anchors: ['head\u001b[2J'] })).toContainEqual(
      'broken: anchor "head^[[2J" is not 12 to 64 hex characters',
    );
  });

  it('tie a record to a posted message without the run', () => {
    const found = texts({ record: markdown, run: null, anchors: [record.journal.head.slice(0, 12)] });
    expect(found).toContainEqual(expect.stringContaining('is the head that the record names'));
    expect(texts({ record: markdown, run: null, anchors: [anchor] })).toContainEqual(
      expect.stringMatching(/^note: anchor .* only the run can tell/),
    );
  });
});
