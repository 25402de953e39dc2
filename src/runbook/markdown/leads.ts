import type { HtmlBlock } from './blocks.ts';

/**
 * The words above the block that is read next, which title a fence. They name that block, or fences that directly
 * follow each other; after those the heading above does again.
 */
export class Leads {
  #heading: string | null = null;
  #title: string | null = null;
  #used = false;
  /** Title before each `<details>` that is open: what is folded away leads to nothing outside. */
  readonly #outside: (string | null)[] = [];

  /** Null where only the heading of the phase stands above. */
  get title(): string | null {
    return this.#title;
  }

  /** A fence that does something has taken the title. */
  take(): void {
    this.#used = true;
    this.#outside.fill(this.#heading);
  }

  /** Another block begins; `isCode`: a fence that is only shown. */
  pass(isCode: boolean): void {
    if (isCode) this.take();
    if (this.#used) this.#title = this.#heading;
    this.#used = false;
  }

  /** A heading within a quote or an item; null when it has no words. */
  heading(title: string | null): void {
    this.#heading = title ?? this.#heading;
    this.#title = this.#heading;
  }

  /** A paragraph that can be a title; null for one that cannot. */
  paragraph(title: string | null): void {
    this.#title = title ?? this.#title;
  }

  /** The end of a list; null when its last item does not lead over. */
  list(title: string | null): void {
    this.#title = title ?? this.#heading;
  }

  html({ text }: HtmlBlock): void {
    for (const [tag] of text.replace(comment, '').matchAll(detailsTag)) {
      if (tag.startsWith('</')) this.#title = this.#outside.pop() ?? this.#heading;
      else this.#outside.push(this.#title);
    }
  }
}

const comment = /<!--[\s\S]*?(?:-->|$)/g;
const detailsTag = /<\/?details(?=[\s>])/gi;
