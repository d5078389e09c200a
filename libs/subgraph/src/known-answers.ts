import type { ApolloServerOptions } from '@apollo/server';
import { answerKnownOperations } from '@cartograph/known-operations';
import type { ExecutableOperation } from '@cartograph/operation-limits';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { execute, type GraphQLSchema } from 'graphql';
import type { CacheControlReader } from './cache-rules.ts';
import type { RequestContext } from './request-context.ts';

/** The same as Apollo Server's. */
const JSON_TYPE = 'application/json; charset=utf-8';

/**
 * Makes the answers of a subgraph to operations that Apollo Server has answered before. Apollo Server answers
 * requests with an `Accept` header, which the router does not send.
 */
export const makeKnownAnswers = <Context extends RequestContext>(options: {
  readonly schema: GraphQLSchema;
  /** Checks what Apollo Server's plugins check in each request. @throws when they would */
  readonly check: (
    operation: ExecutableOperation,
    variables: Readonly<Record<string, unknown>>,
  ) => void;
  readonly readCacheControl: CacheControlReader;
  readonly makeContext: (request: FastifyRequest) => Promise<Context>;
}) => {
  const { schema } = options;
  const known = answerKnownOperations<Context>({
    check: options.check,
    execute: async ({ plain, known: { document }, context }) =>
      execute({
        schema,
        document,
        contextValue: context,
        variableValues: plain.variables,
        operationName: plain.operationName ?? null,
      }),
  });

  /** Executes what Apollo Server answers: it takes an executor only as a gateway's. */
  const gateway: NonNullable<ApolloServerOptions<Context>['gateway']> = {
    onSchemaLoadOrUpdate: (onLoad) => {
      onLoad({ apiSchema: schema, coreSupergraphSdl: '' });
      return () => {};
    },
    load: async () => ({
      executor: async ({ document, request, context }) =>
        known.findResult(context) ??
        execute({
          schema,
          document,
          contextValue: context,
          variableValues: request.variables ?? null,
          operationName: request.operationName ?? null,
        }),
    }),
    stop: async () => {},
  };

  return {
    plugin: known.plugin,
    gateway,
    /** Makes the context of a request that Apollo Server answers. */
    makeContext: (request: FastifyRequest) => known.findContext(request, options.makeContext),

    /** @returns the body of the response, or null when Apollo Server must answer */
    answer: async (request: FastifyRequest, reply: FastifyReply): Promise<string | null> => {
      if (request.headers.accept !== undefined) return null;
      const answer = await known.answer(request, options.makeContext);
      if (!answer) return null;
      const { document, operation } = answer.known;
      void reply.header('content-type', JSON_TYPE);
      void reply.header(
        'cache-control',
        options.readCacheControl(document, operation, answer.context),
      );
      return answer.body;
    },
  };
};
