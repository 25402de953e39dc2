import type { Recorded } from '../session/events.ts';
import type { SessionState } from '../session/state.ts';
import type { DeploymentRecord, RecordApproval } from './record.ts';
import { iso, isoOrNull } from './times.ts';

/** The parts of a record that are one event each. */
export type RunFacts = Pick<DeploymentRecord, 'decisions' | 'approvals' | 'messages' | 'statusUpdates' | 'notes'> & {
  readonly operators: DeploymentRecord['people']['operators'];
  readonly pauses: DeploymentRecord['times']['pauses'];
  readonly recovered: DeploymentRecord['journal']['recovered'];
  readonly continued: DeploymentRecord['journal']['continued'];
  readonly pin: Extract<Recorded, { type: 'target.pinned' }>['data'] | null;
  readonly rollback: DeploymentRecord['rollback']['performed'];
  /** Names of provided secret inputs by frame number. */
  readonly secrets: readonly string[][];
};

type Draft = { -readonly [K in keyof RunFacts]: RunFacts[K] extends readonly (infer E)[] ? E[] : RunFacts[K] };

const emptyDraft = (): Draft => ({
  decisions: [],
  approvals: [],
  messages: [],
  statusUpdates: [],
  notes: [],
  operators: [],
  pauses: [],
  recovered: [],
  continued: [],
  pin: null,
  rollback: null,
  secrets: [],
});

export const runFacts = (events: readonly Recorded[], state: SessionState): RunFacts => {
  const draft = emptyDraft();
  for (const event of events) {
    takeRun(draft, event);
    takeStep(draft, event);
  }
  draft.approvals = draft.approvals.map((approval) => withVoid(approval, state));
  return draft;
};

const takeRun = (draft: Draft, event: Recorded): void => {
  const at = iso(event.at);
  const by = event.actor;
  switch (event.type) {
    case 'run.started':
      draft.operators.push({ name: event.data.operator, from: at });
      break;
    case 'operator.changed':
      draft.operators.push({ name: event.data.to, from: at });
      break;
    case 'run.paused':
      draft.pauses.push({ from: at, to: null, reason: event.data.reason, lifted: null });
      break;
    case 'run.unpaused': {
      const last = draft.pauses.at(-1);
      if (last !== undefined && last.to === null)
        draft.pauses[draft.pauses.length - 1] = { ...last, to: at, lifted: event.data.reason };
      break;
    }
    case 'target.pinned':
      draft.pin = event.data;
      break;
    case 'journal.recovered':
      draft.recovered.push({ at, ...event.data });
      break;
    case 'journal.continued':
      draft.continued.push({ at, ...event.data });
      break;
    case 'rollback.started':
      draft.rollback = {
        source: event.data.plan,
        from: event.data.from,
        by,
        started: at,
        finished: null,
        outcome: null,
      };
      break;
    case 'rollback.finished':
      if (draft.rollback !== null) draft.rollback = { ...draft.rollback, finished: at, outcome: event.data.outcome };
      break;
    default:
      break;
  }
};

const takeStep = (draft: Draft, event: Recorded): void => {
  const at = iso(event.at);
  const place = { at, by: event.actor, frame: event.frame };
  switch (event.type) {
    case 'decision.made': {
      const { step, label, target, reason } = event.data;
      draft.decisions.push({ ...place, step, label, target, reason });
      break;
    }
    case 'approval.given':
    case 'approval.refused':
      draft.approvals.push(approvalOf(event));
      break;
    case 'message.posted': {
      const { step, to, how, text, sha256 } = event.data;
      draft.messages.push({ ...place, step, to, how, text, sha256 });
      break;
    }
    case 'status.posted':
      draft.statusUpdates.push({ at, by: event.actor, text: event.data.text });
      break;
    case 'note.added':
      draft.notes.push({ ...place, step: event.data.step, text: event.data.text });
      break;
    case 'secret.provided': {
      const known = draft.secrets[event.frame] ?? [];
      if (!known.includes(event.data.input)) draft.secrets[event.frame] = [...known, event.data.input];
      break;
    }
    default:
      break;
  }
};

const approvalOf = (event: Extract<Recorded, { type: 'approval.given' | 'approval.refused' }>): RecordApproval => {
  const place = { at: iso(event.at), by: event.actor, frame: event.frame, step: event.data.step };
  if (event.type === 'approval.refused') {
    const { by, reason } = event.data;
    const rest = { verified: false, fingerprint: null, until: null, voided: null };
    return {
      ...place,
      role: '',
      given: false,
      approver: by,
      known: by === null ? 'refused' : `refused by ${by}`,
      reason,
      ...rest,
    };
  }
  const { role, by, how, verified, fingerprint, reason, until } = event.data;
  const key = `ssh key${fingerprint === null ? '' : ` ${fingerprint}`}`;
  const stranger = how === 'ssh-key' ? (fingerprint ?? by) : by;
  const known = verified
    ? `${by}, by ${how === 'ssh-key' ? key : 'their word'}`
    : `attested by ${stranger} (unverified)`;
  return {
    ...place,
    role,
    given: true,
    approver: by,
    known,
    verified,
    fingerprint,
    reason,
    until: isoOrNull(until),
    voided: null,
  };
};

const withVoid = (approval: RecordApproval, state: SessionState): RecordApproval => {
  const found = state.approvals.find(
    (a) => a.frame === approval.frame && a.step === approval.step && iso(a.at) === approval.at && approval.given,
  );
  return { ...approval, voided: found?.voided ?? null };
};
