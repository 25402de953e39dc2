import { parse } from 'unbash';
import type { Input, Risk } from '../model.ts';
import type { Finding } from './finding.ts';

/** What can be said of a script without running it. */
export interface Analysis {
  readonly risk: Risk;
  /** One phrase a cause, the worst first. */
  readonly because: readonly string[];
  readonly uses: readonly string[];
  readonly sets: readonly string[];
  readonly findings: readonly Finding[];
  readonly targetStep: boolean;
  readonly outsidePin: boolean;
  readonly watcher: boolean;
  readonly interactive: boolean;
  readonly exitSaysNothing: boolean;
  readonly endsInMatch: 'grep' | 'diff' | null;
}

export interface AnalysisContext {
  /** Shell or interpreter: only bash, sh, zsh and the like are parsed. */
  readonly shell: string;
  readonly inputs: readonly Input[];
  /** `target.context` of the runbook. */
  readonly context: string | null;
}

/** Risk, variables, findings and marks of a script. Offsets refer to the script given. */
export const analyse = (script: string, _context: AnalysisContext): Analysis => {
  const tree = parse(script);
  const findings: Finding[] = [];
  const error = tree.errors?.[0];
  if (error !== undefined) {
    findings.push({ number: 413, severity: 'error', offset: error.pos, message: error.message, hint: 'correct it' });
  }
  return {
    risk: 'change',
    because: [],
    uses: [],
    sets: [],
    findings,
    targetStep: false,
    outsidePin: false,
    watcher: false,
    interactive: false,
    exitSaysNothing: false,
    endsInMatch: null,
  };
};
