import { dateTime } from '../text/duration.ts';
import { count } from './markdown-header.ts';
import {
  type Difference,
  exportedHeads,
  firstDifference,
  type Rebuilt,
  type RunAtHand,
  rebuiltTexts,
} from './rebuild.ts';
import type { DeploymentRecord } from './record.ts';
import { checkSeal, type SealCheck } from './seal.ts';
import { finding, type VerifyFinding } from './verify-finding.ts';
import { replayFindings } from './verify-replay.ts';

/** What the journal's own check found. */
export type JournalCheck =
  | { readonly kind: 'intact' }
  /** `entry`: number of the first bad one, from 0; only the entries before it are in `events`. */
  | { readonly kind: 'broken'; readonly entry: number; readonly because: string };

export interface VerifyRequest {
  /** The record as it lies on disk; null = only the run is looked at. */
  readonly record: string | Uint8Array | null;
  /** The run, when it is at hand. */
  readonly run: (RunAtHand & { readonly journal: JournalCheck }) | null;
  /** Hashes published elsewhere, 12 to 64 hex characters. */
  readonly anchors: readonly string[];
}

export interface VerifyReport {
  /** Nothing is broken. */
  readonly ok: boolean;
  readonly findings: readonly VerifyFinding[];
}

/** Says in words what is proven, since when, and what is only claimed. Pure: whoever calls it has read the files. */
export const verifyRecord = (request: VerifyRequest): VerifyReport => {
  const { record, run, anchors } = request;
  const text =
    record === null || typeof record === 'string'
      ? record
      : new TextDecoder('utf-8', { ignoreBOM: true }).decode(record);
  const seal = record === null ? null : checkSeal(record);
  const findings = [
    ...(run === null ? [] : [journalFinding(run)]),
    ...(seal === null ? [] : [sealFinding(seal, run !== null)]),
    ...(text === null || seal === null || run === null ? [] : contentFindings(text, seal, run)),
    ...replayFindings(text, run),
    ...anchorFindings(request, seal),
    ...claims(run),
    ...(anchors.length > 0
      ? []
      : [
          finding(
            'claimed',
            'nothing outside of these files vouches for them: whoever holds them could have written all of them anew. An anchor (--anchor, the hash in a posted message or ticket) rules that out up to its time',
          ),
        ]),
  ];
  return { ok: findings.every(({ level }) => level !== 'broken'), findings };
};

const moment = (ms: number): string => `${dateTime(ms)} UTC`;

const journalFinding = ({ events, journal }: NonNullable<VerifyRequest['run']>): VerifyFinding => {
  const first = events[0];
  const last = events.at(-1);
  const span = first === undefined || last === undefined ? '' : `, ${moment(first.at)} to ${moment(last.at)}`;
  return journal.kind === 'intact'
    ? finding('proven', `the journal is one unbroken chain of ${count(events.length, 'entry', 'entries')}${span}`)
    : finding(
        'broken',
        `the journal's chain is broken at entry ${journal.entry}: ${journal.because}; ${count(events.length, 'entry', 'entries')} before it hold${span}`,
      );
};

const sealFinding = (seal: SealCheck, hasRun: boolean): VerifyFinding => {
  switch (seal.kind) {
    case 'intact':
      return finding('proven', `the text is as it was sealed (head ${seal.head.slice(0, 12)})`);
    case 'intact-line-ends':
      return finding(
        'proven',
        `the text is as it was sealed (head ${seal.head.slice(0, 12)}), apart from its line ends`,
      );
    case 'broken':
      return finding(
        'broken',
        `the seal is broken: the text was changed after it was sealed${hasRun ? '' : '. Which line, only the run can tell'}`,
      );
    case 'missing':
      return finding(
        'broken',
        'there is no seal: the last line is not "seal: HEAD SUM", so the text was changed or cut',
      );
  }
};

const contentFindings = (text: string, seal: SealCheck, run: RunAtHand): readonly VerifyFinding[] => {
  const found = seal.kind === 'intact-line-ends' ? `${text.replaceAll('\r\n', '\n').replace(/\n$/, '')}\n` : text;
  const format = found.trimStart().startsWith('{') ? 'json' : 'md';
  const named = seal.kind === 'missing' ? [] : rebuiltTexts(run, seal.head, format);
  const foreign = seal.kind !== 'missing' && named.length === 0;
  const sealed = seal.kind === 'intact' || seal.kind === 'intact-line-ends';
  if (foreign && sealed)
    return [
      finding(
        'broken',
        `head ${seal.head.slice(0, 12)} is not in this journal: the record is of another run, or the journal was written anew`,
      ),
    ];
  const candidates = named.length > 0 ? named : exportedHeads(run).flatMap((head) => rebuiltTexts(run, head, format));
  const best = nearest(found, candidates);
  if (best === null) return [finding('broken', 'the run gives no record to compare with')];
  if (best.difference === null)
    return [
      finding(
        'proven',
        `every line follows from the journal: rebuilt from ${count(best.rebuilt.record.journal.events, 'entry', 'entries')}, it is the same text`,
      ),
    ];
  return [differenceFinding(best.difference, best.rebuilt.record, sealed)];
};

const nearest = (
  found: string,
  candidates: readonly Rebuilt[],
): { readonly rebuilt: Rebuilt; readonly difference: Difference | null } | null => {
  let best: { readonly rebuilt: Rebuilt; readonly difference: Difference | null } | null = null;
  for (const rebuilt of candidates) {
    const difference = firstDifference(found, rebuilt.text);
    if (difference === null) return { rebuilt, difference };
    if (best === null || difference.line > (best.difference?.line ?? 0)) best = { rebuilt, difference };
  }
  return best;
};

const quoted = (line: string | null): string => {
  if (line === null) return 'nothing';
  const characters = [...line];
  return characters.length > 120 ? `"${characters.slice(0, 119).join('')}…"` : `"${line}"`;
};

/** Shows both lines from a little before the place where they part. */
const around = (difference: Difference): readonly [string, string] => {
  const found = [...(difference.found ?? '')];
  const expected = [...(difference.expected ?? '')];
  let at = 0;
  while (at < found.length && found[at] === expected[at]) at += 1;
  const from = at > 80 ? at - 20 : 0;
  const shown = (line: string | null, characters: readonly string[]): string =>
    line === null ? quoted(null) : quoted(`${from > 0 ? '…' : ''}${characters.slice(from).join('')}`);
  return [shown(difference.found, found), shown(difference.expected, expected)];
};

const differenceFinding = (difference: Difference, record: DeploymentRecord, sealed: boolean): VerifyFinding => {
  const [found, expected] = around(difference);
  const why = sealed
    ? ` The seal holds, so the text was sealed like this: by another version than ${record.identity.tool} of the run, or by hand.`
    : '';
  return finding(
    'broken',
    `line ${difference.line} differs: the record has ${found}, the journal gives ${expected}.${why}`,
  );
};

const anchorFindings = ({ anchors, run }: VerifyRequest, seal: SealCheck | null): readonly VerifyFinding[] =>
  anchors.map((written) => {
    const anchor = written.trim().toLowerCase();
    if (!/^[0-9a-f]{12,64}$/.test(anchor))
      return finding('broken', `anchor "${written}" is not 12 to 64 hex characters`);
    const event = run?.events.find(({ h }) => h.startsWith(anchor));
    if (event !== undefined)
      return finding(
        'proven',
        `up to entry ${event.seq} (${moment(event.at)}) nothing was changed since anchor ${anchor.slice(0, 12)} was published`,
      );
    if (seal !== null && seal.kind !== 'missing' && seal.head.startsWith(anchor)) {
      return seal.kind === 'broken'
        ? finding('note', `anchor ${anchor.slice(0, 12)} is the head that the record names`)
        : finding(
            'proven',
            `anchor ${anchor.slice(0, 12)} is the head that the record names: it was written from the journal as it stood when that was published`,
          );
    }
    return run === null
      ? finding(
          'note',
          `anchor ${anchor.slice(0, 12)} is not the head of this record; only the run can tell whether it belongs to it`,
        )
      : finding(
          'broken',
          `anchor ${anchor.slice(0, 12)} is not in this journal: it is of another run, or the journal was written anew since`,
        );
  });

const claims = (run: VerifyRequest['run']): readonly VerifyFinding[] => {
  const started = run?.events.find((event) => event.type === 'run.started');
  const machine = started?.type === 'run.started' ? ` of ${started.data.host}` : '';
  const unverified = run?.events.filter((event) => event.type === 'approval.given' && !event.data.verified).length ?? 0;
  const ticks =
    run?.events.filter(
      (event) => event.type === 'step.passed' && (event.data.how === 'tick' || event.data.how === 'by-eye'),
    ).length ?? 0;
  return [
    finding('claimed', `times are those of the clock${machine}; names are as the operating system gave them`),
    ...(ticks === 0
      ? []
      : [finding('claimed', `${count(ticks, 'item was', 'items were')} ticked by hand: the operator's word`)]),
    ...(unverified === 0
      ? []
      : [
          finding(
            'claimed',
            `${count(unverified, 'approval is', 'approvals are')} attested only, not signed with a known key`,
          ),
        ]),
  ];
};
