const option =
  /^(?:[^\p{L}\p{N}]*)((option|alternative|method|approach|variant|path)\s+([A-Z]|\d{1,2}|I{1,3}))(?=$|[\s:.)\-–—])/iu;

const platforms: readonly (readonly [label: string, pattern: RegExp])[] = [
  ['AWS', /\b(?:aws|amazon(?: web services)?|eks|ecs)\b/i],
  ['Google Cloud', /\b(?:gcp|google cloud(?: platform)?|gke|cloud run)\b/i],
  ['Azure', /\b(?:azure|aks)\b/i],
  ['DigitalOcean', /\b(?:digital ?ocean|doks)\b/i],
  ['OpenShift', /\bopen ?shift\b/i],
  ['Docker Compose', /\bdocker[- ]compose\b/i],
  ['Docker Swarm', /\b(?:docker )?swarm\b/i],
  ['Docker', /\bdocker\b/i],
  ['Kubernetes', /\b(?:kubernetes|k8s)\b/i],
  ['bare metal', /\bbare[- ]?metal\b/i],
  ['virtual machines', /\b(?:vms?|virtual machines?)\b/i],
  ['macOS', /\b(?:mac ?os(?: x)?|os x|mac)\b/i],
  ['Windows', /\bwindows\b/i],
  ['Debian', /\b(?:debian|ubuntu)\b/i],
  ['Red Hat', /\b(?:rhel|red ?hat|centos|fedora|rocky(?: linux)?|alma(?: ?linux)?)\b/i],
  ['Alpine', /\balpine\b/i],
  ['Arch', /\barch(?: linux)?\b/i],
  ['SUSE', /\b(?:open)?suse\b/i],
  ['Linux', /\blinux\b/i],
];

const emptyWords = /\b(?:on|for|in|with|using|via|to|the|a|an|and|or|your|users?|hosts?|systems?|cluster|linux)\b/gi;

/** Headings of one level under one parent -> the label of each that is an alternative, else null. */
export const choiceLabels = (titles: readonly string[]): readonly (string | null)[] => {
  const options = titles.map((title) => option.exec(title));
  const byWord = options.map((match) => match?.[2]?.toLowerCase());
  const labels: (string | null)[] = options.map((match, i) =>
    match !== null && byWord.filter((word) => word === byWord[i]).length > 1 ? (match[1] as string) : null,
  );
  const named = titles.map(platformOf);
  for (const [i, one] of named.entries()) {
    if (one === null || labels[i] !== null) continue;
    const rivals = named.filter((other) => other !== null && other.rest === one.rest);
    if (
      new Set(rivals.map((other) => other?.label)).size > 1 &&
      rivals.length === new Set(rivals.map((other) => other?.label)).size
    )
      labels[i] = one.label;
  }
  return labels;
};

/** The one platform a heading names, and what else the heading says. */
const platformOf = (title: string): { label: string; rest: string } | null => {
  let rest = title;
  const found: { label: string; written: string }[] = [];
  for (const [label, pattern] of platforms) {
    const match = pattern.exec(rest);
    if (match === null) continue;
    found.push({ label, written: match[0] });
    rest = rest.replace(new RegExp(pattern.source, 'gi'), ' ');
  }
  const [first] = found.filter(({ label }) => !(label === 'Linux' && found.length > 1));
  if (first === undefined || found.filter(({ label }) => label !== 'Linux').length > 1) return null;
  const said = rest
    .replace(/\(.*?\)/g, ' ')
    .replace(emptyWords, ' ')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
    .toLowerCase();
  return { label: first.written, rest: said };
};
