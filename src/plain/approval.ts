import { readFile } from 'node:fs/promises';
import type { FaceOptions } from '../engine/face.ts';
import type { Intent } from '../session/intents.ts';
import type { MainAction } from '../session/main-action.ts';
import { type SafeText, safe, safeText } from '../text/safe-text.ts';
import type { Lines } from './lines.ts';

type Approve = Extract<MainAction, { kind: 'approve' }>;
type Approval = Extract<Intent, { type: 'approve' }>['approval'];

interface ApprovalParts {
  readonly options: Pick<FaceOptions, 'verifyApproval'>;
  readonly lines: Lines;
}

const lastLine = '-----END SSH SIGNATURE-----';

const approve = ({ at, action }: Approve, approval: Approval): Intent => ({
  type: 'approve',
  step: at.step.id,
  action,
  approval,
});

/** `NAME: REASON` attests; `@FILE` or `@FILE: REASON` takes the signature in that file. A text says why it does not fit. */
export const approvalIntent = async (
  parts: ApprovalParts,
  action: Approve,
  text: string,
): Promise<Intent | SafeText> => {
  const [first = '', ...rest] = text.split(/:\s*/);
  const reason = rest.join(': ') || null;
  if (!first.startsWith('@'))
    return approve(action, { by: first, how: 'attested', verified: false, fingerprint: null, reason, signature: null });
  const path = first.slice(1).trim();
  let signature: string;
  try {
    signature = await readFile(path, 'utf8');
  } catch (error) {
    return safe`${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`;
  }
  return signed(parts, action, signature, async () => reason);
};

/** Shows the text that is signed, takes the signature line by line and sends it. What does not fit is said. */
export const pastedApproval = async (
  parts: ApprovalParts,
  action: Approve,
  send: (intent: Intent) => Promise<unknown>,
): Promise<void> => {
  const { lines } = parts;
  lines.print(safeText('Sign this text, its last line end included:'));
  for (const line of action.challenge.trimEnd().split('\n')) lines.print(safe`${line}`);
  lines.print(safeText('with  ssh-keygen -Y sign -n gonogo -f ~/.ssh/id_ed25519 < challenge.txt'));
  const signature = await paste(lines);
  if (signature === null) return;
  const askReason = async (): Promise<string | null> =>
    action.approve.reasonRequired ? ((await lines.ask(safeText('  reason >')))?.trim() ?? '') : null;
  const intent = await signed(parts, action, signature, askReason);
  if (typeof intent === 'string') lines.print(safe`  ${intent}`);
  else await send(intent);
};

/** Lines up to the end of a signature; null after `q` or at the end of the input. */
const paste = async (lines: Lines): Promise<string | null> => {
  const taken: string[] = [];
  let prompt = safeText('paste the signature, to its END line (q: not now) >');
  for (;;) {
    const line = (await lines.ask(prompt))?.trim();
    if (line === undefined || line === 'q') return null;
    taken.push(line);
    if (line === lastLine) return `${taken.join('\n').trim()}\n`;
    prompt = safeText('');
  }
};

const signed = async (
  { options }: ApprovalParts,
  action: Approve,
  signature: string,
  reason: () => Promise<string | null>,
): Promise<Intent | SafeText> => {
  const verdict = await options.verifyApproval(action.challenge, signature.trim());
  return verdict.ok
    ? approve(action, { ...verdict.approval, reason: await reason() })
    : safe`${verdict.message}. ${verdict.nextStep}`;
};
