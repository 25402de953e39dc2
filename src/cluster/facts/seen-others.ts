import type { WatchedRow } from '../api/resource.ts';
import { numberOf, partOf, partsOf, type Raw, shortCopy, textOf, timeOf } from './raw.ts';
import { controllerOf } from './seen-pod.ts';

/** An AnalysisRun of Argo Rollouts. */
export interface SeenAnalysis extends WatchedRow {
  readonly name: string;
  readonly ownerUid: string | null;
  /** Pod template hash of the revision it judges. */
  readonly revision: string | null;
  /** `Running`, `Successful`, `Failed`, `Error`, `Inconclusive`. */
  readonly phase: string;
  readonly message: string | null;
  readonly createdAt: number;
}

const metricText = (result: Raw): string => {
  const name = textOf(result.name) ?? 'metric';
  const message = shortCopy(result.message);
  const counts = (['successful', 'failed', 'inconclusive', 'error'] as const)
    .map((key) => ({ key, times: numberOf(result[key]) ?? 0 }))
    .filter(({ times }) => times > 0)
    .map(({ key, times }) => `${times} ${key}`);
  return [`${name} ${textOf(result.phase) ?? 'Pending'}`, counts.join(', '), message ?? '']
    .filter((part) => part !== '')
    .join(', ');
};

export const seenAnalysis = (object: unknown): SeenAnalysis | null => {
  const metadata = partOf(object, 'metadata');
  const status = partOf(object, 'status');
  const uid = textOf(metadata.uid);
  if (uid === null) return null;
  const results = partsOf(status.metricResults).map(metricText);
  const message = [shortCopy(status.message) ?? '', ...results].filter((part) => part !== '').join('; ');
  return {
    uid,
    resourceVersion: textOf(metadata.resourceVersion) ?? '',
    name: textOf(metadata.name) ?? '',
    ownerUid: textOf(controllerOf(metadata)?.uid),
    revision: textOf(partOf(metadata, 'labels')['rollouts-pod-template-hash']),
    phase: textOf(status.phase) ?? 'Pending',
    message: message === '' ? null : message,
    createdAt: timeOf(metadata.creationTimestamp) ?? 0,
  };
};

/** A HorizontalPodAutoscaler. */
export interface SeenScaler extends WatchedRow {
  readonly name: string;
  readonly targetKind: string;
  readonly targetName: string;
  readonly least: number;
  readonly most: number;
  /** `3 of 3-10, cpu 61 %/80 %`. */
  readonly text: string;
}

const amount = (value: Raw): string | null => {
  const percent = numberOf(value.averageUtilization);
  return percent === null ? (textOf(value.averageValue) ?? textOf(value.value)) : `${percent} %`;
};

const sources = ['resource', 'containerResource', 'pods', 'object', 'external'] as const;

const scalerMetric = (spec: Raw, current: readonly Raw[]): string | null => {
  const key = sources.find((source) => Object.keys(partOf(spec, source)).length > 0);
  if (key === undefined) return null;
  const name = textOf(partOf(spec, key).name) ?? textOf(partOf(spec, key, 'metric').name) ?? key;
  const status = current.find((candidate) => {
    const told = partOf(candidate, key);
    return (textOf(told.name) ?? textOf(partOf(told, 'metric').name) ?? key) === name;
  });
  const now = amount(partOf(status, key, 'current')) ?? '?';
  return `${name} ${now}/${amount(partOf(spec, key, 'target')) ?? '?'}`;
};

export const seenScaler = (object: unknown): SeenScaler | null => {
  const metadata = partOf(object, 'metadata');
  const spec = partOf(object, 'spec');
  const status = partOf(object, 'status');
  const uid = textOf(metadata.uid);
  if (uid === null) return null;
  const least = numberOf(spec.minReplicas) ?? 1;
  const most = numberOf(spec.maxReplicas) ?? 0;
  const current = partsOf(status.currentMetrics);
  const metrics = partsOf(spec.metrics).flatMap((metric) => scalerMetric(metric, current) ?? []);
  return {
    uid,
    resourceVersion: textOf(metadata.resourceVersion) ?? '',
    name: textOf(metadata.name) ?? '',
    targetKind: textOf(partOf(spec, 'scaleTargetRef').kind) ?? '',
    targetName: textOf(partOf(spec, 'scaleTargetRef').name) ?? '',
    least,
    most,
    text: [`${numberOf(status.currentReplicas) ?? 0} of ${least}-${most}`, ...metrics].join(', '),
  };
};
