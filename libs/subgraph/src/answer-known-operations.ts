import type { ApolloServerOptions, ApolloServerPlugin } from '@apollo/server';
import type { ExecutableOperation } from '@cartograph/operation-limits';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { execute, type ExecutionResult, type GraphQLSchema } from 'graphql';
import type { CacheControlReader } from './cache-rules.ts';
import { makeKnownOperations } from './known-operations.ts';
import type { RequestContext } from './request-context.ts';

type Variables = Readonly<Record<string, unknown>>;

/** A request that says nothing about the protocol: only an operation and its variables. */
type PlainRequest = {
  readonly query: string;
  readonly operationName: string | undefined;
  readonly variables: Variables;
};

/** The same as Apollo Server's. */
const JSON_TYPE = 'application/json; charset=utf-8';

/**
 * The longest request that is answered here, in bytes. What is wrong with a request is found here, and
 * once more by Apollo Server: of a megabyte, that would cost twice what one request may.
 */
const MAX_BYTES = 16_384;

const PLAIN_FIELDS = new Set(['query', 'operationName', 'variables']);

/** The result of an operation that was executed before Apollo Server got its request. */
const EXECUTED = Symbol('executed');

type Executed = { readonly [EXECUTED]?: ExecutionResult };

/** Null for any request that Apollo Server could treat in another way than the usual one. */
const readPlainRequest = ({ body, headers }: FastifyRequest): PlainRequest | null => {
  if (headers.accept !== undefined) return null;
  // Also without the header.
  if (!(Number(headers['content-length']) <= MAX_BYTES)) return null;
  if (typeof body !== 'object' || body === null) return null;
  const { query, operationName, variables } = body as Record<string, unknown>;
  for (const name in body) if (!PLAIN_FIELDS.has(name)) return null;
  if (typeof query !== 'string') return null;
  if (typeof (operationName ?? '') !== 'string') return null;
  if (typeof (variables ?? {}) !== 'object' || Array.isArray(variables)) return null;
  return {
    query,
    operationName: (operationName as string | null | undefined) ?? undefined,
    variables: (variables as Variables | null | undefined) ?? {},
  };
};

/**
 * Answers the usual request itself: a plain one, of an operation that Apollo Server has answered before,
 * whose variables are valid and whose result has no errors. Apollo Server answers all others, and is the
 * reference: both send the same response, byte for byte. A result with errors is given to
 * Apollo Server, which reports them; nothing is executed twice.
 */
export const answerKnownOperations = <Context extends RequestContext>(options: {
  readonly schema: GraphQLSchema;
  /** Checks what Apollo Server's plugins check in each request. @throws when they would */
  readonly check: (operation: ExecutableOperation, variables: Variables) => void;
  readonly readCacheControl: CacheControlReader;
  readonly makeContext: (request: FastifyRequest) => Promise<Context>;
}) => {
  const { schema } = options;
  const operations = makeKnownOperations();
  const contexts = new WeakMap<FastifyRequest, Context & Executed>();

  /** Stores the operations that Apollo Server found valid. */
  const plugin: ApolloServerPlugin = {
    requestDidStart: async () => ({
      didResolveOperation: async ({ request, source, document, operation }) => {
        if (operation) operations.add(source, request.operationName, { document, operation });
      },
    }),
  };

  /** Executes what Apollo Server answers: it takes an executor only as a gateway's. */
  const gateway: NonNullable<ApolloServerOptions<Context>['gateway']> = {
    onSchemaLoadOrUpdate: (onLoad) => {
      onLoad({ apiSchema: schema, coreSupergraphSdl: '' });
      return () => {};
    },
    load: async () => ({
      executor: async ({ document, request, context }) =>
        (context as Executed)[EXECUTED] ??
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
    plugin,
    gateway,
    /** Makes the context of a request that Apollo Server answers. */
    makeContext: async (request: FastifyRequest): Promise<Context> =>
      contexts.get(request) ?? options.makeContext(request),

    /** @returns the body of the response, or null when Apollo Server must answer */
    answer: async (request: FastifyRequest, reply: FastifyReply): Promise<string | null> => {
      const plain = readPlainRequest(request);
      const known = plain && operations.find(plain.query, plain.operationName);
      if (!known) return null;
      const { document, operation } = known;
      let contextValue: Context;
      try {
        options.check({ schema, document, operation }, plain.variables);
        contextValue = await options.makeContext(request);
      } catch {
        return null; // Apollo Server finds the same fault, and reports it.
      }
      const result = await execute({
        schema,
        document,
        contextValue,
        variableValues: plain.variables,
        operationName: plain.operationName ?? null,
      });
      if (result.errors) {
        contexts.set(request, { ...contextValue, [EXECUTED]: result });
        return null;
      }
      void reply.header('content-type', JSON_TYPE);
      void reply.header(
        'cache-control',
        options.readCacheControl(document, operation, contextValue),
      );
      return `${JSON.stringify({ data: result.data })}\n`;
    },
  };
};
