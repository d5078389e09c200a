import { CALLER_HEADER, makeCallerSigner } from '@cartograph/auth';
import { LONG_POLL_QUERY } from '@cartograph/telemetry';
import type { ServiceClientOptions } from '@cartograph/resilience';
import { Pool } from 'undici';
import type { ReadRevocations } from './follow-revocations.ts';

const SESSION_REVOCATIONS = `query SessionRevocations($after: DateTime, $waitMs: Int) {
  sessionRevocations(after: $after, waitMs: $waitMs) { ids asOf issuedBefore keepMs }
}`;

type FeedResponse = {
  readonly data?: {
    readonly sessionRevocations?: {
      readonly ids: readonly string[];
      readonly asOf: string;
      readonly issuedBefore: string | null;
      readonly keepMs: number;
    };
  } | null;
  readonly errors?: readonly { readonly message: string }[];
} | null;

/**
 * Makes the reader of the user service's feed. It has its own connection, and not the limits and
 * circuit breaker of other calls, which could stop it.
 * @param options.timeoutMs how much longer than the wait the user service may take
 */
export const makeRemoteRevocations = (
  options: Omit<ServiceClientOptions, 'limits'>,
): { readonly read: ReadRevocations; readonly close: () => Promise<void> } => {
  const { service: audience, timeoutMs } = options;
  const url = new URL(options.url);
  const path = `${url.pathname}${LONG_POLL_QUERY}`;
  const pool = new Pool(url.origin, { connections: 1, connect: { timeout: timeoutMs } });
  const sign = makeCallerSigner(options.caller, options.secret);

  const post = async (body: string, waitMs: number): Promise<FeedResponse> => {
    const response = await pool.request({
      path,
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        [CALLER_HEADER]: sign({ audience, method: 'POST', path, body }),
      },
      body,
      signal: AbortSignal.timeout(waitMs + timeoutMs),
    });
    if (response.statusCode !== 200) {
      await response.body.dump();
      throw new Error(`the revocation feed responded with ${response.statusCode}`);
    }
    return (await response.body.json()) as FeedResponse;
  };

  return {
    read: async (after, waitMs) => {
      const variables = { after, waitMs };
      const query = JSON.stringify({ query: SESSION_REVOCATIONS, variables });
      const response = await post(query, waitMs);
      const feed = response?.data?.sessionRevocations;
      if (!feed) throw new Error(`the revocation feed failed: ${response?.errors?.[0]?.message}`);
      const { ids, issuedBefore, keepMs } = feed;
      return {
        ids,
        asOf: readDate(feed.asOf),
        issuedBefore: issuedBefore === null ? null : readDate(issuedBefore),
        keepMs,
      };
    },
    // This aborts a waiting poll, which loses nothing.
    close: () => pool.destroy(),
  };
};

const readDate = (text: string): Date => {
  const date = new Date(text);
  if (Number.isNaN(date.getTime())) throw new Error('the revocation feed returned an invalid time');
  return date;
};
