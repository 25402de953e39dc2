import type { Diagnostic } from '../model.ts';

/** In a plain file a problem of one place is a warning of the same number, and the rest can be run. */
export const softened = (diagnostic: Diagnostic, plain: boolean): Diagnostic =>
  plain && diagnostic.severity === 'error'
    ? { ...diagnostic, severity: 'warning', code: diagnostic.code.replace('E', 'W') }
    : diagnostic;
