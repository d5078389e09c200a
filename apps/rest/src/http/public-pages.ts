import { ShopError } from '@cartograph/errors';
import { boundCall, runWithin } from '@cartograph/resilience';
import {
  joinParts,
  makeResponseCache,
  readCacheHint,
  splitParts,
  type Answer,
  type CacheLimits,
  type SharedResponses,
} from '@cartograph/response-cache';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Caching } from './caching.ts';
import { hasCurrentCopy } from './has-current-copy.ts';

/**
 * A response that is the same for everyone, if the router says so: JSON, and its entity tag without a coding.
 */
export type Page = {
  readonly body: Buffer;
  readonly etag: string;
  readonly caching: Caching;
  /** The pages beside it: RFC 8288. */
  readonly link?: string;
};

/** Sends pages of the catalogue: stored ones, and made ones. */
export type PublicPages = {
  /** Sends a stored page before the request is validated: use it as the `onRequest` of the route. */
  readonly sendStored: (request: FastifyRequest, reply: FastifyReply) => Promise<unknown>;
  /** Makes a page and sends it, or 304 to a client that has it. */
  readonly send: (
    request: FastifyRequest,
    reply: FastifyReply,
    makePage: () => Promise<Page>,
  ) => Promise<undefined>;
};

/** A page is never stored for a viewer, nor for a client that asks for what is current. */
const BYPASSING = ['authorization', 'cache-control', 'pragma'];

/** The longest URL, in characters, whose page is stored. */
const MAX_KEY = 4_096;

/** The part of its timeout that a request must have left to make a page that it waited for in vain. */
const OWN_PART = 0.25;

/** Why a request has no page that it waited for. */
const LATE = new Error('the page that several requests waited for was not made in time');

/** GET and HEAD of one URL have the same page. A URL in another spelling has its own. */
const readKey = ({ headers, url }: FastifyRequest): string | null =>
  url.length > MAX_KEY || BYPASSING.some((name) => headers[name] !== undefined) ? null : url;

const readAge = ({ age }: Caching): number => Number(age ?? 0);

/** For how long the page is fresh: the router may have stored it already. */
const freshMsOf = ({ caching }: Page): number => {
  const { maxAge } = readCacheHint(caching.cacheControl);
  return (maxAge - readAge(caching)) * 1_000;
};

const sendPage = (
  request: FastifyRequest,
  reply: FastifyReply,
  { body, etag, caching, link }: Page,
): FastifyReply => {
  if (hasCurrentCopy(request, reply, { body, etag, ...caching })) {
    return reply.code(304).send(undefined);
  }
  if (link !== undefined) reply.header('link', link);
  return reply.type('application/json; charset=utf-8').send(body);
};

/** The page with its age, in whole seconds, rounded up: no cache uses it longer than `max-age`. */
const addAge = ({ response: page, ageMs }: Answer<Page>): Page =>
  ageMs > 0
    ? {
        ...page,
        caching: { ...page.caching, age: String(readAge(page.caching) + Math.ceil(ageMs / 1_000)) },
      }
    : page;

const pageHead = z.object({
  etag: z.string(),
  link: z.string().exactOptional(),
  caching: z.object({ cacheControl: z.string(), age: z.string().exactOptional() }),
});

const toText = ({ body, ...head }: Page): string => joinParts(head, body.toString());

const fromText = (text: string): Page | null => {
  const { head, body } = splitParts(text) ?? {};
  const { data } = pageHead.safeParse(head);
  return data && body !== undefined ? { ...data, body: Buffer.from(body) } : null;
};

/**
 * Makes the cache of public pages. Requests for one page share one request to the graph.
 * @param timeoutMs how long a page may take, whether other requests wait for it or not
 * @param responses the pages that all replicas share, if they do
 */
export const makePublicPages = (
  limits: CacheLimits,
  timeoutMs: number,
  responses: SharedResponses | null,
): PublicPages => {
  const cache = makeResponseCache<Page>({
    limits,
    freshMsOf,
    bytesOf: ({ body }) => body.length,
    timeoutMs,
    sharing: responses && { responses, toText, fromText },
  });
  /** What is left of the timeout after waiting in vain for another request's page is left for its own. */
  const respondInTime = (key: string, makePage: () => Promise<Page>) => {
    const endsAt = performance.now() + timeoutMs;
    return cache.respond(key, async () => {
      const ownMs = endsAt - performance.now();
      if (ownMs < timeoutMs * OWN_PART)
        throw new ShopError('GATEWAY_TIMEOUT', undefined, { cause: LATE });
      return boundCall(ownMs, ({ leftMs, signal }) =>
        runWithin({ deadline: performance.now() + leftMs, signal }, makePage),
      );
    });
  };

  return {
    sendStored: async (request, reply) => {
      const key = readKey(request);
      const stored = key === null ? null : (cache.find(key) ?? (await cache.findShared(key)));
      return stored && sendPage(request, reply, addAge(stored));
    },
    send: async (request, reply, makePage) => {
      const key = readKey(request);
      const page = key === null ? await makePage() : addAge(await respondInTime(key, makePage));
      // A route may return its reply; its type lists bodies only.
      return sendPage(request, reply, page) as unknown as undefined;
    },
  };
};
