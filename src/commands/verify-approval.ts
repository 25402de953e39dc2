import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import type { ApprovalVerdict } from '../engine/face.ts';
import { safeText } from '../text/safe-text.ts';

const refuse = (message: string, nextStep: string): ApprovalVerdict => ({
  ok: false,
  message: safeText(message),
  nextStep: safeText(nextStep),
});

/**
 * Checks an armoured signature made with `ssh-keygen -Y sign -n gonogo`. Against the settings' allowed signers file the
 * principal found there is the approver; without one, or for a key that is not in it, the fingerprint stands for an unverified person.
 */
export const verifyApproval = async (
  challenge: string,
  signature: string,
  approvers: string | null,
): Promise<ApprovalVerdict> => {
  if (!signature.includes('-----BEGIN SSH SIGNATURE-----'))
    return refuse('this is not an ssh signature', 'Paste all lines from BEGIN to END SSH SIGNATURE');
  const folder = await mkdtemp(join(tmpdir(), 'gonogo-approval-'));
  const file = join(folder, 'signature');
  const keygen = (args: readonly string[]): Promise<{ exitCode?: number; stdout: string; stderr: string }> =>
    execa('ssh-keygen', args, { input: challenge, reject: false, timeout: 10_000 });
  try {
    await writeFile(file, signature.endsWith('\n') ? signature : `${signature}\n`, { mode: 0o600 });
    const checked = await keygen(['-Y', 'check-novalidate', '-n', 'gonogo', '-s', file]);
    if (checked.exitCode === undefined)
      return refuse('ssh-keygen is not there', 'Install OpenSSH, or attest the approval by name');
    if (checked.exitCode !== 0)
      return refuse('the signature does not fit what is approved', 'Sign the text that is shown now');
    const fingerprint = /(SHA256:\S+)/.exec(checked.stdout)?.[1] ?? 'unknown key';
    const principal = approvers === null ? null : await principalOf(keygen, approvers, file);
    if (principal !== null && approvers !== null) {
      const verified = await keygen(['-Y', 'verify', '-f', approvers, '-I', principal, '-n', 'gonogo', '-s', file]);
      if (verified.exitCode === 0)
        return { ok: true, approval: { by: principal, how: 'ssh-key', verified: true, fingerprint, signature } };
    }
    return { ok: true, approval: { by: fingerprint, how: 'ssh-key', verified: false, fingerprint, signature } };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

const principalOf = async (
  keygen: (args: readonly string[]) => Promise<{ exitCode?: number; stdout: string }>,
  approvers: string,
  file: string,
): Promise<string | null> => {
  const found = await keygen(['-Y', 'find-principals', '-f', approvers, '-s', file]);
  return found.exitCode === 0 ? (found.stdout.split('\n')[0]?.trim() ?? null) : null;
};
