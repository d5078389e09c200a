import { ShopError } from '@cartograph/errors';
import { currentSignal, DEADLINE_HEADER } from '@cartograph/resilience';
import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import type { FastifyRequest } from 'fastify';
import { print, type DocumentNode } from 'graphql';
import { Pool } from 'undici';
import { NO_STORE } from '../caching.ts';
import type { Config } from '../config.ts';
import { toFailure, type GraphError } from './to-failure.ts';

/** The part of a REST request that the graph is told of. */
export type Asker = Pick<FastifyRequest, 'id' | 'headers' | 'ip' | 'log'>;

/** An answer, and its `Cache-Control`. */
export type Reading<Answer> = { readonly answer: Answer; readonly cacheControl: string };

/** Calls the graph through its router, as any client does. */
export type GraphClient = {
  /**
   * Sends one operation and picks what the route needs of its data. An error beside data that has
   * what is needed is only logged; with a null in its place, it ends the request.
   * @throws ShopError or Refusal of the first error; UNAVAILABLE when there is no answer in time, or
   * when the request that it is for is cancelled
   */
  readonly ask: <Data, Variables, Answer>(
    asker: Asker,
    operation: TypedDocumentNode<Data, Variables>,
    variables: Variables,
    pick: (data: Data) => Answer,
  ) => Promise<Answer>;
  /** As `ask`, for what others may keep: says how long, as the router did. */
  readonly read: <Data, Variables, Answer>(
    asker: Asker,
    operation: TypedDocumentNode<Data, Variables>,
    variables: Variables,
    pick: (data: Data) => Answer,
  ) => Promise<Reading<Answer>>;
  /** Rejects when the router can't serve. */
  readonly checkReady: () => Promise<void>;
  readonly close: () => Promise<void>;
};

type RouterAnswer<Data> = {
  readonly data?: Data | null;
  readonly errors?: readonly GraphError[];
};

type Sent<Data> = RouterAnswer<Data> & { readonly cacheControl: string };

const READY_TIMEOUT_MS = 2_000;

/** The operations are constants: each is printed once. */
const texts = new WeakMap<DocumentNode, string>();

const textOf = (operation: DocumentNode): string => {
  const text = texts.get(operation) ?? print(operation);
  texts.set(operation, text);
  return text;
};

/** Makes a client that keeps its connections. */
export const makeGraphClient = (
  config: Pick<Config, 'routerUrl' | 'routerReadyUrl' | 'routerTimeoutMs'>,
): GraphClient => {
  const { routerUrl, routerReadyUrl, routerTimeoutMs } = config;
  const url = new URL(routerUrl);
  const pool = new Pool(url.origin, { connections: 64, connect: { timeout: routerTimeoutMs } });

  const send = async (asker: Asker, body: string): Promise<Sent<never>> => {
    const { authorization, 'user-agent': userAgent } = asker.headers;
    const timeout = AbortSignal.timeout(routerTimeoutMs);
    const cancelled = currentSignal();
    const response = await pool.request({
      path: url.pathname + url.search,
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'application/json',
        'x-request-id': asker.id,
        // Nobody behind this door need work on for longer than it waits.
        [DEADLINE_HEADER]: String(routerTimeoutMs),
        // Behind the router this door is one address for everybody: it says whom it asks for.
        'x-forwarded-for': asker.ip,
        ...(userAgent !== undefined && { 'user-agent': userAgent }),
        ...(authorization !== undefined && { authorization }),
      },
      body,
      signal: cancelled ? AbortSignal.any([timeout, cancelled]) : timeout,
    });
    const answer = (await response.body.json()) as RouterAnswer<never> | null;
    const cacheControl = String(response.headers['cache-control'] ?? NO_STORE);
    if (answer?.data || answer?.errors?.length) return { ...answer, cacheControl };
    throw new Error(`the router answered ${response.statusCode} without data or errors`);
  };

  const read: GraphClient['read'] = async (asker, operation, variables, pick) => {
    const body = JSON.stringify({ query: textOf(operation), variables });
    const {
      data,
      errors = [],
      cacheControl,
    } = await send(asker, body).catch((cause: unknown) => {
      currentSignal()?.throwIfAborted();
      throw new ShopError('UNAVAILABLE', undefined, { cause });
    });
    const [error] = errors;
    if (!data) throw toFailure(error);
    const answer = pick(data);
    if (!error) return { answer, cacheControl };
    if (answer === null || answer === undefined) throw toFailure(error);
    asker.log.warn({ errors }, 'graph answered in part');
    return { answer, cacheControl: NO_STORE };
  };

  return {
    read,
    ask: async (...question) => (await read(...question)).answer,

    checkReady: async () => {
      const response = await fetch(routerReadyUrl, {
        signal: AbortSignal.timeout(READY_TIMEOUT_MS),
      });
      await response.body?.cancel();
      if (response.status !== 200) throw new Error(`the router answered ${response.status}`);
    },

    close: () => pool.close(),
  };
};
