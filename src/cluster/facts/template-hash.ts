import { createHash } from 'node:crypto';
import { partOf, type Raw } from './raw.ts';

const addedByControllers = new Set(['pod-template-hash', 'rollouts-pod-template-hash', 'controller-revision-hash']);

const ordered = (_key: string, value: unknown): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1)))
    : value;

/** The same for two pod templates that differ at most in the labels their controller adds. */
export const templateHash = (template: Raw): string => {
  const metadata = partOf(template, 'metadata');
  const labels = Object.entries(partOf(metadata, 'labels')).filter(([key]) => !addedByControllers.has(key));
  const { creationTimestamp: _, ...rest } = metadata;
  const own = { ...template, metadata: { ...rest, labels: Object.fromEntries(labels) } };
  return createHash('sha256').update(JSON.stringify(own, ordered)).digest('hex').slice(0, 16);
};
