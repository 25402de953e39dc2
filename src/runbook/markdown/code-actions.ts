import { parseAttributes } from '../attributes.ts';
import { parseBody } from '../bodies.ts';
import { buildCommand } from '../command.ts';
import { diagnosticAt, type Place } from '../diagnostic.ts';
import type { Header } from '../header.ts';
import type { Action, Command, Diagnostic, Input } from '../model.ts';
import type { CodeBlock } from './blocks.ts';
import type { ActiveCode } from './drafts.ts';
import { type FenceCommand, toRanges } from './fence.ts';
import { softened } from './softened.ts';

/** A code block as an action of the model. */
export interface BuiltAction {
  /** Null when its body has errors that leave nothing to show. */
  readonly action: Action | null;
  readonly attributes: Readonly<Record<string, string>>;
  readonly attributesPlace: Place;
}

/** Builds the actions of one document, and gathers what they report and ask for. */
export class ActionBuilder {
  readonly diagnostics: Diagnostic[] = [];
  /** Inputs of placeholders, one per variable. */
  readonly placeholders = new Map<string, Input>();
  readonly #header: Header;
  readonly #lines: readonly string[];
  readonly #declared: readonly Input[];
  readonly #bodies = new Map<CodeBlock, Action | null>();

  /** `code` is every active block of the document: questions are read first, since any command may use their answers. */
  constructor(header: Header, lines: readonly string[], code: readonly ActiveCode[]) {
    this.#header = header;
    this.#lines = lines;
    for (const one of code) this.#readBody(one);
    const asked = [...this.#bodies.values()].flatMap((action) => (action?.kind === 'ask' ? action.inputs : []));
    this.#declared = [...header.inputs, ...asked];
  }

  build(code: ActiveCode): BuiltAction {
    const { block, reading } = code;
    const { attributes, problems } = parseAttributes(block.info);
    const infoColumn = Math.max(0, this.#source(block.from).lastIndexOf(block.info)) + 1;
    for (const problem of problems) {
      const place = { line: block.from, column: infoColumn + problem.offset };
      this.#report(diagnosticAt(problem.code, place, problem.message, problem.hint));
    }
    const open = block.info.indexOf('{');
    const attributesPlace = { line: block.from, column: infoColumn + Math.max(0, open) };
    if (reading.kind === 'body') return { action: this.#bodies.get(block) ?? null, attributes, attributesPlace };
    const command = this.#command(reading.source, attributes, attributesPlace);
    return { action: { kind: 'command', command, line: block.from }, attributes, attributesPlace };
  }

  /** The command of an `undo` fence. */
  buildUndo(code: ActiveCode): Command | null {
    const { action } = this.build(code);
    return action?.kind === 'command' ? action.command : null;
  }

  #readBody({ block, reading }: ActiveCode): void {
    if (reading.kind !== 'body') return;
    const filled = block.content.findIndex((line) => line.trim() !== '');
    const inner = block.content[filled] ?? '';
    const indent = filled < 0 ? 0 : Math.max(0, this.#source(block.contentFrom + filled).length - inner.length);
    const context = { header: this.#header, indent, line: block.from };
    const { action, diagnostics } = parseBody(reading.body, block.content.join('\n'), block.contentFrom, context);
    this.diagnostics.push(...diagnostics);
    this.#bodies.set(block, action);
  }

  #command(source: FenceCommand, attributes: Record<string, string>, attributesPlace: Place): Command {
    const built = buildCommand({
      script: source.script.join('\n'),
      shell: this.#header.shell,
      lines: toRanges(source.scriptLines),
      attributes,
      sample: source.sample,
      plain: this.#header.plain,
      inputs: this.#declared,
      place: (offset) => this.#placeOf(source, offset),
      attributesPlace,
      context: this.#header.target?.context ?? null,
    });
    this.diagnostics.push(...built.diagnostics);
    for (const input of built.inputs)
      if (!this.placeholders.has(input.variable)) this.placeholders.set(input.variable, input);
    return built.command;
  }

  /** Source place of an offset into the script: what a shell gets is the end of its source line. */
  #placeOf(source: FenceCommand, offset: number): Place {
    let rest = offset;
    let index = 0;
    while (index < source.script.length - 1 && rest > (source.script[index] as string).length) {
      rest -= (source.script[index] as string).length + 1;
      index += 1;
    }
    const text = source.script[index] ?? '';
    const line = source.scriptLines[index] ?? 1;
    const whole = this.#source(line);
    const start = whole.endsWith(text) ? whole.length - text.length : Math.max(0, whole.indexOf(text.trim()));
    return { line, column: start + Math.min(rest, text.length) + 1 };
  }

  #source(line: number): string {
    return this.#lines[line - 1] ?? '';
  }

  #report(diagnostic: Diagnostic): void {
    this.diagnostics.push(softened(diagnostic, this.#header.plain));
  }
}
