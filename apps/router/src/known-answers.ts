import { answerKnownOperations, type KnownOperation } from '@cartograph/known-operations';
import type { CacheHint } from '@cartograph/response-cache';
import type { Logger } from '@cartograph/logging';
import type { FastifyRequest } from 'fastify';
import { OperationTypeNode, type ExecutionResult } from 'graphql';
import { LRUCache } from 'lru-cache';
import type { CachePolicy, Context } from './make-subgraph-source.ts';
import { PLAN_HEADER, wrapGateway, type Executor, type Gateway } from './wrap-gateway.ts';

type RequestContext = Parameters<Executor>[0];

/** Values of `Accept` whose content type is remembered: a client sends the same one each time. */
const MAX_ACCEPTS = 100;

/** What is sent to the client in place of a response of Apollo Server. */
export type KnownResponse = {
  readonly status: 200;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: string;
};

type WholePolicy = CachePolicy & {
  readonly header: () => string;
  /** Restricts the policy of Apollo Server, which sends the response in the end. */
  readonly passOn: (policy: CachePolicy) => void;
};

/** The policy of a whole response: the least of those of its parts. As Apollo Server's. */
const makeCachePolicy = (): WholePolicy => {
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
    passOn: (policy) => {
      if (least) policy.restrict(least);
    },
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
  const policies = new WeakMap<ExecutionResult, WholePolicy>();
  let executor: Executor | null = null;

  const known = answerKnownOperations<Context>({
    check: options.check,
    execute: async ({ plain, known: { schema, document, operation, queryHash }, context }) => {
      if (!executor) throw new Error('the gateway is not loaded');
      const overallCachePolicy = makeCachePolicy();
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
      const result = await executor(requestContext as RequestContext);
      policies.set(result, overallCachePolicy);
      return result;
    },
  });

  return {
    plugin: known.plugin,
    findContext: known.findContext,

    /** Wraps the gateway: it does not execute what was executed here. */
    use: (gateway: Gateway): Gateway =>
      wrapGateway(gateway, (loaded) => {
        executor = loaded;
        return async (context) => {
          const executed = await known.findResult(context.context);
          if (!executed) return loaded(context);
          policies.get(executed)?.passOn(context.overallCachePolicy as CachePolicy);
          return executed;
        };
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
      if (request.headers[PLAN_HEADER] !== undefined) return null;
      const contentType = contentTypes.get(request.headers.accept ?? '');
      const answer = contentType === undefined ? null : await known.answer(request, makeContext);
      if (!answer || contentType === undefined) return null;
      const { operation } = answer.known.operation;
      const caching =
        operation === OperationTypeNode.QUERY && policies.get(answer.result)?.header();
      const headers = [
        ['cache-control', caching || 'no-store'],
        ['content-type', contentType],
      ] as const;
      return { status: 200, headers, body: answer.body };
    },
  };
};
