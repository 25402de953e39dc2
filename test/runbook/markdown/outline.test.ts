import { describe, expect, it } from 'vitest';
import type { Phase } from '../../../src/runbook/model.ts';
import { load, model, outline } from './load-text.ts';

const all = (phases: readonly Phase[]): Phase[] => phases.flatMap((phase) => [phase, ...all(phase.phases)]);
const phasesOf = (text: string, offPath: 'auto' | 'all' = 'auto'): Phase[] => all(model(text, offPath).phases);

describe('the title', () => {
  it('is the first H1, else that of the front matter, else the file name', () => {
    expect(model('## A\n\n- [ ] x\n\n# Deploy `api` {#id}\n').title).toBe('Deploy api');
    expect(model('---\ntitle: From front\n---\n\n- [ ] x\n').title).toBe('From front');
    expect(model('+++\ntitle = "From TOML"\n+++\n\n- [ ] x\n').title).toBe('From TOML');
    expect(model('- [ ] x\n').title).toBe('example');
    expect(model('---\ntitle: From front\n---\n\n# From H1\n\n- [ ] x\n').title).toBe('From H1');
  });
});

describe('phases', () => {
  it('nest by depth and are numbered in document order', () => {
    const text =
      '# T\n\n- [ ] first\n\n## A\n\n- [ ] a\n\n#### B\n\n- [ ] b\n\n### C\n\n## D\n\n- [ ] d\n\n# E\n\n## F\n\n- [ ] f\n';
    expect(outline(model(text))).toEqual([
      '# 0 T',
      '0.1 first (manual)',
      '# 1 A',
      '1.1 a (manual)',
      '## 2 B',
      '2.1 b (manual)',
      '## 3 C',
      '# 4 D',
      '4.1 d (manual)',
      '# 5 E',
      '## 6 F',
      '6.1 f (manual)',
    ]);
  });

  it('are not made of headings in quotes and lists', () => {
    expect(outline(model('# T\n\n> ## Q\n\n- [ ] a\n\n  ### L\n'))).toEqual(['# 0 T', '0.1 a (manual)']);
  });

  it('keep their prose as Markdown, and the introduction is the summary', () => {
    const text =
      '# T\n\nIntro *one*.\n\n> Two\n\n## A\n\nText with [a link](http://x).\n\n```yaml\na: 1\n```\n\n- [ ] x\n\nAfter.\n';
    const runbook = model(text);
    expect(runbook.summary).toBe('Intro *one*.\n\n> Two');
    expect(runbook.phases[0]?.prose).toBe('Text with [a link](http://x).\n\n```yaml\na: 1\n```');
    expect(runbook.phases[0]?.steps[0]?.prose).toBe('After.');
  });

  it('without any step are refused with E102', () => {
    const { runbook, diagnostics } = load('# T\n\n## A\n\nOnly words.\n\n- and a bullet\n');
    expect(runbook).toBeNull();
    expect(diagnostics.map(({ code }) => code)).toEqual(['E102']);
  });
});

describe('anchors', () => {
  it('are those of the code host, counted over all headings', () => {
    const text =
      "# Setup\n\n## Set-up: what's `new`? (v2.0)\n\n- [ ] x\n\n## Setup\n\n> ## Setup\n\n## Setup\n\n## Über_alles 🚀 go\n";
    expect(phasesOf(text).map(({ anchor }) => anchor)).toEqual([
      'set-up-whats-new-v20',
      'setup-1',
      'setup-3',
      'über_alles--go',
    ]);
  });
});

describe('phases off the path', () => {
  const kinds = (title: string): Phase['offPath'] | undefined =>
    phasesOf(`# Release\n\n## Deploy\n\n- [ ] x\n\n## ${title}\n\n- [ ] y\n`)[1]?.offPath;

  it.each([
    'Rollback',
    'Rolling back',
    '5. Roll back the release',
    'Step 4: Rollback (if needed)',
    '⏪ Rollback procedure',
    'Reverting a run',
    'Undo',
    'Back-out plan',
    'Backout',
  ])('of a rollback: %s', (title) => {
    expect(kinds(title)).toBe('rollback');
  });

  it.each([
    'Troubleshooting',
    'If the run fails',
    'What to do if a pod does not start',
    'When things go wrong',
    'Common issues',
    'Known problems',
    'Example of a good run',
    'Examples',
    'Usage example',
    'Reference',
    'References',
    'Command reference',
    'Appendix: ports',
    'Appendix A',
    'FAQ',
  ])('to look up: %s', (title) => {
    expect(kinds(title)).toBe('reference');
  });

  it.each([
    'Verify the rollback plan',
    'Prepare rollback',
    'Deploy and roll back',
    'If you use Docker',
    'Deploy the example',
    'Update references',
    'Reload',
    'Failover',
  ])('but not: %s', (title) => {
    expect(kinds(title)).toBeNull();
  });

  it('take their nested phases with them', () => {
    const text =
      '# R\n\n## Deploy\n\n- [ ] x\n\n## Troubleshooting\n\n### Pods\n\n- [ ] y\n\n### Rollback\n\n- [ ] z\n';
    expect(phasesOf(text).map(({ offPath }) => offPath)).toEqual([null, 'reference', 'reference', 'rollback']);
  });

  it.each([
    ['the setting says so', '# R\n\n## Deploy\n\n- [ ] x\n\n## Rollback\n\n- [ ] y\n', 'all' as const],
    ['the title is of that sort', '# Rolling back\n\n## A\n\n- [ ] x\n\n## Rollback\n\n- [ ] y\n', 'auto' as const],
    ['no other phase has a step', '# R\n\n## A\n\nText.\n\n## Rollback\n\n- [ ] y\n', 'auto' as const],
    [
      'the kind is rollback',
      '---\ngonogo: 1\ntitle: R\nkind: rollback\n---\n\n## A\n\n- [ ] x\n\n## Rollback\n\n- [ ] y\n',
      'auto' as const,
    ],
    [
      'the kind is incident',
      '---\ngonogo: 1\ntitle: R\nkind: incident\n---\n\n## A\n\n- [ ] x\n\n## If it fails\n\n- [ ] y\n',
      'auto' as const,
    ],
  ])('are on it when %s', (_, text, offPath) => {
    expect(phasesOf(text, offPath).every((phase) => phase.offPath === null)).toBe(true);
  });
});

describe('sibling headings that are alternatives', () => {
  const choices = (...titles: string[]): (string | null)[] =>
    phasesOf(`# T\n\n${titles.map((title) => `## ${title}\n\n- [ ] x\n`).join('\n')}`).map(({ choice }) => choice);

  it.each([
    [
      ['Option A: archive', 'Option B: delete', 'Verify'],
      ['Option A', 'Option B', null],
    ],
    [
      ['Method 1', 'Method 2'],
      ['Method 1', 'Method 2'],
    ],
    [
      ['macOS', 'Linux', 'Windows'],
      ['macOS', 'Linux', 'Windows'],
    ],
    [
      ['Deploy on AWS', 'Deploy on GCP', 'Check'],
      ['AWS', 'GCP', null],
    ],
    [
      ['Debian and Ubuntu', 'Red Hat and Rocky'],
      ['Debian', 'Red Hat'],
    ],
    [
      ['Docker', 'Docker Compose', 'Kubernetes'],
      ['Docker', 'Docker Compose', 'Kubernetes'],
    ],
    [['Option A'], [null]],
    [
      ['Build the Docker image', 'Deploy to Kubernetes'],
      [null, null],
    ],
    [
      ['Optional cleanup', 'Options'],
      [null, null],
    ],
    [
      ['AWS', 'AWS'],
      [null, null],
    ],
  ])('%j', (titles, expected) => {
    expect(choices(...titles)).toEqual(expected);
  });
});

describe('due times', () => {
  it.each([
    ['T+15m', 'T+15m', 900_000],
    ['T+15 minutes: look', 'T+15m', 900_000],
    ['T-48h: freeze', 'T-48h', -172_800_000],
    ['Go (T-0)', 'T-0', 0],
    ['T−2 hours', 'T-2h', -7_200_000],
    ['Follow-up (T+1 day)', 'T+1d', 86_400_000],
    ['T+1.5h', 'T+1.5h', 5_400_000],
    ['T+15', null, null],
    ['AT-30 minutes', null, null],
    ['Deploy', null, null],
  ])('%s', (title, at, atMs) => {
    const [phase] = phasesOf(`# X\n\n## ${title}\n\n- [ ] x\n`);
    expect([phase?.at, phase?.atMs]).toEqual([at, atMs]);
  });
});
