import type { ExecSpec } from '../../src/session/exec-spec.ts';

/** A spec of a bash command that reads, changed where somebody says so. */
export const specOf = (script: string, changes: Partial<ExecSpec> = {}): ExecSpec => ({
  v: 1,
  shell: 'bash',
  prelude: 'strict',
  script,
  env: [],
  cwd: null,
  timeoutMs: null,
  onTimeout: 'warn',
  attempts: 1,
  everyMs: 0,
  risk: 'read',
  target: { context: null, namespace: null },
  runbook: '',
  stdin: null,
  tty: false,
  background: false,
  capture: null,
  expect: null,
  endsInMatch: null,
  watcher: false,
  ...changes,
});
