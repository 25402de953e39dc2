import { Agent, request } from 'undici';
import type { HttpProbe } from '../ports/http-probe.ts';
import { ExpectedError } from '../text/errors.ts';
import { transportWords } from './transport-words.ts';

const limitBytes = 8 * 1024 * 1024;

/** Connections are not kept between questions: each one shows what somebody new would see. */
const fresh = (timeoutMs: number): Agent => new Agent({ pipelining: 0, connect: { timeout: timeoutMs } });

/** One GET. Redirects are answers, never followed; a body over 8 MiB is no answer. Source: bad-inputs, network table. */
export const httpProbe: HttpProbe = async (url, { timeoutMs, signal }) => {
  const started = performance.now();
  const deadline = AbortSignal.timeout(timeoutMs);
  const dispatcher = fresh(timeoutMs);
  try {
    const answer = await request(url, {
      dispatcher,
      signal: AbortSignal.any([signal, deadline]),
      headers: { accept: '*/*', 'user-agent': 'gonogo' },
    });
    const body = await read(answer.body);
    const { headers } = answer;
    const date = Date.parse(one(headers.date) ?? '');
    return {
      status: answer.statusCode,
      type: (one(headers['content-type']) ?? '').split(';')[0]?.trim().toLowerCase() ?? '',
      body,
      date: Number.isNaN(date) ? null : date,
      location: one(headers.location) ?? null,
      tookMs: performance.now() - started,
    };
  } catch (error) {
    if (error instanceof ExpectedError) throw error;
    const words = deadline.aborted ? `no answer in ${timeoutMs / 1000} s` : transportWords(error);
    throw new ExpectedError(words, { place: hostOf(url), cause: error });
  } finally {
    void dispatcher.destroy();
  }
};

const one = (header: string | string[] | undefined): string | undefined => (Array.isArray(header) ? header[0] : header);

const hostOf = (url: string): string => URL.parse(url)?.host ?? url;

const read = async (body: AsyncIterable<Buffer>): Promise<string> => {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of body) {
    size += part.length;
    if (size > limitBytes) throw new ExpectedError('the answer is larger than 8 MiB');
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
};
