import type { Diagnostic, Severity } from './model.ts';

/** A 1-based place in the source file. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

const severities: Readonly<Record<string, Severity>> = { E: 'error', W: 'warning', I: 'info' };

/** A problem at a place; the code's letter gives its severity. */
export const diagnosticAt = (code: string, place: Place, message: string, hint: string | null = null): Diagnostic => ({
  code,
  severity: severities[code.charAt(0)] ?? 'error',
  line: place.line,
  column: place.column,
  message,
  hint,
});

/** In reading order; problems at one place keep the order they were found in. */
export const inOrder = (diagnostics: readonly Diagnostic[]): readonly Diagnostic[] =>
  [...diagnostics].sort((a, b) => a.line - b.line || a.column - b.column);
