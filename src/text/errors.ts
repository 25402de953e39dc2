/** Process exit codes (design: 50-safety, "Bad input"). */
export type ExitCode = 0 | 2 | 3 | 4 | 5 | 6 | 70 | 130;

export const exitCodes = {
  done: 0,
  usage: 2,
  refused: 3,
  failed: 4,
  rolledBack: 5,
  resumable: 6,
  bug: 70,
  interrupted: 130,
} as const satisfies Record<string, ExitCode>;

/** `E501`, `W301`, `I112`: the letter is the severity, the number is the entry in the list of bad inputs. */
export type ProblemCode = `${'E' | 'W' | 'I'}${number}`;

export interface ExpectedErrorOptions {
  readonly code?: ProblemCode;
  /** Where: `file:line:column`, a setting's key, an option's name. */
  readonly place?: string;
  /** What the operator can do next, as an imperative sentence. */
  readonly nextStep?: string;
  /** Default 2 (usage or bad file). */
  readonly exit?: ExitCode;
  readonly cause?: unknown;
}

/**
 * An error the operator can act on: what happened, where, and what to do next.
 * Everything else that is thrown is a bug and exits with 70.
 */
export class ExpectedError extends Error {
  override readonly name = 'ExpectedError';
  readonly code: ProblemCode | null;
  readonly place: string | null;
  readonly nextStep: string | null;
  readonly exit: ExitCode;

  constructor(message: string, options: ExpectedErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = options.code ?? null;
    this.place = options.place ?? null;
    this.nextStep = options.nextStep ?? null;
    this.exit = options.exit ?? exitCodes.usage;
  }
}

/** One line: `place: code message. next step` with the parts that exist. */
export const errorLine = (error: ExpectedError): string => {
  const place = error.place === null ? '' : `${error.place}: `;
  const code = error.code === null ? '' : `${error.code} `;
  const next = error.nextStep === null ? '' : `. ${error.nextStep}`;
  return `${place}${code}${error.message}${next}`;
};
