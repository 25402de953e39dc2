import type { EngineView } from '../engine/view.ts';
import type { WorkloadFacts } from '../gates/workload.ts';
import { isFresh } from '../session/cluster-words.ts';
import type { SessionState } from '../session/state.ts';
import { type SafeText, safeLine } from '../text/safe-text.ts';
import type { Theme } from './theme.ts';

/** What is deployed: service, the version before and the new one; null = not known. */
export interface Change {
  readonly what: string;
  readonly from: string | null;
  readonly to: string | null;
  /** What the workload's spec names now, where that is neither: somebody else has changed it. */
  readonly runs: string | null;
  /** Where a rollback leads, `v2.2.5 (rev 41)`; null as long as nobody has noted that. */
  readonly back: string | null;
}

/** `v2.3.1` of `registry:5000/shop/checkout:v2.3.1@sha256:…`; null without a tag: a digest is no version. */
const tagOf = (image: string): string | null => /:([^:/]+)$/.exec(image.split('@')[0] ?? '')?.[1] ?? null;

const tagsOf = (images: readonly string[]): readonly string[] =>
  images.map(tagOf).filter((tag): tag is string => tag !== null);

const same = (one: string, other: string | null): boolean =>
  other !== null && one.replace(/^v(?=\d)/, '') === other.replace(/^v(?=\d)/, '');

/** Images of the spec as it is now; none while nobody knows. */
const imagesNow = ({ source, revisions }: WorkloadFacts): readonly string[] =>
  isFresh(source) ? (revisions.find(({ isNew }) => isNew)?.images ?? []) : [];

/** The first container's tag where all workloads have the same one. */
const oneTag = (images: readonly (readonly string[])[]): string | null => {
  const [first, ...others] = new Set(images.map(([image]) => (image === undefined ? null : tagOf(image))));
  return first === undefined || others.length > 0 ? null : first;
};

/** An input says it, or the runbook has found it out. */
const notedVersion = ({ frames }: SessionState): string | null => {
  const [frame] = frames;
  if (frame === undefined) return null;
  const { PREVIOUS_VERSION, PREVIOUS_IMAGE } = frame.captures;
  const found = PREVIOUS_VERSION ?? (PREVIOUS_IMAGE === undefined ? null : tagOf(PREVIOUS_IMAGE));
  return frame.inputs['previous-version'] ?? found;
};

/** Before the first change what runs, after it what was stored of the specs. */
const seenVersion = ({ session, cluster }: EngineView): string | null =>
  session.firstChangeAt === null
    ? oneTag((cluster?.workloads ?? []).map(imagesNow))
    : oneTag(session.stored.map(({ images }) => images));

/** Of several workloads one may run an older version all along: only those whose spec before the change is known are told of. */
const strangeVersion = ({ session, cluster }: EngineView, known: readonly (string | null)[]): string | null => {
  const workloads = cluster?.workloads ?? [];
  for (const workload of workloads) {
    const stored = session.stored.find((each) => each.workload === workload.reference);
    if (stored === undefined && workloads.length > 1) continue;
    const expected = [...known, ...tagsOf(stored?.images ?? [])];
    const tags = tagsOf(imagesNow(workload));
    const [first] = tags;
    if (first === undefined || tags.some((tag) => expected.some((version) => same(tag, version)))) continue;
    return workloads.length > 1 ? `${first} in ${workload.name}` : first;
  }
  return null;
};

/** A way back that was not noted leads to what was there before only while nobody else has changed it. */
const wayBack = (session: SessionState, seen: string | null, runs: string | null): string | null => {
  const noted = notedVersion(session);
  if (noted === null) return session.firstChangeAt !== null && runs === null ? seen : null;
  const { PREVIOUS_REVISION, REVISION } = session.frames[0]?.captures ?? ({} as Readonly<Record<string, string>>);
  const revision = PREVIOUS_REVISION ?? REVISION ?? '';
  return /^\d{1,9}$/.test(revision) ? `${noted} (rev ${revision})` : noted;
};

export const changeOf = (view: EngineView): Change => {
  const { session } = view;
  const frame = session.frames[0];
  const workload = session.run?.target.workloads[0];
  const named = workload === undefined ? '' : workload.slice(workload.indexOf('/') + 1);
  const to = frame?.inputs.version ?? null;
  const seen = seenVersion(view);
  const from = notedVersion(session) ?? seen;
  const runs = from === null && to === null ? null : strangeVersion(view, [from, to]);
  return { what: frame?.inputs.service ?? named, from, to, runs, back: wayBack(session, seen, runs) };
};

/** The change in words: `checkout  v2.2.5 → v2.3.0`, and `(runs v9)` where somebody else has put that in its place. */
export const changeWords = (view: EngineView, theme: Theme, gap = '  '): SafeText => {
  const { what, from, to, runs } = changeOf(view);
  const versions = from === null || to === null ? (to ?? from ?? '') : `${from} ${theme.glyph.arrow} ${to}`;
  const now = runs === null ? '' : `(runs ${runs})`;
  return safeLine(
    [what, [versions, now].filter((part) => part !== '').join(' ')].filter((part) => part !== '').join(gap),
  );
};
