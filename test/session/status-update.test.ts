import { describe, expect, test } from 'vitest';
import { pendingStatus, statusSend, statusStdin, statusText } from '../../src/session/status-update.ts';
import { Operator } from './support.ts';

const runbook = (send: string): string => `---
gonogo: 1
title: Deploy
inputs:
  version: { prompt: Version }
status-updates: { every: 15m, message: status }
---
# Deploy

- [ ] Change it

  \`\`\`sh
  ./deploy.sh
  \`\`\`

- [ ] Tell them

  \`\`\`message
  name: status
  to: '#deployments'
${send}  text: Deploying \${version}
  \`\`\`
`;
const sending = runbook('  send: ./post.sh\n');
const setting = { inputs: { version: 'v2' } };

const send = (alice: Operator, how: 'yes' | 'enter' = 'yes'): boolean => {
  const about = statusSend(alice.state) ?? expect.unreachable();
  const stdin = statusStdin(alice.state, statusText(alice.state, alice.now));
  const pending = pendingStatus(alice.state, about, stdin, alice.now);
  return alice.does({
    type: 'run',
    step: pending.at.step.id,
    action: pending.action,
    part: pending.part,
    forStatus: true,
    hash: pending.hash,
    how,
    typed: null,
    script: null,
    edited: null,
    stdin,
  });
};

describe('a status update with a command that sends it', () => {
  test('is a change: it is confirmed, gets the text on its input, and is posted once it was sent', () => {
    const alice = new Operator(sending, setting);
    expect(send(alice, 'enter')).toBe(false);
    expect(send(alice)).toBe(true);
    expect(alice.events.at(-1)).toMatchObject({
      type: 'command.confirmed',
      data: { part: 'send', risk: 'change', stdin: expect.stringContaining('Deploying v2') },
    });
    expect(alice.types()).not.toContain('status.posted');
    alice.ends();
    expect(alice.events.at(-1)).toMatchObject({
      type: 'status.posted',
      data: { text: expect.stringContaining('Deploying v2') },
    });
    expect(alice.state.lastStatusAt).not.toBeNull();
  });

  test('leaves the walk where it is, the step of its message too', () => {
    const alice = new Operator(sending, setting);
    send(alice);
    alice.ends();
    expect([alice.status('0.1'), alice.status('0.2')]).toEqual(['open', 'open']);
    expect(alice.types()).not.toContain('message.posted');
    expect(alice.main).toMatchObject({ kind: 'confirm', pending: { at: { step: { id: '0.1' } } } });
    expect(alice.state.firstChangeAt).toBeNull();
  });

  test('is not posted when it fails, and the operator is told', () => {
    const alice = new Operator(sending, setting);
    send(alice);
    alice.ends({ exit: 22 });
    expect(alice.types()).not.toContain('status.posted');
    expect(alice.effects).toContainEqual({
      type: 'tell',
      level: 'error',
      text: 'the status update was not sent: exit 22',
      nextStep: 'U tries again',
    });
    expect(send(alice)).toBe(true);
  });

  test('waits for a command that runs, but goes out while the run is held', () => {
    const alice = new Operator(sending, setting);
    alice.confirms('yes');
    expect(send(alice)).toBe(false);
    expect(alice.lastRefusal).toBe('a command is running');
    alice.ends();
    alice.does({ type: 'hold', reason: 'waiting for the network team' });
    expect(send(alice)).toBe(true);
  });

  test('is copied by hand without one, and in a runbook that is not trusted', () => {
    expect(statusSend(new Operator(runbook(''), setting).state)).toBeNull();
    expect(statusSend(new Operator(sending, { ...setting, restricted: true }).state)).toBeNull();
  });
});
