import type { TargetOption } from '../command-model.ts';
import { type Arg, unknownPart } from './literal.ts';
import type { Seen, Walked } from './walk.ts';

type Pin = Extract<TargetOption, { of: 'other' }>['pin'];

/** A tool that acts where its own login points, by option and by variable. `part` = of what the pin's identity says. */
interface OtherClient {
  readonly pin: Pin;
  /** Null: a name that says nothing by itself, such as a profile. */
  readonly options: Readonly<Record<string, string | null>>;
  readonly variables: Readonly<Record<string, string | null>>;
  /** Its options stand before the first word; after it they mean something else. */
  readonly isGlobalOnly?: true;
}

const docker: OtherClient = {
  pin: 'docker',
  options: { '-H': 'host', '--host': 'host', '--context': null, '-c': null },
  variables: { DOCKER_HOST: 'host', DOCKER_CONTEXT: null },
  isGlobalOnly: true,
};

const clients: Readonly<Record<string, OtherClient>> = {
  aws: {
    pin: 'aws',
    options: { '--profile': null, '--region': 'region', '--endpoint-url': null },
    variables: { AWS_PROFILE: null, AWS_REGION: 'region', AWS_DEFAULT_REGION: 'region' },
  },
  gcloud: {
    pin: 'gcp',
    options: { '--project': 'project', '--account': 'account', '--configuration': null },
    variables: { CLOUDSDK_CORE_PROJECT: 'project', CLOUDSDK_CORE_ACCOUNT: 'account' },
  },
  az: { pin: 'azure', options: { '--subscription': 'subscription' }, variables: {} },
  docker,
  'docker-compose': docker,
  argocd: {
    pin: 'argocd',
    options: { '--server': 'server', '--argocd-context': null },
    variables: { ARGOCD_SERVER: 'server' },
  },
};

const known = (text: string | null): string | null => (text?.includes(unknownPart) === false ? text : null);

/** Options and variables by which tools of the other pins say themselves where they act. */
export const otherTargets = (walked: Walked): readonly TargetOption[] => walked.seen.flatMap(targetsOf);

const targetsOf = (seen: Seen): readonly TargetOption[] => {
  if (seen.remote) return [];
  const { args, assigned = [] } = seen.call;
  const client = Object.hasOwn(clients, seen.name) ? clients[seen.name] : undefined;
  if (client !== undefined) return [...inOptions(client, args), ...inVariables(client, assigned)];
  const at = seen.name === 'env' ? args.findIndex(({ value }) => value !== null && Object.hasOwn(clients, value)) : -1;
  const started = clients[args[at]?.value ?? ''];
  return started === undefined ? [] : inVariables(started, args.slice(1, at));
};

const inVariables = ({ pin, variables }: OtherClient, assigned: readonly Arg[]): readonly TargetOption[] =>
  assigned.flatMap(({ value }): readonly TargetOption[] => {
    const [, name = '', text = ''] = /^([A-Z_]+)=(.*)$/s.exec(value ?? '') ?? [];
    const part = Object.hasOwn(variables, name) ? variables[name] : undefined;
    return part === undefined ? [] : [{ option: `${name}=`, of: 'other', pin, part, value: known(text) }];
  });

const inOptions = ({ pin, options, isGlobalOnly }: OtherClient, all: readonly Arg[]): readonly TargetOption[] => {
  const end = all.findIndex(({ value }) => value === '--');
  const args = all.slice(1, end < 0 ? undefined : end);
  const found: TargetOption[] = [];
  for (let at = 0; at < args.length; at += 1) {
    const text = args[at]?.value ?? '';
    if (isGlobalOnly === true && !text.startsWith('-')) break;
    const [option = '', ...rest] = text.split('=');
    const part = Object.hasOwn(options, option) ? options[option] : undefined;
    if (part === undefined) continue;
    if (rest.length === 0) at += 1;
    const value = rest.length === 0 ? (args[at]?.value ?? null) : rest.join('=');
    found.push({ option, of: 'other', pin, part, value: known(value) });
  }
  return found;
};
