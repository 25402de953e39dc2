import type { ServerResponse } from 'node:http';

/** What a request meets instead of its answer. */
export type Fault =
  /** An error as the API server words it. `retryAfterSeconds` goes with 429 and 503. */
  | { readonly kind: 'status'; readonly status: number; readonly message?: string; readonly retryAfterSeconds?: number }
  /** Passed on, but only after so long. */
  | { readonly kind: 'delay'; readonly ms: number }
  /** Taken, and never answered. */
  | { readonly kind: 'black-hole' }
  /** The connection is reset (TCP RST). */
  | { readonly kind: 'reset' };

const reasons: Readonly<Record<number, string>> = {
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'NotFound',
  409: 'Conflict',
  410: 'Expired',
  429: 'TooManyRequests',
  500: 'InternalError',
  503: 'ServiceUnavailable',
  504: 'Timeout',
};

const messages: Readonly<Record<number, string>> = {
  401: 'Unauthorized',
  403: 'the request is forbidden',
  410: 'The provided continue parameter or resource version is too old',
  429: 'the server has received too many requests and has asked us to try again later',
  500: 'an error on the server has prevented the request from succeeding',
  503: 'the server is currently unable to handle the request',
};

/** The API's Status object of an error. */
export const statusObject = (code: number, message = messages[code] ?? 'failed'): object => ({
  kind: 'Status',
  apiVersion: 'v1',
  metadata: {},
  status: 'Failure',
  message,
  reason: reasons[code] ?? 'Unknown',
  code,
});

/** The event that ends a watch in the middle of its stream. */
export const errorEvent = (code: number, message?: string): string =>
  `${JSON.stringify({ type: 'ERROR', object: statusObject(code, message) })}\n`;

export const answerStatus = (response: ServerResponse, fault: Extract<Fault, { kind: 'status' }>): void => {
  const after = fault.retryAfterSeconds === undefined ? {} : { 'retry-after': String(fault.retryAfterSeconds) };
  response.writeHead(fault.status, { 'content-type': 'application/json', ...after });
  response.end(JSON.stringify(statusObject(fault.status, fault.message)));
};
