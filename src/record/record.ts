import type * as z from 'zod';
import type { recordSchema } from './record-schema.ts';

type Frozen<T> = T extends object ? { readonly [K in keyof T]: Frozen<T[K]> } : T;

/** The account of a run, whole and safe to show. What each field means stands in `record-schema.ts`. */
export type DeploymentRecord = Frozen<z.infer<typeof recordSchema>>;

export type RecordFrame = DeploymentRecord['frames'][number];
export type RecordStep = RecordFrame['steps'][number];
export type RecordCommand = DeploymentRecord['commands'][number];
export type RecordApproval = DeploymentRecord['approvals'][number];
export type Deviation = DeploymentRecord['deviations'][number];
export type Pending = DeploymentRecord['owed'][number];
export type TimelineEntry = DeploymentRecord['timeline'][number];
