import { describe, expect, test } from 'vitest';
import { sampleLikeness } from '../../src/session/sample-likeness.ts';

const sample =
  'NAME                    READY   STATUS    RESTARTS   AGE\ncheckout-7d9f8b6c5-x2x4k   1/1     Running   0          3d';

describe('output beside the sample of a runbook', () => {
  test('is like it when only numbers, ages and hashes differ', () => {
    const output =
      'NAME                    READY   STATUS    RESTARTS   AGE\ncheckout-5c6b8f9d7-abcde   1/1     Running   2          14m\n';
    expect(sampleLikeness(sample, output)).toEqual({ like: true, missing: null });
  });

  test('is unlike it when a state is another one, and the line is named', () => {
    const output =
      'NAME                    READY   STATUS             RESTARTS   AGE\ncheckout-5c6b8f9d7-abcde   0/1     CrashLoopBackOff   9          14m\n';
    expect(sampleLikeness(sample, output)).toMatchObject({ like: false, missing: expect.stringContaining('Running') });
  });

  test('is unlike it when there is none', () => {
    expect(sampleLikeness(sample, '').like).toBe(false);
  });
});
