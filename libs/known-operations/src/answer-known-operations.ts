import type { ApolloServerPlugin } from '@apollo/server';
import type { FastifyRequest } from 'fastify';
import type { ExecutionResult } from 'graphql';
import { makeKnownOperations, type KnownOperation } from './make-known-operations.ts';
import { readPlainRequest, type PlainRequest, type Variables } from './plain-request.ts';

/** The result of an operation that was executed before Apollo Server got its request. */
const EXECUTED = Symbol('executed');

type Executed = { readonly [EXECUTED]?: Promise<ExecutionResult> };

/** A plain request of a known operation, and the context in which it is executed. */
export type KnownRequest<Context> = {
  readonly plain: PlainRequest;
  readonly known: KnownOperation;
  readonly context: Context;
};

/** What is sent to the client: data without errors. */
export type KnownAnswer<Context> = KnownRequest<Context> & {
  readonly result: ExecutionResult;
  /** The same text as Apollo Server's. */
  readonly body: string;
};

type MakeContext<Context> = (request: FastifyRequest) => Promise<Context> | Context;

/**
 * Answers the usual request itself: a plain one, of an operation that Apollo Server has answered before,
 * whose variables are valid and whose result has no errors. Apollo Server answers all others, and is the
 * reference: both send the same response, byte for byte. A result with errors is given to
 * Apollo Server, which reports them; nothing is executed twice.
 * @param options.check checks what Apollo Server's plugins check in each request, and throws when they would
 */
export const answerKnownOperations = <Context extends object>(options: {
  readonly check: (operation: KnownOperation, variables: Variables) => void;
  readonly execute: (request: KnownRequest<Context>) => Promise<ExecutionResult>;
}) => {
  const operations = makeKnownOperations();
  const contexts = new WeakMap<FastifyRequest, Context>();

  /** Stores the operations that Apollo Server found valid. */
  const plugin: ApolloServerPlugin = {
    requestDidStart: async () => ({
      didResolveOperation: async ({ request, source, document, operation, schema, queryHash }) => {
        if (!operation) return;
        operations.add(source, request.operationName, { schema, document, operation, queryHash });
      },
    }),
  };

  return {
    plugin,
    /** The result of a request that was executed here: Apollo Server's executor returns it. */
    findResult: (context: object): Promise<ExecutionResult> | undefined =>
      (context as Executed)[EXECUTED],
    /** The context of a request that Apollo Server answers: the one in which it was executed here, or a new one. */
    findContext: async (
      request: FastifyRequest,
      makeContext: MakeContext<Context>,
    ): Promise<Context> => contexts.get(request) ?? makeContext(request),

    /** @returns null when Apollo Server must answer */
    answer: async (
      request: FastifyRequest,
      makeContext: MakeContext<Context>,
    ): Promise<KnownAnswer<Context> | null> => {
      const plain = readPlainRequest(request);
      const known = plain && operations.find(plain.query, plain.operationName);
      if (!known) return null;
      let context: Context;
      try {
        options.check(known, plain.variables);
        context = await makeContext(request);
      } catch {
        return null; // Apollo Server finds the same fault, and reports it.
      }
      const executed = options.execute({ plain, known, context });
      const result = await executed.catch(() => null);
      if (!result || result.errors || result.extensions) {
        contexts.set(request, { ...context, [EXECUTED]: executed });
        return null;
      }
      return { plain, known, context, result, body: `${JSON.stringify({ data: result.data })}\n` };
    },
  };
};
