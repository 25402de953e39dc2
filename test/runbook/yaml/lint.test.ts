import { describe, expect, it } from 'vitest';
import { lint } from '../../../src/runbook/lint.ts';
import type { Command, Runbook, Step } from '../../../src/runbook/model.ts';
import { parseYamlRunbook } from '../../../src/runbook/yaml/notation.ts';

/** A runbook from YAML, with the variables of each command taken from comments: `# uses A B`, `# sets C`. */
const load = (source: string): Runbook => {
  const { runbook, diagnostics } = parseYamlRunbook(source);
  expect(diagnostics.filter((found) => found.severity === 'error')).toEqual([]);
  if (runbook === null) throw new Error('no model');
  return { ...runbook, phases: runbook.phases.map((phase) => ({ ...phase, steps: phase.steps.map(withVariables) })) };
};

const withVariables = (step: Step): Step => ({
  ...step,
  steps: step.steps.map(withVariables),
  actions: step.actions.map((action) =>
    action.kind === 'command' ? { ...action, command: marked(action.command) } : action,
  ),
});

const words = (script: string, key: string): readonly string[] =>
  new RegExp(`# ${key} ([A-Z_ ]+)`).exec(script)?.[1]?.trim().split(' ') ?? [];

const marked = (command: Command): Command => ({
  ...command,
  uses: words(command.script, 'uses'),
  sets: words(command.script, 'sets'),
});

const problems = (source: string, plain = false, environment: readonly string[] = []) =>
  lint({ ...load(source), plain }, { source, environment }).diagnostics.map(
    (d) => `${d.code} ${d.line}:${d.column} ${d.message}`,
  );

const steps = (...lines: readonly string[]): string =>
  `title: T\nphases:\n  - title: P\n    steps:\n${lines.map((l) => `      ${l}`).join('\n')}\n`;

describe('names', () => {
  it('E213 names both lines', () => {
    const source = steps('- title: A', '  name: deploy', '- title: B', '- title: C', '  name: deploy');
    expect(problems(source)).toEqual(['E213 9:15 name "deploy" used on lines 6 and 9']);
  });

  it('counts phases, commands, gates and messages too', () => {
    const phase = 'title: T\nphases:\n  - title: P\n    name: x\n    steps:\n      - title: A\n';
    for (const action of [
      'run: { script: "true", name: x }',
      'message: { name: x, text: hi }',
      "gate: { name: x, http: 'https://a.example' }",
    ])
      expect(problems(`${phase}        ${action}\n`).map((p) => p.slice(0, 4))).toEqual(['E213']);
  });

  it('a step and its own command may share one', () => {
    expect(problems(steps('- title: A', '  name: x', '  run: { script: "true", name: x }'))).toEqual([]);
  });

  it('E214 for a name with a slash or a control character', () => {
    expect(problems(steps('- title: A', "  message: { name: 'a/b', text: hi }"))).toEqual([
      'E214 6:27 name "a/b" holds characters that a name may not have',
    ]);
    expect(problems(steps('- title: A', '  message: { name: "a\\e[1m", text: hi }'))[0]).toContain('E214');
    for (const text of [
      steps('- title: A', '  name: a/b'),
      steps('- title: A', '  run: { script: "true", name: "a\\eb" }'),
    ])
      expect(parseYamlRunbook(text).diagnostics).toMatchObject([{ code: 'E214', severity: 'error' }]);
  });
});

describe('targets', () => {
  const decide = (target: string) =>
    steps('- title: First step', '  name: one', '- title: Go?', `  decide: { Yes: next, Skip: '${target}' }`);
  it.each(['#one', '#first-step', '#p'])('%s exists', (target) => {
    expect(problems(decide(target))).toEqual([]);
  });
  it('E218 for a decision that leads nowhere', () => {
    expect(problems(decide('#oen'))).toEqual([
      'E218 8:37 "Skip": no step or phase is named "#oen" – did you mean "one"?',
    ]);
  });
  it('E218 for a handoff, a rollback and status updates', () => {
    expect(problems(steps('- title: A', "  handoff: { runbook: '#gone' }"))[0]).toContain('E218 6:30 handoff');
    expect(problems(`rollback: { runbook: '#gone' }\n${steps('- title: A')}`)[0]).toContain('E218 1:23 rollback');
    const updates = `status-updates: { every: 15m, message: status }\n${steps('- title: A', '  message: { name: statsu, text: hi }')}`;
    expect(problems(updates)).toEqual([
      'E218 1:1 status-updates: no message is named "status" – did you mean "statsu"?',
    ]);
    expect(problems(updates.replace('statsu', 'status'))).toEqual([]);
  });
  it('a file is not looked for here', () => {
    expect(
      problems(`rollback: { runbook: rollback.md }\n${steps('- title: A', '  handoff: { runbook: b.md }')}`),
    ).toEqual([]);
  });
});

describe('variables of commands', () => {
  const head = 'inputs:\n  service: {}\nenv: [AWS_PROFILE]\n';
  it('E411 for one that nothing gives', () => {
    expect(problems(`${head}${steps('- title: A', '  run: "echo $SERVCE # uses SERVCE"')}`)).toEqual([
      'E411 9:20 $SERVCE is not an input, and no earlier step sets it – did you mean "SERVICE"?',
    ]);
  });
  it('inputs, env, questions, captures, earlier commands, gonogo and the shell give them', () => {
    const source = `${head}${steps(
      '- title: A',
      '  run: "x # uses SERVICE AWS_PROFILE NAMESPACE CONTEXT HOME LC_ALL"',
      '- title: B',
      '  ask: { ticket: {} }',
      '- title: C',
      '  run: { script: "x # uses TICKET", capture: OLD }',
      '- title: D',
      '  run: "x # sets NEW"',
      '- title: E',
      '  run: "x # uses OLD NEW"',
    )}`;
    expect(problems(source)).toEqual([]);
  });
  it('but not a later one', () => {
    expect(problems(steps('- title: A', '  run: "x # uses NEW"', '- title: B', '  run: "x # sets NEW"'))[0]).toContain(
      'E411',
    );
  });
  it('in a plain file it becomes a question at its step, once', () => {
    const source = steps(
      '- title: A',
      '  run: "x $CLUSTER # uses CLUSTER HOME"',
      '- title: B',
      '  run: "x # uses CLUSTER REGION"',
    );
    const linted = lint({ ...load(source), plain: true }, { source, environment: ['REGION'] });
    expect(linted.runbook.inputs).toMatchObject([
      { name: 'CLUSTER', variable: 'CLUSTER', type: 'text', askedAtStep: true, pattern: null, line: 6 },
    ]);
    expect(linted.diagnostics).toMatchObject([{ code: 'W411', severity: 'warning', line: 6, column: 17 }]);
  });
});

describe('names in texts', () => {
  const head = 'inputs:\n  service: {}\n  hotfix: { type: boolean }\n';
  it('E411 in titles, prose, messages, gates, links and queries', () => {
    const source = `${head}links: [{ title: L, url: 'https://x.example/\${nolink}' }]
metrics:
  m: { query: 'x{a="\${noquery}"}' }
title: T \${notitle}
phases:
  - title: P \${nophase}
    steps:
      - title: A \${servce}
        notes: See \${noprose}.
        message: { text: 'Hi \${nomessage}' }
      - title: B
        gate: { pods: 'app=\${nogate} ready' }
`;
    const names = problems(source).map((problem) => /\$\{(\w+)\}/.exec(problem)?.[1]);
    expect(names.sort()).toEqual([
      'nogate',
      'nolink',
      'nomessage',
      'nophase',
      'noprose',
      'noquery',
      'notitle',
      'servce',
    ]);
    expect(problems(source).find((p) => p.includes('servce'))).toBe(
      'E411 11:18 ${servce} is not an input, capture or built-in name – did you mean "service"?',
    );
  });

  it('inputs, captures, questions and built-in names are known', () => {
    const source = `${head}title: \${service} in \${namespace} of \${run.id} by \${operator}\n${steps(
      '- title: A',
      '  run: { script: "true", capture: OLD }',
      '- title: B',
      '  ask: { ticket: {} }',
      '- title: C',
      "  message: { text: '${OLD} ${ticket} ${elapsed} ${rollback}' }",
    ).replace('title: T\n', '')}`;
    expect(problems(source)).toEqual([]);
  });

  it('shell variables in code are no names of ours, mistyped inputs are', () => {
    const notes = (text: string) => steps('- title: A', '  notes: |', ...text.split('\n').map((line) => `    ${line}`));
    expect(problems(notes('Run `echo ${HOME} ${X_Y}`.\n```sh\nfor i in 1; do echo ${I}; done\n```'))).toEqual([]);
    expect(problems(`${head}${notes('Look at `deployment/${servce}`.')}`)[0]).toContain('${servce}');
  });

  it('a check command is for the shell', () => {
    expect(problems(steps('- title: A', '  gate: { command: { run: \'echo "${X}"\', risk: read } }'))).toEqual([]);
  });

  it('E411 for a condition on something that is no input', () => {
    expect(problems(`${head}${steps('- title: A', '  when: hotfx==true')}`)).toEqual([
      'E411 9:15 when=hotfx: not an input – did you mean "hotfix"?',
    ]);
    expect(problems(`${head}${steps('- title: A', '  when: hotfix!=true')}`)).toEqual([]);
  });
});

describe('W329: a check of a workload that nobody watches', () => {
  const gate = (checks: string, head = ''): string => `${head}${steps('- title: A', `  gate: { ${checks} }`)}`;
  const target = (...workloads: readonly string[]): string => `target: { workloads: [${workloads.join(', ')}] }\n`;

  it('names the workload and its place', () => {
    const head = target('deployment/web');
    expect(problems(gate('rollout: deployment/db', head))).toEqual([
      'W329 7:26 rollout: "deployment/db" is not watched: it stays BLIND',
    ]);
    expect(problems(gate('rollout: deployment/web', head))).toEqual([]);
    expect(problems(gate('rollout: Deploy/web', head))).toEqual([]);
  });

  it('compares what is written; where values decide on both sides it waits for them', () => {
    const inputs = 'inputs:\n  a: {}\n  b: {}\n';
    const head = `${inputs}${target("'deployment/${a}'")}`;
    expect(problems(gate("rollout: 'deployment/${a}'", head))).toEqual([]);
    expect(problems(gate("rollout: 'deployment/${b}-canary'", head))).toEqual([]);
    expect(problems(gate('rollout: deployment/db', head))).toHaveLength(1);
  });

  it('is told of every check that judges the workloads of a target that names none', () => {
    const criteria =
      "rollback:\n  when:\n    - pods: failing\n    - restarts: '> 5 in 5m'\n    - rollout: deadline\n    - http: 'https://a.example'\n";
    expect(problems(`${criteria}${gate('pods: ready')}`).map((text) => text.split(' ').slice(0, 2).join(' '))).toEqual([
      'W329 3:13',
      'W329 4:18',
      'W329 5:16',
      'W329 12:23',
    ]);
    expect(problems(`${target('deployment/web')}${criteria}${gate('pods: ready')}`)).toEqual([]);
    expect(problems(gate("pods: 'app=web ready'"))).toEqual([]);
  });

  it('is not told of a runbook that judges what the one watches that opens it', () => {
    expect(problems(gate('rollout: deployment/web', 'kind: rollback\n'))).toEqual([]);
    expect(problems(gate('rollout: deployment/web'))).toHaveLength(1);
  });
});
