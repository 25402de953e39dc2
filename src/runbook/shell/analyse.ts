import { type ParsedScript, parse } from 'unbash';
import type { TargetOption, TargetSelection } from '../command-model.ts';
import type { Input, Risk } from '../model.ts';
import type { Region } from './classify.ts';
import { endingOf } from './ending.ts';
import type { Finding } from './finding.ts';
import { scanQuoting } from './quoting.ts';
import * as found from './script-findings.ts';
import { targetOptions, targetSelections } from './target-options.ts';
import { type ContextUse, contextFindings, contextsOf, targetSteps } from './targets.ts';
import { variablesOf } from './variables.ts';
import { change, type Verdict, worst } from './verdict.ts';
import { type Walked, walk } from './walk.ts';

/** What can be said of a script without running it. */
export interface Analysis {
  readonly risk: Risk;
  /** One phrase a cause, the worst first. */
  readonly because: readonly string[];
  readonly uses: readonly string[];
  readonly sets: readonly string[];
  /** External programs it starts here by a literal name. */
  readonly programs: readonly string[];
  readonly findings: readonly Finding[];
  /** It only selects the target of later commands. */
  readonly targetStep: boolean;
  /** `--context` of its commands. */
  readonly contexts: readonly ContextUse[];
  readonly targets: readonly TargetOption[];
  readonly selects: readonly TargetSelection[];
  readonly outsidePin: boolean;
  readonly watcher: boolean;
  readonly interactive: boolean;
  readonly exitSaysNothing: boolean;
  readonly endsInMatch: 'grep' | 'diff' | null;
  /** Parts of the script that a second shell reads as commands. */
  readonly code: readonly Region[];
  /** Parts that another interpreter reads as code. */
  readonly foreign: readonly Region[];
  /** Null for other interpreters' code. */
  readonly tree: ParsedScript | null;
}

export interface AnalysisContext {
  /** Shell or interpreter: only shells' text is parsed. */
  readonly shell: string;
  readonly plain: boolean;
  /** Declared inputs of the runbook. */
  readonly inputs: readonly Input[];
  /** `target.context` of the runbook. */
  readonly context: string | null;
}

const isShell = (shell: string): boolean => /^(.*\/)?(ba|z|da|k|a)?sh$/.test(shell);

/** Risk, variables, findings and marks of a script. Offsets refer to the script given. */
export const analyse = (script: string, context: AnalysisContext): Analysis => {
  if (!isShell(context.shell)) return otherInterpreter(script, context);
  if (isTooDeep(script)) return tooDeep;
  try {
    return analyseTree(parse(script), script, context);
  } catch (error) {
    // Statements nest without brackets too (`function a` on 5,000 lines), and the parser is recursive.
    if (error instanceof RangeError) return tooDeep;
    throw error;
  }
};

const analyseTree = (tree: ParsedScript, script: string, context: AnalysisContext): Analysis => {
  const walked = walk(tree);
  const variables = variablesOf(tree, new Set(context.inputs.map(({ variable }) => variable)));
  const ending = endingOf(tree);
  const contexts = contextsOf(walked);
  const target = targetSteps(walked, variables.sets, changesOther(walked));
  const isZsh = context.shell.endsWith('zsh') || context.shell.endsWith('ksh');
  const findings = [
    ...found.emptyFindings(tree),
    // Only bash and POSIX syntax is known well enough to refuse a script.
    ...(isZsh ? [] : found.syntaxFindings(script, walked)),
    ...found.backslashFindings(script),
    ...found.inputNameFindings(script, context.inputs, variables),
    ...found.unquotedFindings(context.inputs, variables),
    ...found.backgroundFindings(walked),
    ...found.heredocFindings(walked.heredocs, context.inputs),
    ...found.takeoverFindings(walked),
    ...found.endingFindings(ending),
    ...contextFindings(contexts, context.context),
    ...(target.finding !== null && !(context.plain && target.only) ? [target.finding] : []),
  ];
  const { risk, because } = worst([...walked.verdicts, ...unparsed(walked)]);
  return {
    risk,
    because,
    uses: variables.uses,
    sets: variables.sets,
    programs: walked.programs,
    findings,
    targetStep: target.only,
    contexts,
    targets: targetOptions(walked),
    selects: target.only || target.finding !== null ? targetSelections(walked, variables.sets) : [],
    outsidePin: walked.marks.has('outside'),
    watcher: walked.marks.has('watches'),
    interactive: walked.marks.has('interactive') || asksPerson(walked),
    exitSaysNothing: ending.saysNothing !== null,
    endsInMatch: ending.match,
    code: walked.code,
    foreign: walked.foreign,
    tree,
  };
};

/** A script that cannot be parsed may hold anything. */
const unparsed = (walked: Walked): Verdict[] =>
  walked.errors.length > 0 ? [change('a part that cannot be parsed')] : [];

/** Something else than selecting a target and looking happens too. */
const changesOther = (walked: Walked): boolean =>
  walked.verdicts.some(({ risk, because }) => risk !== 'read' && because !== null && !selectsTarget.test(because));

const selectsTarget =
  /^(kubectl|k|kubecolor|oc) (config|ctx|ns|login|project)|^(kubectx|kubens|kubie)|get-credentials|update-kubeconfig|write-kubeconfig|use-context|kubeconfig|^gcloud container|^aws eks update|^argocd (login|relogin)|^az aks|^az account set|^docker context|^minikube/;

const asksPerson = (walked: Walked): boolean =>
  walked.seen.some(
    ({ name, call, top }) =>
      name === 'read' && top && call.stdin === null && call.args.some(({ value }) => /^-[a-z]*[ps]/.test(value ?? '')),
  );

const maximumNesting = 64;

const isTooDeep = (script: string): boolean =>
  (script.match(/[(`{]/g)?.length ?? 0) > maximumNesting && scanQuoting(script).deepest > maximumNesting;

const nothingKnown: Omit<Analysis, 'because' | 'findings'> = {
  risk: 'change',
  uses: [],
  sets: [],
  programs: [],
  targetStep: false,
  contexts: [],
  targets: [],
  selects: [],
  outsidePin: false,
  watcher: false,
  interactive: false,
  exitSaysNothing: false,
  endsInMatch: null,
  code: [],
  foreign: [],
  tree: null,
};

const tooDeep: Analysis = {
  ...nothingKnown,
  because: [`nested deeper than ${maximumNesting} levels`],
  findings: [
    {
      number: 413,
      severity: 'error',
      offset: 0,
      message: `nested deeper than ${maximumNesting} levels`,
      hint: 'put it into a script',
    },
  ],
};

const otherInterpreter = (script: string, { shell }: AnalysisContext): Analysis => ({
  ...nothingKnown,
  because: [`${shell}: runs code that is not a shell's`],
  programs: [shell].filter((name) => !name.includes('/')),
  findings:
    script.trim() === ''
      ? [
          {
            number: 412,
            severity: 'error',
            offset: 0,
            message: 'command is empty',
            hint: 'write a command, or make it text',
          },
        ]
      : [],
});
