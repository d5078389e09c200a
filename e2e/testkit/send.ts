import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { record } from './record.ts';
import { currentStep } from './step.ts';

/** A response whose body was read. */
export type Received = {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
};

export type Outgoing = {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
};

/** How often a request is sent to a remote shop that has too much to do. */
const MAX_TRIES = 20;

/** A shop that says to come back later than this is not waited for. */
const MAX_WAIT_SECONDS = 5;

/** Hostile texts make long paths. */
const MAX_PATH = 120;

const TRACEPARENT = /^00-([0-9a-f]{32})-/;

/** An error names its trace, which a proxy in front of the shop may have begun. */
const NAMED_TRACE = /"trace_id":"([0-9a-f]{32})"/;

const pathOf = (url: string): string => new URL(url).pathname.slice(0, MAX_PATH);

const sendOnce = async ({ method, url, headers, body }: Outgoing): Promise<Received> => {
  // W3C Trace Context: the shop continues this trace, so that it is known for every response.
  const traceparent =
    headers['traceparent'] ??
    `00-${randomBytes(16).toString('hex')}-${randomBytes(8).toString('hex')}-01`;
  const begun = performance.now();
  const note = (status: number, text: string): void =>
    record({
      kind: 'request',
      step: currentStep(),
      method,
      path: pathOf(url),
      status,
      ms: performance.now() - begun,
      traceId: NAMED_TRACE.exec(text)?.[1] ?? TRACEPARENT.exec(traceparent)?.[1] ?? '',
    });
  try {
    const response = await fetch(url, {
      method,
      redirect: 'manual',
      headers: { ...headers, traceparent },
      ...(body !== undefined && { body }),
    });
    const text = await response.text();
    note(response.status, text);
    return { status: response.status, headers: response.headers, text };
  } catch (error) {
    note(0, '');
    throw error;
  }
};

/** The seconds after which a shop with too much to do wants the request again; null when it has not. */
const secondsToWait = ({ status, headers }: Received): number | null => {
  const seconds = Number(headers.get('retry-after') ?? Number.NaN);
  const isBusy = status === 503 || status === 429;
  return isBusy && seconds >= 0 && seconds <= MAX_WAIT_SECONDS ? seconds : null;
};

/**
 * Sends a request. A remote shop has limits for real clients: as they should, this one waits for as
 * long as `Retry-After` says, and sends the request again. The shop of a test has room for all.
 */
export const send = async (request: Outgoing): Promise<Received> => {
  const most = process.env['E2E_REMOTE'] ? MAX_TRIES : 1;
  for (let tries = 1; ; tries += 1) {
    const received = await sendOnce(request);
    const seconds = secondsToWait(received);
    if (seconds === null || tries >= most) return received;
    await sleep(seconds * 1_000);
  }
};
