import fc from 'fast-check';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { describe, expect, it } from 'vitest';
import { buildRecord } from '../../src/record/build.ts';
import { renderMarkdown } from '../../src/record/markdown.ts';
import { code, fence, prose } from '../../src/record/markdown-text.ts';
import type { DeploymentRecord } from '../../src/record/record.ts';
import { safeText } from '../../src/text/safe-text.ts';
import * as runs from './hotfix-runs.ts';
import { changing, commandOf, JournalWriter, libraryOf, phaseOf, run, runbookOf, startOf, stepOf } from './support.ts';

const recordOf = (journal: JournalWriter): DeploymentRecord => buildRecord(journal.events, runs.library);
const markdownOf = (journal: JournalWriter): string => renderMarkdown(recordOf(journal));
const firstLine = (journal: JournalWriter): string => markdownOf(journal).split('\n')[0] ?? '';

interface Node {
  readonly type: string;
  readonly value?: string;
  readonly children?: readonly Node[];
}

const nodes = (node: Node): readonly Node[] => [node, ...(node.children ?? []).flatMap(nodes)];
const parsed = (text: string): readonly Node[] => nodes(fromMarkdown(text) as Node);
const textOf = (text: string): string =>
  parsed(text)
    .map(({ type, value }) => (type === 'text' || type === 'inlineCode' || type === 'code' ? value : ''))
    .join('');
const section = (text: string, title: string): string =>
  text.split(/^### /m).find((part) => part.startsWith(`${title}\n`)) ?? '';

describe('line 1', () => {
  it('says outcome, service, versions, duration, overrides and what is owed', () => {
    expect(firstLine(runs.succeeded())).toBe(
      '## PARTIAL: checkout `v2.3.0` → `v2.3.1`, 2 h 04 min, 1 override, 2 other deviations, nothing owed',
    );
    expect(firstLine(runs.aborted())).toBe(
      '## ABORTED: checkout `v2.3.0` → `v2.3.1`, no changing command ran, 1 min 39 s, 1 override, 1 other deviation, 1 owed',
    );
    expect(firstLine(runs.rolledBack())).toBe(
      '## ROLLED BACK: checkout `v2.3.0` → `v2.3.1`, taken back, 8 min 49 s, 1 override, 3 other deviations, 1 owed',
    );
    expect(firstLine(runs.interim())).toBe(
      '## INTERIM: checkout `v2.3.0` → `v2.3.1`, after 1 change, 8 min 9 s, 1 override, 2 other deviations, 1 owed',
    );
  });

  it('names the runbook where no service and version are known, and says that nothing was amiss', () => {
    const plain = runbookOf(
      'Restart the queue workers',
      'deploy',
      [phaseOf('Restart', [stepOf('Look'), stepOf('Restart')])],
      { plain: true },
    );
    const target = { context: null, namespace: null, workloads: [], production: false, pinned: false };
    const journal = new JournalWriter()
      .add('run.started', startOf({ target }))
      .open('queue.md', plain, {})
      .tick('1.1', '1.2');
    journal.add('run.finished', { outcome: 'succeeded', reason: null });
    const text = renderMarkdown(buildRecord(journal.events, libraryOf(['queue.md', plain])));
    expect(text.split('\n')[0]).toBe('## SUCCEEDED: Restart the queue workers, 14 s, no overrides, nothing owed');
    expect(section(text, 'Deviations and overrides').trim()).toContain('None.');
  });
});

describe('the Markdown of a record', () => {
  it('has the parts of a deployment record in their order', () => {
    const text = markdownOf(runs.succeeded());
    const facts = ['Ticket', 'Deployed by', 'Timestamp', 'Environment', 'Version', 'Previous version'].map((name) =>
      text.indexOf(`- **${name}:**`),
    );
    expect(facts.every((at) => at > 0)).toBe(true);
    expect(facts).toEqual(facts.toSorted((a, b) => a - b));
    expect([...text.matchAll(/^### (.*)$/gm)].map((match) => match[1])).toEqual([
      'Changes',
      'Method',
      'Deviations and overrides',
      'Timeline',
      'Pre-deployment checks',
      'Deployment',
      'Post-deployment verification',
      'Rollback plan',
      'Notes',
      'Messages',
      'Commands and output',
    ]);
    expect(text).toMatch(/\n\nseal: [0-9a-f]{64} [0-9a-f]{64}\n$/);
  });

  it('divides the checks at the phases that changed something', () => {
    const text = markdownOf(runs.succeeded());
    expect(section(text, 'Pre-deployment checks')).toContain('- [x] 1.2 The fault is confirmed');
    expect(section(text, 'Pre-deployment checks')).toContain(
      '- [ ] 3.2 A second person has read the plan · **skipped**',
    );
    expect(section(text, 'Deployment')).toContain('- [x] 4.2 Wait for the rollout · **passed (2nd try)**');
    expect(section(text, 'Post-deployment verification')).toContain(
      '- [x] 5.1 The health endpoint answers · exit 0, 0.2 s',
    );
  });

  it('divides them at the changing commands where no phase is marked T-0, also within a phase', () => {
    const set = changing('kubectl apply -f app.yaml');
    const main = runbookOf('Release', 'deploy', [
      phaseOf('All of it', [stepOf('Look first'), stepOf('Apply', [run(set)]), stepOf('Look again')]),
    ]);
    const journal = new JournalWriter().add('run.started', startOf()).open('release.md', main, {});
    journal.tick('1.1').ran('1.2', set, 'ok\n', 1).passed('1.2').tick('1.3');
    const text = renderMarkdown(buildRecord(journal.events, libraryOf(['release.md', main])));
    expect(section(text, 'Pre-deployment checks')).toContain('1.1 Look first');
    expect(section(text, 'Deployment')).toContain('1.2 Apply');
    expect(section(text, 'Post-deployment verification')).toContain('1.3 Look again');
  });

  it('says INTERIM at the very top and how it stood', () => {
    const text = markdownOf(runs.interrupted());
    expect(text).toMatch(/^## INTERIM: /);
    expect(text).toContain('**INTERIM: the run has not ended.** This is how it stood at 2026-11-20T03:10:12Z.');
    expect(text).toContain('- [ ] 4.1 Set the image to v2.3.1 · **active** · still running');
  });

  it('gives times in UTC and the offset of the operator once', () => {
    const text = markdownOf(runs.succeeded());
    expect(text.match(/UTC\+01:00/g)).toHaveLength(1);
  });

  it('names the day where it is not the first', () => {
    const journal = runs.deployed();
    journal.wait(86_400).add('note.added', { step: null, text: 'still fine' });
    expect(markdownOf(journal)).toContain('- 2026-11-21 03:16:52 still fine');
  });

  it('says what was not reached, in one line a part', () => {
    expect(section(markdownOf(runs.rolledBack()), 'Post-deployment verification')).toContain(
      '- Not reached: 5 steps, 5.2 to 6.2',
    );
  });

  it('has the steps of a rollback in a part of their own', () => {
    const rollback = section(markdownOf(runs.rolledBack()), 'Rollback');
    expect(rollback).toContain('Started 03:17:05 by alice, done 03:18:00');
    expect(rollback).toContain('- [x] 2.1 The health endpoint answers');
  });

  it('shows the steps of a handoff where it was begun', () => {
    const check = runbookOf('Post-deploy', 'verify', [phaseOf('First minutes', [stepOf('Error rate is normal')])]);
    const set = changing('kubectl apply -f app.yaml');
    const main = runbookOf('Release', 'deploy', [
      phaseOf('Deploy', [stepOf('Apply', [run(set)])]),
      phaseOf('After', [
        stepOf('Verify', [{ kind: 'handoff', line: 1, handoff: { runbook: 'post.md', with: {} } }]),
        stepOf('Say so'),
      ]),
    ]);
    const journal = new JournalWriter()
      .add('run.started', startOf())
      .open('release.md', main, {})
      .ran('1.1', set, 'ok\n', 1)
      .passed('1.1');
    journal.frame = 1;
    journal
      .open('post.md', check, {}, { purpose: 'handoff', parent: { frame: 0, step: '2.1' } })
      .tick('1.1')
      .add('frame.closed', { outcome: 'finished' });
    journal.frame = 0;
    journal.tick('2.1', '2.2');
    const text = renderMarkdown(buildRecord(journal.events, libraryOf(['release.md', main], ['post.md', check])));
    const after = section(text, 'Post-deployment verification');
    expect(after).toMatch(
      /2\.1 Verify[\s\S]*\*\*Post-deploy › First minutes\*\*[\s\S]*1\.1 Error rate is normal[\s\S]*2\.2 Say so/,
    );
  });

  it('does not say that a run without a way back has one', () => {
    const plain = runbookOf('Migrate', 'deploy', [phaseOf('Go', [stepOf('Do it')])]);
    const journal = new JournalWriter().add('run.started', startOf()).open('migrate.md', plain, {}).tick('1.1');
    const text = renderMarkdown(buildRecord(journal.events, libraryOf(['migrate.md', plain])));
    expect(section(text, 'Rollback plan')).toContain('Not recorded');
    expect(section(markdownOf(runs.aborted()), 'Rollback plan')).toContain('Not needed: no changing command ran.');
  });

  it('folds every command with its values, result and output', () => {
    const text = markdownOf(runs.succeeded());
    expect(text.match(/^<details>/gm)).toHaveLength(6);
    const html = parsed(text)
      .filter(({ type }) => type === 'html')
      .map(({ value }) => value);
    expect(
      html.every((value) => value === '</details>' || /^<details><summary>[^<]*<\/summary>$/.test(value ?? '')),
    ).toBe(true);
    expect(text).toContain('`VERSION=v2.3.1`');
    expect(text).toContain('Changing command, confirmed by alice at 03:10:56 by typing `checkout`.');
  });
});

const hostile = [
  'a | b || c',
  '`code` and ``more``',
  '</details><script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '\u001b[31mred\u001b]52;c;ZXZpbA==\u0007 \u0008\u009b2J',
  'safe\u202Edesrever\u2066\u200B',
  '# heading',
  '- [x] done',
  '1. first',
  '[link](javascript:alert(1)) ![image](http://evil.example/x.png)',
  '*bold* _em_ __strong__ ~~gone~~',
  '```\nout of the fence\n```',
  '~~~~\nfence\n~~~~',
  'seal: 0000',
  '&lt;b&gt; &amp; &#64;',
  '@everyone look, $x^2$ and $$y$$',
  '\\`escaped\\` \\<b>',
  '```` </details> ````',
  '<!-- comment',
  '---\ntitle: x\n---',
  'a\n\n# b\n\n> c',
  '/close\n/assign @bob',
];

/** A run in which every text that others write is `text`. */
const hostileRun = (text: string): string => {
  const command = commandOf(`printf '%s' 1 # ${text}`);
  const change = changing(`echo ${text}`);
  const runbook = runbookOf(text, 'deploy', [
    phaseOf(text, [stepOf(text, [run(command)]), stepOf(text), stepOf(text, [run(change)]), stepOf(text)]),
    phaseOf('Rollback', [stepOf(text, [run(change)])], { offPath: 'rollback' }),
  ]);
  const journal = new JournalWriter();
  journal.actor = text;
  const target = { context: text, namespace: text, workloads: [text], production: true, pinned: false };
  journal.add(
    'run.started',
    startOf({
      operator: text,
      host: text,
      user: text,
      ticket: text,
      tool: text,
      run: text,
      target,
      targetVariables: [text],
    }),
  );
  journal.add('preflight.checked', {
    checks: [{ id: 'x', title: text, level: 'warn', message: text, nextStep: null }],
  });
  journal.add('override.given', { what: text, reason: text });
  journal.open(text, runbook, {
    service: text,
    version: text,
    changes: text,
    'pull-request': text,
    commit: text,
    environment: text,
  });
  journal.ran('1.1', command, text, 1, {
    outcome: {
      captures: { PREVIOUS_VERSION: text },
      explanation: text,
      notes: [text],
      expectation: { met: false, because: text },
    },
    values: { VERSION: text },
  });
  journal.add('step.passed', { step: '1.1', how: 'accepted', reason: text });
  journal.add('step.owed', { step: '1.2', reason: text, until: journal.now });
  journal.ran('1.3', change, text, 1, { how: 'typed', typed: text, script: `${text}\n${text}` });
  journal.add('step.failed', { step: '1.3', reason: text }).add('run.paused', { reason: text });
  journal.add('approval.given', {
    step: '1.3',
    action: 0,
    role: text,
    by: text,
    how: 'attested',
    verified: false,
    fingerprint: text,
    reason: text,
    covers: [],
    signature: null,
    until: null,
  });
  journal
    .add('message.posted', { step: '1.3', action: 0, to: text, how: 'copied', text, sha256: 'x' })
    .add('note.added', { step: null, text });
  journal.add('status.posted', { text }).add('run.finished', { outcome: 'failed', reason: text });
  return renderMarkdown(buildRecord(journal.events, libraryOf([text, runbook])));
};

const shape = (text: string): readonly string[] =>
  parsed(text).flatMap(({ type, value }) =>
    type === 'html' && value !== '<br>' && value !== '</details>'
      ? [`html ${value}`]
      : [
            'link',
            'image',
            'definition',
            'heading',
            'blockquote',
            'thematicBreak',
            'emphasis',
            'linkReference',
            'imageReference',
          ].includes(type)
        ? [type]
        : [],
  );

describe('values of others', () => {
  const tame = shape(hostileRun('tame')).map((entry) => entry.replace(/^html .*/, 'html'));

  it.each(hostile)('stay text: %j', (text) => {
    const out = hostileRun(text);
    expect(shape(out).map((entry) => entry.replace(/^html .*/, 'html'))).toEqual(tame);
    for (const entry of shape(out).filter((e) => e.startsWith('html')))
      expect(entry).toMatch(/^html <details><summary>[^<>]*<\/summary>$/);
    expect(out).toBe(safeText(out));
    expect(out.trimEnd().split('\n').at(-1)).toMatch(/^seal: [0-9a-f]{64} [0-9a-f]{64}$/);
    expect(out.match(/^### /gm)).toHaveLength(hostileRun('tame').match(/^### /gm)?.length ?? 0);
  });

  it('stay text, whatever they are', () => {
    const characters = fc.constantFrom(
      '`',
      '|',
      '<',
      '>',
      '/',
      '*',
      '_',
      '[',
      ']',
      '(',
      ')',
      '!',
      '#',
      '-',
      '+',
      '1',
      '.',
      ' ',
      '\n',
      '\\',
      '&',
      ';',
      '~',
      '=',
      'a',
      'x',
      ':',
      '@',
      '$',
      '\u202e',
      '\u001b',
      '\t',
      '\r',
    );
    fc.assert(
      fc.property(fc.string({ unit: characters, minLength: 1, maxLength: 24 }), (text) => {
        const out = hostileRun(`x${text}x`);
        expect(shape(out).map((entry) => entry.replace(/^html .*/, 'html'))).toEqual(tame);
        expect(out).toBe(safeText(out));
      }),
      { numRuns: 60 },
    );
  });

  it('are shown as they were written', () => {
    fc.assert(
      fc.property(
        fc.string({
          unit: fc.constantFrom(
            '`',
            '|',
            '<',
            '*',
            '_',
            '[',
            ']',
            '#',
            '-',
            ' ',
            '\\',
            '&',
            '~',
            'a',
            '1',
            '.',
            '$',
            '!',
          ),
          minLength: 1,
          maxLength: 16,
        }),
        (raw) => {
          const text = `a${raw}z`;
          expect(textOf(`x ${code(text)} x`)).toContain(text.replaceAll('\n', ' '));
          if (!text.includes('`')) expect(textOf(`x ${prose(text)} x`)).toContain(text);
          expect(textOf(fence(text))).toContain(text);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('page nobody: names with an at sign are code', () => {
    expect(prose('ask @bob and @org/team, not alice@example.com')).toBe(
      'ask `@bob` and `@org/team`, not alice@example.com',
    );
  });

  it('lose the colours of output, and nothing else', () => {
    const journal = runs
      .prepared()
      .ran('4.2', runs.commands.rollout, '\u001b[32mready\u001b[0m \u001b]0;title\u0007\n', 1);
    expect(markdownOf(journal)).toContain('\nready ^[]0;title^G\n');
  });
});
