import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { Command, Runbook } from '../../../src/runbook/model.ts';
import { commandsOf, stepsOf } from '../../../src/runbook/walk.ts';
import { loadFile, ownCommands, shipped, shippedNames, shippedPath, standings } from './walk-through.ts';

const hotfixYaml = fileURLToPath(new URL('../hotfix.yaml', import.meta.url));

const allCommands = (runbook: Runbook): readonly Command[] => stepsOf(runbook).flatMap(commandsOf);

/** Without source positions, with prose on one line, and without `undo`, which in YAML the place says. */
const comparable = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(comparable);
  if (value === null || typeof value !== 'object') return value;
  const kept = Object.entries(value).filter(([key]) => key !== 'line' && key !== 'lines');
  return Object.fromEntries(
    kept.map(([key, child]) => {
      if (key === 'anchor') return [key, null];
      if (key === 'prose') return [key, String(child).replace(/\s+/g, ' ').trim()];
      return [key, key === 'undo' ? withoutUndoMark(child) : comparable(child)];
    }),
  );
};

const withoutUndoMark = (undo: unknown): unknown =>
  Array.isArray(undo)
    ? (undo as Command[]).map(({ attributes, options, ...rest }) =>
        comparable({
          ...rest,
          attributes: { ...attributes, undo: 'true' },
          options: { ...options, undo: true },
        }),
      )
    : comparable(undo);

describe.each(shippedNames)('%s.md', (name) => {
  it('loads without any diagnostic', () => {
    expect(loadFile(shippedPath(name)).diagnostics).toEqual([]);
  });

  it('has commands that bash can read, each with a time limit', () => {
    const commands = allCommands(shipped(name));
    expect(commands.length).toBeGreaterThan(2);
    for (const { script, blocked } of commands) {
      const checked = spawnSync('bash', ['-n', '-c', script], { encoding: 'utf8' });
      expect(checked.stderr, script).toBe('');
      expect(blocked, script).toBeNull();
    }
    const own = stepsOf(shipped(name)).flatMap((step) => [...ownCommands(step), ...step.undo]);
    const endless = own.filter(({ options }) => options.timeoutMs === null && !options.background);
    expect(endless.map(({ script }) => script)).toEqual([]);
  });

  it('links only to files that exist', () => {
    const text = readFileSync(shippedPath(name), 'utf8');
    const links = [...text.matchAll(/\]\(([^):#]+\.md)\)/g)].map((match) => match[1] as string);
    const runbook = shipped(name).rollback?.runbook;
    for (const link of [...links, ...(runbook ? [runbook] : [])]) {
      expect(existsSync(join(dirname(shippedPath(name)), link)), link).toBe(true);
    }
  });

  it('uses only variables that inputs, questions, captures or earlier commands give', () => {
    const runbook = shipped(name);
    const known = new Set(['NAMESPACE', 'CONTEXT', ...runbook.inputs.map(({ variable }) => variable)]);
    for (const step of stepsOf(runbook)) {
      for (const action of step.actions) {
        if (action.kind === 'ask') for (const { variable } of action.inputs) known.add(variable);
        if (action.kind !== 'command') continue;
        expect(
          action.command.uses.filter((variable) => !known.has(variable)),
          step.title,
        ).toEqual([]);
        for (const variable of action.command.sets) known.add(variable);
        if (action.command.options.capture !== null) known.add(action.command.options.capture);
      }
    }
  });
});

describe('both notations', () => {
  it('give the same hotfix', () => {
    const { runbook, diagnostics } = loadFile(hotfixYaml);
    expect(diagnostics).toEqual([]);
    expect(comparable(runbook)).toEqual(comparable(shipped('hotfix')));
  });
});

/** Titles of the steps with a command that is more than a read, with its risk. */
const changes = (runbook: Runbook): readonly string[] =>
  stepsOf(runbook).flatMap((step) =>
    ownCommands(step).flatMap(({ risk }) => (risk === 'read' ? [] : [`${risk}: ${step.title}`])),
  );

describe('risks', () => {
  it('before the deployment nothing is changed', () => {
    expect(changes(shipped('pre-deploy'))).toEqual([]);
  });

  it('of the hotfix: one change', () => {
    expect(changes(shipped('hotfix'))).toEqual(['change: Set the image']);
  });

  it('of the canary: the image, and the two Deployments at each stage', () => {
    expect(changes(shipped('canary'))).toEqual([
      'change: Create the canary Deployment (if there is none yet)',
      'change: Give the canary the new image',
      ...[10, 25, 50, 75, 100].flatMap((share) => [
        `change: Canary up to ${share} % of the pods`,
        `change: Stable down to ${100 - share} % of the pods`,
      ]),
      'change: Give stable the new image, still at 0 pods',
      'change: Stable to full strength',
      'change: Canary to 0',
    ]);
  });

  it('of the rollback: the first command of each method is the one that brings the service back', () => {
    const runbook = shipped('rollback');
    const methods = runbook.phases.filter((phase) => phase.when?.input === 'method');
    expect(methods.map((phase) => phase.when?.value)).toEqual([
      'rolling',
      'canary',
      'blue-green',
      'flag',
      'gitops',
      'database',
    ]);
    for (const phase of methods) {
      const first = phase.steps[0];
      expect(first?.actions[0]?.kind, phase.title).toBe('command');
      expect(ownCommands(first as never)[0]?.risk, phase.title).toBe('change');
    }
    expect(runbook.phases.slice(0, methods.length)).toEqual(methods);
  });
});

describe('the way back', () => {
  it.each([
    ['canary', 'REVISION'],
    ['hotfix', 'REVISION'],
    ['rolling', 'REVISION'],
    ['blue-green', 'COLOUR'],
  ])('of %s.md fills every input of rollback.md, without a question', (name, capture) => {
    const inputs = shipped('rollback').inputs;
    const given = shipped(name).rollback?.with ?? {};
    expect(Object.keys(given).filter((key) => !inputs.some((input) => input.name === key))).toEqual([]);
    const open = inputs.filter((input) => input.default === null && given[input.name] === undefined);
    expect(open.map((input) => input.name)).toEqual([]);
    expect(inputs.some((input) => input.variable === capture)).toBe(true);
    const captures = stepsOf(shipped(name)).flatMap((step) => ownCommands(step).map(({ options }) => options.capture));
    expect(captures).toContain(capture);
  });

  it('asks nothing on its way', () => {
    expect(
      stepsOf(shipped('rollback'))
        .flatMap((step) => step.actions)
        .filter((action) => action.kind === 'ask'),
    ).toEqual([]);
  });
});

describe('hotfix.md', () => {
  it('opens with a read-only look, then the assessment as one card', () => {
    const [first, ...rest] = shipped('hotfix').phases[0]?.steps ?? [];
    expect(first?.actions.map((action) => action.kind)).toEqual(['command']);
    expect(ownCommands(first as never)[0]?.risk).toBe('read');
    expect(rest).toHaveLength(8);
    expect(rest.every((step) => step.kind === 'manual')).toBe(true);
  });

  it('lets only the decision, the way back and the approval stand before the change', () => {
    const all = standings(shipped('hotfix'));
    const change = all.findIndex(({ step }) => ownCommands(step).some(({ risk }) => risk !== 'read'));
    const required = all
      .slice(0, change)
      .filter(({ step, phases }) => !step.optional && step.owe === null && phases.every((phase) => phase.owe === null));
    expect(required.map(({ step }) => step.title)).toEqual([
      'Choose what stops the damage soonest',
      'What runs now is known, and so is what will run',
      'Approved by the incident commander',
    ]);
  });

  it('is looked at again after 5 and 30 minutes, 2 and 24 hours', () => {
    expect(shipped('hotfix').phases.flatMap((phase) => phase.at ?? [])).toEqual([
      'T-0',
      'T+5m',
      'T+30m',
      'T+2h',
      'T+24h',
    ]);
  });
});

describe('pre-deploy.md', () => {
  it('posts the blocker on STOP and the announcement on GO', () => {
    const phases = shipped('pre-deploy').phases.slice(-3);
    const messages = phases.map((phase) =>
      phase.steps.flatMap((step) =>
        step.actions.flatMap((action) => (action.kind === 'message' ? [action.message] : [])),
      ),
    );
    expect(messages.map((list) => list.map(({ name }) => name))).toEqual([
      [],
      ['blocker-ticket', 'blocker'],
      ['go-ticket', 'announcement'],
    ]);
    const sends = messages.flat().flatMap(({ send }) => (send === null ? [] : [send]));
    expect(sends.map(({ script }) => script)).toEqual(
      Array(2).fill('gh issue comment "$TICKET" --repo "$REPO" --body-file -'),
    );
    expect(sends.every(({ risk }) => risk === 'change')).toBe(true);
  });
});

/** Titles of the steps that are not optional and lie between a decision and the place its choice jumps to. */
const leftOut = (runbook: Runbook, label: string): readonly string[] => {
  const all = standings(runbook);
  const choices = all.flatMap(({ step }, from) =>
    step.actions.flatMap((action) =>
      action.kind === 'decide' ? action.choices.map((choice) => ({ ...choice, from })) : [],
    ),
  );
  const choice = choices.find((c) => c.label.startsWith(label));
  if (choice === undefined) throw new Error(`no choice ${label}`);
  const name = choice.target.slice(1);
  const to = all.findIndex(({ phases }) => phases.some((phase) => phase.name === name || phase.anchor === name));
  expect(to).toBeGreaterThan(choice.from);
  return all.slice(choice.from + 1, to).flatMap(({ step }) => (step.optional ? [] : [step.title]));
};

describe('decisions', () => {
  it.each([
    ['hotfix', 'Fix forward'],
    ['pre-deploy', 'GO'],
  ] as const)('of %s.md: "%s" leaves out nothing but steps that do not apply', (name, label) => {
    expect(leftOut(shipped(name), label)).toEqual([]);
  });
});
