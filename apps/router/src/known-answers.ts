import type { ApolloServerOptions } from '@apollo/server';
import { answerKnownOperations, type KnownOperation } from '@cartograph/known-operations';
import type { CacheHint } from '@cartograph/response-cache';
import type { Logger } from '@cartograph/logging';
import type { FastifyRequest } from 'fastify';
import { OperationTypeNode } from 'graphql';
import { LRUCache } from 'lru-cache';
import type { CachePolicy, Context } from './make-subgraph-source.ts';

type Gateway = NonNullable<ApolloServerOptions<Context>['gateway']>;
type Executor = NonNullable<Awaited<ReturnType<Gateway['load']>>['executor']>;
type RequestContext = Parameters<Executor>[0];

/** Values of `Accept` whose content type is remembered: a client sends the same one each time. */
const MAX_ACCEPTS = 100;

/** What is sent to the client in place of a response of Apollo Server. */
export type KnownResponse = {
  readonly status: 200;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: string;
};

/** The policy of a whole response: the least of those of its parts. As Apollo Server's. */
const makeCachePolicy = (): CachePolicy & { readonly header: () => string } => {
  let least: CacheHint | null = null;
  return {
    restrict: (hint) => {
      least = {
        maxAge: Math.min(least?.maxAge ?? hint.maxAge, hint.maxAge),
        scope: least?.scope === 'PRIVATE' ? 'PRIVATE' : hint.scope,
      };
    },
    header: () =>
      least && least.maxAge > 0
        ? `max-age=${least.maxAge}, ${least.scope.toLowerCase()}`
        : 'no-store',
  };
};

export type KnownAnswers = ReturnType<typeof makeKnownAnswers>;

/**
 * Makes the answers of the router to operations that Apollo Server has answered before. Which content type a client
 * gets is what Apollo Server has sent to the same `Accept`.
 */
export const makeKnownAnswers = (options: {
  /** Checks what Apollo Server's plugins check in each request. @throws when they would */
  readonly check: (operation: KnownOperation, variables: Readonly<Record<string, unknown>>) => void;
  readonly log: Logger;
}) => {
  const contentTypes = new LRUCache<string, string>({ max: MAX_ACCEPTS });
  const policies = new WeakMap<Context, ReturnType<typeof makeCachePolicy>>();
  let executor: Executor | null = null;

  const known = answerKnownOperations<Context>({
    check: options.check,
    execute: async ({ plain, known: { schema, document, operation, queryHash }, context }) => {
      if (!executor) throw new Error('the gateway is not loaded');
      const overallCachePolicy = makeCachePolicy();
      policies.set(context, overallCachePolicy);
      const { query, operationName, variables } = plain;
      // What the gateway and its wrappers read.
      const requestContext: Partial<RequestContext> = {
        request: { query, variables, ...(operationName !== undefined && { operationName }) },
        schema,
        document,
        operation,
        operationName: operation.name?.value ?? null,
        source: query,
        queryHash,
        context,
        metrics: {},
        overallCachePolicy,
        logger: options.log,
      };
      return executor(requestContext as RequestContext);
    },
  });

  return {
    plugin: known.plugin,
    findContext: known.findContext,

    /** Wraps the gateway: it does not execute what was executed here. */
    use: (gateway: Gateway): Gateway => ({
      load: async (loadOptions) => {
        const loaded = await gateway.load(loadOptions);
        ({ executor } = loaded);
        return {
          ...loaded,
          executor: async (context) =>
            known.findResult(context.context) ?? (loaded.executor as Executor)(context),
        };
      },
      onSchemaLoadOrUpdate: (callback) => gateway.onSchemaLoadOrUpdate(callback),
      stop: () => gateway.stop(),
    }),

    /** Remembers the content type of a response of Apollo Server that has the status 200. */
    learn: (
      { headers: { accept = '' } }: FastifyRequest,
      contentType: string | undefined,
    ): void => {
      if (contentType !== undefined) contentTypes.set(accept, contentType);
    },

    /** @returns null when Apollo Server must answer */
    answer: async (
      request: FastifyRequest,
      makeContext: () => Context,
    ): Promise<KnownResponse | null> => {
      const contentType = contentTypes.get(request.headers.accept ?? '');
      const answer = contentType === undefined ? null : await known.answer(request, makeContext);
      if (!answer || contentType === undefined) return null;
      const { operation } = answer.known.operation;
      const caching =
        operation === OperationTypeNode.QUERY && policies.get(answer.context)?.header();
      const headers = [
        ['cache-control', caching || 'no-store'],
        ['content-type', contentType],
      ] as const;
      return { status: 200, headers, body: answer.body };
    },
  };
};
