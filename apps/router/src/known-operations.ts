import { createHash } from 'node:crypto';
import type { ApolloServerOptions, BaseContext } from '@apollo/server';
import { protocolCatalogue } from '@cartograph/errors';
import { activeTraceId } from '@cartograph/telemetry';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { LRUCache } from 'lru-cache';
import type { GraphqlRequest } from './graphql-request.ts';
import type { ManifestOperation } from './read-manifests.ts';

/** Texts that clients registered, in UTF-16 units: as much as Apollo Server's own store has. */
const MAX_REGISTERED_LENGTH = 30 * 1024 * 1024;

/** How Apollo Server names the ids in its store. */
const STORE_PREFIX = 'apq:';

const DIGEST_LENGTH = 12;

type Parameters = {
  readonly query?: unknown;
  readonly operationName?: unknown;
  readonly extensions?: unknown;
};

type Store = Exclude<
  NonNullable<ApolloServerOptions<BaseContext>['persistedQueries']>,
  false
>['cache'];

/** The operations of the manifests. */
export type KnownOperations = {
  /** The manifest's operation whose id a request sends in place of a text. */
  readonly find: (request: GraphqlRequest) => ManifestOperation | null;
  /** The text that Apollo Server executes: the request's own, or that of the id in its place. */
  readonly textOf: (request: GraphqlRequest) => string | undefined;
  /** Whether the request is one of an operation of the manifests, by id or by text. */
  readonly has: (request: GraphqlRequest) => boolean;
  /** Rejects every other request; a `preHandler`. It compares texts and parses nothing. */
  readonly rejectOthers: (request: FastifyRequest, reply: FastifyReply) => Promise<unknown>;
  /** Apollo Server's store of persisted queries: the manifests, and what clients register. */
  readonly store: NonNullable<Store>;
};

/** The parameters as Apollo Server reads them: a difference would let another text pass. */
const readParameters = (request: GraphqlRequest): Parameters => {
  if (request.method !== 'GET') return request.body ?? {};
  const start = request.url.indexOf('?');
  const search = new URLSearchParams(start < 0 ? '' : request.url.slice(start));
  const read = (name: string) => {
    const values = search.getAll(name);
    return values.length > 1 ? values : values[0];
  };
  return { query: read('query'), extensions: read('extensions') };
};

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
};

/** Apollo Server takes `query` for missing when it is null, or anything else that is no text. */
const hasText = (parameters: Parameters): parameters is Parameters & { readonly query: string } =>
  typeof parameters.query === 'string';

const readId = ({ extensions }: Parameters): string | null => {
  const value = typeof extensions === 'string' ? parseJson(extensions) : extensions;
  const { persistedQuery } = (value ?? {}) as { persistedQuery?: { sha256Hash?: unknown } | null };
  const id = persistedQuery?.sha256Hash;
  return typeof id === 'string' ? id : null;
};

/** Makes the operations of manifests, for their ids and for their texts, and the store of registered texts. */
export const makeKnownOperations = (operations: readonly ManifestOperation[]): KnownOperations => {
  const byId = new Map(operations.map((operation) => [operation.id, operation]));
  const texts = new Set(operations.map(({ body }) => body));
  const longest = Math.max(0, ...operations.map(({ body }) => body.length));
  const registered = new LRUCache<string, string>({
    maxSize: MAX_REGISTERED_LENGTH,
    sizeCalculation: (text) => text.length + STORE_PREFIX.length,
  });
  const digest = createHash('sha256')
    .update([...byId.keys()].toSorted().join())
    .digest('hex')
    .slice(0, DIGEST_LENGTH);

  const find: KnownOperations['find'] = (request) => {
    const parameters = readParameters(request);
    return hasText(parameters) ? null : (byId.get(readId(parameters) ?? '') ?? null);
  };

  const findText = (id: string): string | undefined =>
    byId.get(id)?.body ?? registered.get(STORE_PREFIX + id);

  const textOf: KnownOperations['textOf'] = (request) => {
    const parameters = readParameters(request);
    return hasText(parameters) ? parameters.query : findText(readId(parameters) ?? '');
  };

  const has: KnownOperations['has'] = (request) => {
    const parameters = readParameters(request);
    if (!hasText(parameters)) return find(request) !== null;
    return parameters.query.length <= longest && texts.has(parameters.query);
  };

  return {
    find,
    textOf,
    has,
    rejectOthers: async (request, reply) => {
      if (has(request)) return undefined;
      const parameters = readParameters(request);
      const isId = !hasText(parameters) && readId(parameters) !== null;
      const code = 'PERSISTED_QUERY_NOT_ALLOWED';
      const message = isId
        ? `The id is in no manifest of this router (${byId.size} operations, ${digest}): the client has another version of its manifest.`
        : protocolCatalogue[code];
      request.errorCode = code;
      const extensions = { code, trace_id: activeTraceId() };
      return reply.code(400).send({ errors: [{ message, extensions }] });
    },
    store: {
      get: async (key) => findText(key.slice(STORE_PREFIX.length)),
      set: async (key, text) => void registered.set(key, text),
      delete: async (key) => registered.delete(key),
    },
  };
};
