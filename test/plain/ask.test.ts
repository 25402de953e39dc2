import { describe, expect, test } from 'vitest';
import { setTheScene, trusted } from '../support/story.ts';

const runbook = (inputs: string, script = 'echo "region $REGION, ticket $TICKET"'): string => `---
gonogo: 1
title: Deploy
---
# Deploy

- [ ] Say

  \`\`\`ask
${inputs}  \`\`\`

- [ ] Show

  \`\`\`sh {risk=read}
  ${script}
  \`\`\`
`;
const region = "  region: { prompt: Where to, default: 'eu-west' }\n";
const ticket = "  ticket: { prompt: Ticket, pattern: '^OPS-[0-9]+$', example: OPS-1 }\n";

test('an empty line takes the value that is offered, and says what is asked when there is none', () => {
  const workspace = setTheScene();
  trusted(workspace, 'x.md', runbook(region + ticket));
  const { out, code } = workspace.gonogo(['run', 'x.md', '--plain'], '\n\nOPS-7\n\n\n');
  expect(out).toContain('region [eu-west]:  F fail');
  expect(out).toContain('ticket:  F fail');
  expect(out).toContain('a value is needed: ticket: Ticket [^OPS-[0-9]+$], for example OPS-1');
  expect(out).toContain('region eu-west, ticket OPS-7');
  expect(code).toBe(0);
});

test('a question that is asked again offers its answer, and takes another', () => {
  const workspace = setTheScene();
  trusted(workspace, 'x.md', runbook(ticket, 'echo "ticket $TICKET"'));
  const { out, code } = workspace.gonogo(['run', 'x.md', '--plain'], 'OPS-7\nb 0.1\n\nb 0.1\nOPS-8\n\n\n');
  expect(out).toContain('ticket [OPS-7]:  F fail');
  expect(out).toContain('ticket OPS-8');
  expect(code).toBe(0);
});

describe('values of an answers file', () => {
  const answered = (
    inputs: string,
    answers: string,
    auto: boolean,
    input = '',
  ): { out: string; code: number | null } => {
    const workspace = setTheScene();
    trusted(workspace, 'x.md', inputs === ticket ? runbook(ticket, 'echo "ticket $TICKET"') : runbook(inputs));
    workspace.write('answers.yaml', answers);
    const mode = auto ? '--auto' : '--plain';
    return workspace.gonogo(['run', 'x.md', mode, '--answers', 'answers.yaml'], input);
  };

  test('answer each value of a question by its name', () => {
    const file = "inputs: { ticket: OPS-7, region: us-east }\nsteps: { '0.2': [enter, enter] }\n";
    const { out, code } = answered(region + ticket, file, true);
    expect(out).toContain('region us-east, ticket OPS-7');
    expect(code).toBe(0);
  });

  test('that are refused are tried once: then a person is asked', () => {
    const file = 'inputs: { region: us-east, ticket: none }\n';
    const refused = 'E501 "ticket" must match';
    const alone = answered(region + ticket, file, true);
    expect(alone.out.split(refused)).toHaveLength(2);
    expect(alone.code).toBe(6);
    const asked = answered(region + ticket, file, false, 'OPS-8\n\n\n');
    expect(asked.out.split(refused)).toHaveLength(2);
    expect(asked.out).toContain('region us-east, ticket OPS-8');
    expect(asked.code).toBe(0);
  });

  test('do not stand against an answer that is given anew', () => {
    const file = 'inputs: { ticket: OPS-7 }\n';
    const { out, code } = answered(ticket, file, false, 'b 0.1\nOPS-9\n\n\n');
    expect(out).toContain('ticket OPS-9');
    expect(code).toBe(0);
  });

  test('of no input are refused, also when the run is resumed', () => {
    const workspace = setTheScene();
    trusted(workspace, 'x.md', runbook(ticket, 'echo "ticket $TICKET"'));
    workspace.write('answers.yaml', 'inputs: { tiket: OPS-7 }\n');
    const said = 'answers.yaml: inputs.tiket: E510 there is no input "tiket". Did you mean "ticket"?\n';
    const run = ['run', 'x.md', '--auto', '--answers', 'answers.yaml'];
    expect(workspace.gonogo(run)).toMatchObject({ code: 2, err: said, out: '' });
    expect(workspace.runs()).toEqual([]);
    workspace.gonogo(['run', 'x.md', '--plain'], 'q\n');
    expect(workspace.gonogo(['resume', '--auto', '--answers', 'answers.yaml'])).toMatchObject({ code: 2, err: said });
  });
});
