import type { FaceOptions } from '../engine/face.ts';
import type { Engine } from '../engine/view.ts';
import type { AnswerQueue } from './answer-queue.ts';
import type { Answers } from './answers.ts';
import type { Lines } from './lines.ts';
import type { OverrideParts } from './override.ts';

export interface WalkOptions {
  readonly engine: Engine;
  readonly options: FaceOptions;
  readonly lines: Lines;
  readonly answers: Answers;
  readonly auto: boolean;
}

/** What every part of a walk is given. */
export interface WalkParts extends WalkOptions, OverrideParts {}

/** What a walk keeps in mind, from its beginning on. */
export interface Begun extends AnswerQueue {
  /** Attempts from this number on are of this process. */
  readonly firstAttempt: number;
  /** Values of the answers file for questions; one that was refused is not tried again. */
  readonly values: Map<string, string>;
  /** A step out of order that the operator works on: an owed one, or one off the path. */
  looking: string | null;
}
