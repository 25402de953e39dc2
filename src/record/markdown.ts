import { type FitTarget, fitted, limits } from './fit.ts';
import { bodyOf, type Extent, everything, sections } from './markdown-sections.ts';
import type { DeploymentRecord } from './record.ts';
import { sealText } from './seal.ts';

export interface MarkdownOptions {
  /** Keep within the limit of what takes the text. */
  readonly fit?: FitTarget | null;
}

/** The Markdown of a record, sealed: the text a ticket gets. Renders on GitHub and GitLab, and reads as plain text. */
export const renderMarkdown = (record: DeploymentRecord, options: MarkdownOptions = {}): string => {
  const extent: Extent = {
    ...everything,
    folded: options.fit === undefined || options.fit === null || limits[options.fit].folds,
  };
  const whole = sealText(bodyOf(record, sections(record, extent), null), record.journal.head);
  return options.fit === undefined || options.fit === null ? whole : fitted(record, extent, options.fit, whole);
};
