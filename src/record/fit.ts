import { sha256 } from '../session/exec-spec.ts';
import { count } from './markdown-header.ts';
import { bodyOf, type Extent, everything, type Section, sections } from './markdown-sections.ts';
import type { DeploymentRecord } from './record.ts';
import { sealText } from './seal.ts';

export type FitTarget = 'github' | 'jira' | 'slack';

/** Characters that the target takes (counted as UTF-16 units, which is never too few), and whether it folds `<details>`. */
export const limits: Readonly<Record<FitTarget, { readonly characters: number; readonly folds: boolean }>> = {
  github: { characters: 65_536, folds: true },
  jira: { characters: 32_767, folds: false },
  slack: { characters: 40_000, folds: false },
};

/**
 * The text within the target's limit. What goes first is what can be looked up elsewhere: output of reads, then all
 * output, the commands, the timeline and messages, the checks that passed. The rest is named as an attachment: the
 * record as it is without a limit, with its hash.
 */
export const fitted = (record: DeploymentRecord, extent: Extent, target: FitTarget, whole: string): string => {
  const { characters } = limits[target];
  if (whole.length <= characters) return whole;
  const full = sealText(bodyOf(record, sections(record, everything), null), record.journal.head);
  const write = (parts: readonly Section[], left: string): string => {
    const limit = String(characters).replace(/(?=\d{3}$)/, ',');
    const words = `Shortened to ${limit} characters: ${left} left out. The whole record is the attachment \`record.md\`, SHA-256 \`${sha256(full)}\`.`;
    return sealText(bodyOf(record, parts, words), record.journal.head);
  };
  const trial = (smaller: Partial<Extent>, left: string): string | null => {
    const written = write(sections(record, { ...extent, ...smaller }), left);
    return written.length <= characters ? written : null;
  };
  return (
    withoutSomeOutput(record, trial) ??
    trial({ outputs: false }, 'commands with their output') ??
    trial({ outputs: false, timeline: false }, 'commands with their output, timeline and messages') ??
    trial(
      { outputs: false, timeline: false, passedChecks: false },
      'commands with their output, timeline, messages and the checks that passed',
    ) ??
    cut(sections(record, { ...extent, outputs: false, timeline: false, passedChecks: false }), characters, (parts) =>
      write(parts, 'all that does not stand here'),
    )
  );
};

/** Leaves out as few outputs as needed, reads before changes, the oldest first. */
const withoutSomeOutput = (
  record: DeploymentRecord,
  trial: (smaller: Partial<Extent>, left: string) => string | null,
): string | null => {
  const shown = record.commands.filter(({ output }) => output !== null && output.bytes > 0 && !output.binary);
  const troubled = (exit: number | null): number => (exit === 0 ? 0 : 1);
  const order = shown.toSorted(
    (a, b) =>
      troubled(a.exit) - troubled(b.exit) ||
      Number(a.risk !== 'read') - Number(b.risk !== 'read') ||
      a.attempt - b.attempt,
  );
  const without = (n: number): string | null =>
    trial(
      { withoutTail: new Set(order.slice(0, n).map(({ attempt }) => attempt)) },
      `output of ${count(n, 'command')}`,
    );
  let most = order.length;
  let best = without(most);
  if (best === null) return null;
  let least = 1;
  while (least < most) {
    const middle = Math.floor((least + most) / 2);
    const written = without(middle);
    if (written === null) least = middle + 1;
    else {
      most = middle;
      best = written;
    }
  }
  return best;
};

/** Drops whole blocks from the end until the text fits; the first line and the facts always stay. */
const cut = (parts: readonly Section[], characters: number, write: (parts: readonly Section[]) => string): string => {
  const blocks = parts.flatMap((section, index) => section.blocks.map((block) => ({ index, block })));
  const upTo = (n: number): string => {
    const kept = parts.map((section, index) => ({
      ...section,
      blocks: blocks.slice(0, n).flatMap((b) => (b.index === index ? [b.block] : [])),
    }));
    return write(kept.filter((section) => section.blocks.length > 0));
  };
  let fits = 0;
  let beyond = blocks.length + 1;
  while (beyond - fits > 1) {
    const middle = Math.floor((fits + beyond) / 2);
    if (upTo(middle).length <= characters) fits = middle;
    else beyond = middle;
  }
  return upTo(fits);
};
