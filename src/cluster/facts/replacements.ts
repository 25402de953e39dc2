import type { SeenPod } from './seen-pod.ts';

const isLive = (pod: SeenPod): boolean => pod.phase !== 'Failed' && pod.phase !== 'Succeeded' && pod.deletedBy === null;

/**
 * Whether a failed pod has a live one in its place: its owner has as many live pods as it wants, or made one later.
 * @param wanted pods an owner wants; null when it does not say
 */
export const replacements = (
  pods: Iterable<SeenPod>,
  wanted: (ownerUid: string) => number | null,
): ((pod: SeenPod) => boolean) => {
  let owners: Map<string, { count: number; newest: number }> | null = null;
  const look = () => {
    const found = new Map<string, { count: number; newest: number }>();
    for (const pod of pods) {
      if (pod.ownerUid === null || !isLive(pod)) continue;
      const owner = found.get(pod.ownerUid) ?? { count: 0, newest: 0 };
      owner.count += 1;
      owner.newest = Math.max(owner.newest, pod.createdAt);
      found.set(pod.ownerUid, owner);
    }
    return found;
  };
  return (pod) => {
    if (pod.ownerUid === null) return false;
    owners ??= look();
    const owner = owners.get(pod.ownerUid);
    if (owner === undefined) return false;
    const most = wanted(pod.ownerUid);
    return owner.newest > pod.createdAt || (most !== null && owner.count >= most);
  };
};
