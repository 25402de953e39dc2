import { expect, test } from 'vitest';
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
