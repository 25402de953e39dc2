import { itemOptions } from '../command-options.ts';
import { diagnosticAt, inOrder } from '../diagnostic.ts';
import { buildHeader } from '../header.ts';
import { Anchors } from '../markdown/anchors.ts';
import { type Due, dueTime } from '../markdown/due.ts';
import type { Diagnostic, LoadResult, Phase, Runbook } from '../model.ts';
import { phasesSchema } from '../schema-runbook.ts';
import { stepsOf } from '../walk.ts';
import { isYamlRunbook } from './claim.ts';
import { type StatedPath, withPaths } from './paths.ts';
import { shape } from './problems.ts';
import { readYaml } from './read.ts';
import { askedInputs, buildSteps, itemAttributes, lineOf, type StepContext } from './steps.ts';
import { childOf, type YamlMap, type YamlNode } from './tree.ts';

export interface YamlOptions {
  /** `all`: rollback and reference phases are on the path too. */
  readonly offPath?: 'auto' | 'all';
}

/** Reads a whole runbook in the YAML notation, before `lint`. The model is null when there is none to show. */
export const parseYamlRunbook = (text: string, options: YamlOptions = {}): LoadResult => {
  if (!isYamlRunbook(text) && !saysNothing(text)) {
    const message = 'this YAML file is no runbook: neither "gonogo:" nor "phases:" stands at the top';
    return failed('E217', message, 'write "gonogo: 1", a title and phases; gonogo init writes a runbook to start from');
  }
  const { root, diagnostics } = readYaml(text, { quoting: 'everywhere', firstLine: 1, indent: 0 });
  if (diagnostics.length > 0) return { runbook: null, diagnostics: inOrder(diagnostics) };
  if (root === null) return failed('E101', 'runbook is empty', 'write "gonogo: 1", a title and phases');
  if (root.kind !== 'map')
    return failed('E217', `a map (key: value) expected, not a ${root.kind}`, 'write "gonogo: 1", a title and phases');
  return buildRunbook(root, options.offPath ?? 'auto');
};

const saysNothing = (text: string): boolean => text.replace(/#.*/g, '').trim() === '';

const failed = (code: string, message: string, hint: string): LoadResult => ({
  runbook: null,
  diagnostics: [diagnosticAt(code, { line: 1, column: 1 }, message, hint)],
});

const buildRunbook = (root: YamlMap, offPath: 'auto' | 'all'): LoadResult => {
  const isPhases = (key: string): boolean => key === 'phases';
  const { header, diagnostics: headerProblems } = buildHeader({
    ...root,
    entries: root.entries.filter((entry) => !isPhases(entry.key)),
  });
  const body = { ...root, entries: root.entries.filter((entry) => isPhases(entry.key)) };
  const shaped = shape(phasesSchema, body);
  const diagnostics: Diagnostic[] = [...headerProblems, ...shaped.diagnostics];
  if (header === null || shaped.value === null) return { runbook: null, diagnostics: inOrder(diagnostics) };
  const list = childOf(root, 'phases');
  const context: StepContext = {
    header,
    inputs: [...header.inputs, ...askedInputs(list, header)],
    anchors: new Anchors(),
    report: (found) => diagnostics.push(...found),
  };
  const builder = new PhaseBuilder(context, list);
  const built = builder.build(list);
  const title = header.title ?? 'Untitled runbook';
  const phases = withPaths(built, { kind: header.kind, title }, builder.stated, offPath);
  const runbook: Runbook = { ...header, title, phases };
  if (stepsOf(runbook).length === 0)
    diagnostics.push(diagnosticAt('E102', root.place, 'no steps found', 'add steps to a phase'));
  return { runbook: stepsOf(runbook).length === 0 ? null : runbook, diagnostics: inOrder(diagnostics) };
};

class PhaseBuilder {
  /** What the author said of a phase's path, by its number. */
  readonly stated = new Map<number, StatedPath>();
  readonly #context: StepContext;
  readonly #anchors = new Map<YamlNode, string>();
  #count = 0;

  constructor(context: StepContext, phases: YamlNode | undefined) {
    this.#context = context;
    this.#nameHeadings(phases);
  }

  /** Phases get their anchors before any step, as headings do. */
  #nameHeadings(node: YamlNode | undefined): void {
    for (const item of node?.kind === 'list' ? node.items : []) {
      this.#anchors.set(item, this.#context.anchors.next(lineOf(childOf(item, 'title'))));
      this.#nameHeadings(childOf(item, 'phases'));
    }
  }

  build(node: YamlNode | undefined): readonly Phase[] {
    return (node?.kind === 'list' ? node.items : []).map((item) => this.#phase(item));
  }

  #phase(node: YamlNode): Phase {
    this.#count += 1;
    const number = this.#count;
    const title = lineOf(childOf(node, 'title'));
    const path = lineOf(childOf(node, 'path'));
    if (path !== '') this.stated.set(number, path as StatedPath);
    const { options, diagnostics } = itemOptions(itemAttributes(node), node.place);
    this.#context.report(diagnostics);
    const due = this.#due(childOf(node, 'at'), title);
    const notes = childOf(node, 'notes');
    return {
      number,
      title,
      name: options.name,
      anchor: this.#anchors.get(node) ?? '',
      line: node.place.line,
      offPath: null,
      choice: null,
      at: due?.at ?? null,
      atMs: due?.atMs ?? null,
      when: options.when,
      owe: options.owe,
      critical: options.critical,
      prose: notes?.kind === 'scalar' ? notes.text.trimEnd() : '',
      steps: buildSteps(childOf(node, 'steps'), String(number), this.#context),
      phases: this.build(childOf(node, 'phases')),
    };
  }

  /** `at`, else the mark in the title. */
  #due(node: YamlNode | undefined, title: string): Due | null {
    if (node?.kind !== 'scalar' || node.empty) return dueTime(title);
    const due = /^\(?T.*\)?$/.test(node.text.trim()) ? dueTime(node.text) : null;
    if (due === null) {
      const problem = diagnosticAt(
        'E217',
        node.place,
        `"at": "${node.text}" is not a due time`,
        'write for example T+15m or T-48h',
      );
      this.#context.report([problem]);
    }
    return due;
  }
}
