import { commandSample } from '../../../src/gates/answer-samples.ts';
import { type GateCheck, isCheckSource, parseCheck, type WrittenBody } from '../../../src/gates/check.ts';
import { good, type Sample } from '../../../src/gates/sample.ts';
import { interpolate } from '../../../src/runbook/interpolate.ts';
import type { Check, Gate } from '../../../src/runbook/model.ts';
import { variableOf } from '../../../src/runbook/variables.ts';
import type { Outcome, PracticeWorld } from './practice-world.ts';

/** One look at each check of a gate but its numbers, which the fake world has none of, up to the first that is not good. */
export const judgeGate = (
  gate: Gate,
  world: PracticeWorld,
  inputs: Readonly<Record<string, string>>,
): readonly { readonly check: GateCheck; readonly outcome: Outcome }[] => {
  const judged: { readonly check: GateCheck; readonly outcome: Outcome }[] = [];
  for (const written of gate.checks.filter(({ source }) => isCheckSource(source))) {
    const check = checkOf(written, world, inputs);
    const { kind, value, because } = sampleOf(check, world);
    judged.push({ check, outcome: { exit: 0, output: because ?? value, expected: kind === 'GOOD' } });
    if (kind !== 'GOOD') break;
  }
  return judged;
};

/** With its `${name}`s filled in, as a run does it: not in what a shell runs. */
const checkOf = (
  { source, body }: Check,
  world: PracticeWorld,
  inputs: Readonly<Record<string, string>>,
): GateCheck => {
  const lookup = (name: string): string | undefined =>
    inputs[name] ?? world.value(variableOf(name)) ?? world.value(name);
  const filled = (part: WrittenBody, key = ''): WrittenBody => {
    if (typeof part === 'string') return key === 'run' ? part : interpolate(part, lookup, 'plain').text;
    if (Array.isArray(part)) return part.map((item) => filled(item));
    return Object.fromEntries(Object.entries(part).map(([name, value]) => [name, filled(value as WrittenBody, name)]));
  };
  const check = isCheckSource(source) && body !== null ? parseCheck(source, filled(body)) : null;
  if (check === null) throw new Error(`cannot be judged: ${source} ${JSON.stringify(body)}`);
  return check;
};

/** The fake world knows how many pods are ready; they never restart, log nothing bad, and answer. */
const sampleOf = (check: GateCheck, world: PracticeWorld): Sample => {
  switch (check.kind) {
    case 'command': {
      const { exit, output } = world.probe(check.run);
      return commandSample(check, { exit, output, timedOut: false }, 30_000, 0);
    }
    case 'rollout':
      return deployments(world, (name) => `deployment/${name}` === check.workload, check.workload);
    case 'ready':
      return deployments(world, selects(check.selector ?? ''), check.selector ?? '');
    default:
      return good(0, 'nothing bad is known of it');
  }
};

const deployments = (world: PracticeWorld, isMeant: (name: string) => boolean, words: string): Sample => {
  const known = world.world;
  const names = Object.keys(known).flatMap((key) => /^(\S+) replicas$/.exec(key)?.[1] ?? []);
  const meant = names.filter(isMeant);
  const short = meant.filter((name) => known[`${name} ready`] !== known[`${name} replicas`]);
  const sample = good(0, words);
  if (meant.length > 0 && short.length === 0) return sample;
  return { ...sample, kind: 'BAD', because: `not ready: ${meant.length === 0 ? words : short.join(', ')}` };
};

/** `app=checkout`, with `track` or `version` for the Deployment whose name ends in it. */
const selects =
  (selector: string) =>
  (name: string): boolean => {
    const labels = Object.fromEntries(selector.split(',').map((term) => term.split('=')));
    const suffix = labels.version ?? (labels.track === 'canary' ? 'canary' : null);
    if (suffix !== null) return name === `${labels.app}-${suffix}`;
    return name === labels.app || (labels.track === undefined && name === `${labels.app}-canary`);
  };
