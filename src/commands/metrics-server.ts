import { interpolate } from '../runbook/interpolate.ts';
import type { Runbook } from '../runbook/model.ts';
import type { MetricsServer } from '../session/events.ts';
import { prometheusFor, type Settings } from '../settings/settings.ts';
import { ExpectedError } from '../text/errors.ts';
import type { GivenInput } from './start-inputs.ts';

export interface MetricsPlace {
  /** `--prometheus`. */
  readonly option: string | null;
  /** Null without a cluster. */
  readonly context: string | null;
  readonly settings: Pick<Settings, 'prometheus'>;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Filled in. */
  readonly sameCluster: string | null;
}

export interface MetricsChoice {
  readonly server: MetricsServer | null;
  /** Why a server that is named is not asked. */
  readonly problem: { readonly message: string; readonly nextStep: string } | null;
}

interface Named {
  readonly from: MetricsServer['from'];
  readonly text: string;
}

const nobody: MetricsChoice = { server: null, problem: null };

/**
 * The server whose metrics are judged: the option, else what the settings bind to the context, else `PROMETHEUS_URL`.
 * Throws `ExpectedError` for an option that is no address; what else is wrong leaves the metrics BLIND and is told, since
 * no deployment may wait for it.
 */
export const chooseMetrics = ({ option, context, settings, environment, sameCluster }: MetricsPlace): MetricsChoice => {
  const bound = prometheusFor(context ?? '', settings);
  const named = firstNamed(option, bound?.url, environment.PROMETHEUS_URL);
  if (named === null) return nobody;
  const address = addressOf(named.text);
  if (typeof address === 'string') return refused(named, address);
  if (named.from !== 'environment' && address.hasLogin)
    return refused(named, 'holds a user or password, for others to see');
  const isBound = bound !== null && sameAddress(bound.url, address.url);
  const headers = isBound ? bound.headers : {};
  const secret = Object.keys(headers).find((name) => secretHeader.test(name));
  if (!address.isPrivate && (secret !== undefined || address.hasLogin))
    return {
      server: null,
      problem: {
        message: `${address.name} is not asked: ${secret ?? 'the password of PROMETHEUS_URL'} would go there without encryption`,
        nextStep: 'Use its https address, or forward a port of this machine to it and name 127.0.0.1',
      },
    };
  const { url, name } = address;
  return { server: { url, name, headers, from: named.from, sameCluster }, problem: null };
};

const firstNamed = (
  option: string | null,
  settings: string | undefined,
  environment: string | undefined,
): Named | null => {
  if (option !== null) return { from: 'option', text: option };
  if (settings !== undefined) return { from: 'settings', text: settings };
  return environment === undefined || environment === '' ? null : { from: 'environment', text: environment };
};

const places: Readonly<Record<MetricsServer['from'], string>> = {
  option: '--prometheus',
  settings: 'setting prometheus',
  environment: 'PROMETHEUS_URL',
};

const refused = ({ from }: Named, message: string): MetricsChoice => {
  const nextStep =
    'Give an address such as https://prometheus.example.com, and logins as headers by reference: gonogo config prometheus';
  if (from === 'option') throw new ExpectedError(message, { place: places[from], nextStep });
  return { server: null, problem: { message: `${places[from]}: ${message}`, nextStep } };
};

/** Headers whose values open something. */
const secretHeader = /auth|cookie|token|key|secret|password/i;

interface Address {
  /** Without user and password. */
  readonly url: string;
  readonly name: string;
  readonly hasLogin: boolean;
  /** Nobody can read on the way. */
  readonly isPrivate: boolean;
}

/** An address, or what is wrong with it; never its text, which may hold a password. */
const addressOf = (text: string): Address | string => {
  const url = URL.parse(text.trim());
  if (url === null || !/^https?:$/.test(url.protocol)) return 'is not an http or https address';
  if (url.search !== '' || url.hash !== '') return 'has a "?" or "#", which queries cannot be appended to';
  const path = url.pathname.replace(/\/api\/v1(\/.*)?$/, '').replace(/\/+$/, '');
  return {
    url: `${url.protocol}//${url.host}${path}`,
    name: url.host,
    hasLogin: url.username !== '' || url.password !== '',
    isPrivate: url.protocol === 'https:' || /^(localhost|127(\.\d+){3}|\[::1\])$/.test(url.hostname),
  };
};

const sameAddress = (text: string, url: string): boolean => {
  const address = addressOf(text);
  return typeof address !== 'string' && address.url === url;
};

/** User and password that `PROMETHEUS_URL` has for this server, as a header: they are nowhere else. */
export const environmentLogin = (
  server: Pick<MetricsServer, 'url'>,
  environment: MetricsPlace['environment'],
): string | null => {
  const text = environment.PROMETHEUS_URL ?? '';
  const url = URL.parse(text.trim());
  if (url === null || (url.username === '' && url.password === '') || !sameAddress(text, server.url)) return null;
  const login = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
  return `Basic ${Buffer.from(login).toString('base64')}`;
};

/** `same-cluster` of a runbook with the values of its inputs. */
export const sameClusterOf = (
  { target }: Pick<Runbook, 'target'>,
  given: Readonly<Record<string, GivenInput>>,
): string | null =>
  target === null || target.sameCluster === null
    ? null
    : interpolate(target.sameCluster, (name) => given[name]?.value, 'promql').text;
