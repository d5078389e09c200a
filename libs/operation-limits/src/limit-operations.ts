import type { ApolloServerOptions, ApolloServerPlugin, BaseContext } from '@apollo/server';
import { ShopError, type ErrorCode } from '@cartograph/errors';
import { activeTraceId } from '@cartograph/telemetry';
import type { FastifyReply, FastifyRequest } from 'fastify';
import {
  GraphQLError,
  Kind,
  type DocumentNode,
  type GraphQLFormattedError,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from 'graphql';
import { checkDocument } from './check-document.ts';
import { checkVariables } from './check-variables.ts';
import type { CostRules } from './cost-rules.ts';
import { refusal, tooLarge, type OperationLimits } from './limits.ts';
import { makeCostStore, MAX_REMEMBERED_VALUES } from './make-cost-store.ts';
import { measureCost } from './measure-cost.ts';

type FormatError = (formatted: GraphQLFormattedError, error: unknown) => GraphQLFormattedError;

/** Each validation error is computed, with its suggestions: these are enough to report. */
const MAX_VALIDATION_ERRORS = 20;

/** The most bytes that UTF-8 takes for one unit of a JavaScript string. */
const MAX_BYTES_PER_UNIT = 3;

const TOO_MANY_TOKENS = /^Syntax Error: Document contains more that \d+ tokens/;

/** A valid operation, and the schema and document that it belongs to. */
export type ExecutableOperation = {
  readonly schema: GraphQLSchema;
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
};

/** The parts of a server that enforce the limits of operations. */
export type OperationLimiter = {
  /** Rejects a query text that is too long. Use it as the `preHandler` of the route. */
  readonly checkRequest: (request: FastifyRequest, reply: FastifyReply) => Promise<unknown>;
  /** Spread these into the options of Apollo Server. */
  readonly serverOptions: Pick<
    ApolloServerOptions<BaseContext>,
    'parseOptions' | 'validationOptions' | 'validationRules'
  >;
  readonly plugin: ApolloServerPlugin;
  /**
   * Checks one request of a validated operation, as the plugin does.
   * @throws GraphQLError that names the limit
   */
  readonly checkVariables: (
    operation: ExecutableOperation,
    variables: Readonly<Record<string, unknown>>,
  ) => void;
  /** Wraps `formatError`, so that a limit of the parser is reported by its name. */
  readonly nameParserLimits: (format: FormatError) => FormatError;
};

/**
 * Makes the limiter of operations. Its parts, in the order of a request:
 * 1. `checkRequest`: bytes of the query, before Apollo Server reads it
 * 2. `parseOptions`: tokens, in the parser
 * 3. `validationDidStart`: what checkDocument counts, before `validate`. Apollo Server treats an error
 *    of this hook as a bug, and a validation rule would not stop validation. So a document over a limit
 *    is replaced by an empty one, which costs nothing to validate, and whose only error is the exceeded
 *    limit. A document that was validated before (by text, or by the hash of a persisted query) was
 *    checked then.
 * 4. `didResolveOperation`: values of the variables, and the cost with them, for each request; the cost
 *    of an operation with few variables of the same shape is remembered
 * @param onRefusal receives the code of what `checkRequest` rejects
 */
export const limitOperations = (
  limits: OperationLimits,
  rules: CostRules,
  onRefusal: (request: FastifyRequest, code: ErrorCode) => void = () => {},
): OperationLimiter => {
  const refusals = new WeakMap<DocumentNode, GraphQLError>();
  const costs = makeCostStore();

  const checkRequestVariables: OperationLimiter['checkVariables'] = (executable, variables) => {
    checkRootType(executable);
    const values = checkVariables(variables, limits);
    const measure = () => measureCost(executable, variables, rules);
    const cost =
      values <= MAX_REMEMBERED_VALUES
        ? costs.find(executable.operation, variables, measure)
        : measure();
    if (cost > limits.cost) {
      throw refusal(
        new ShopError(
          'OPERATION_TOO_EXPENSIVE',
          `The operation costs ${cost}, and ${limits.cost} is the most. Ask for shorter lists or fewer fields.`,
        ),
      );
    }
  };

  const plugin: ApolloServerPlugin = {
    requestDidStart: async () => ({
      validationDidStart: async (context) => {
        try {
          checkDocument(context.document, limits);
        } catch (error) {
          if (!(error instanceof GraphQLError)) throw error;
          const empty: DocumentNode = { kind: Kind.DOCUMENT, definitions: [] };
          refusals.set(empty, error);
          (context as { document: DocumentNode }).document = empty;
        }
      },
      didResolveOperation: async ({ schema, document, operation, request }) => {
        if (operation) {
          checkRequestVariables({ schema, document, operation }, request.variables ?? {});
        }
      },
    }),
  };

  return {
    plugin,
    checkVariables: checkRequestVariables,
    serverOptions: {
      parseOptions: { maxTokens: limits.tokens },
      validationOptions: { maxErrors: MAX_VALIDATION_ERRORS },
      validationRules: [
        (context) => {
          const error = refusals.get(context.getDocument());
          if (error) context.reportError(error);
          return {};
        },
      ],
    },
    checkRequest: async (request, reply) => {
      const parameters = (request.method === 'GET' ? request.query : request.body) as
        { readonly query?: unknown } | null | undefined;
      const text = parameters?.query;
      if (typeof text !== 'string') return;
      if (text.length * MAX_BYTES_PER_UNIT <= limits.bytes) return;
      if (Buffer.byteLength(text) <= limits.bytes) return;
      const { message, code } = tooLarge(limits, 'bytes');
      onRefusal(request, code);
      const extensions = { code, trace_id: activeTraceId() };
      return reply.code(400).send({ errors: [{ message, extensions }] });
    },
    nameParserLimits: (format) => (formatted, error) =>
      format(formatted, parserLimit(error, limits) ?? error),
  };
};

/**
 * graphql-js has no validation rule for this: it would find it when it executes the operation.
 * @throws GraphQLError for a subscription, where the schema has none
 */
const checkRootType = ({ schema, operation }: ExecutableOperation): void => {
  if (schema.getRootType(operation.operation)) return;
  throw new GraphQLError(`The schema has no ${operation.operation}s.`, {
    nodes: operation,
    extensions: { code: 'GRAPHQL_VALIDATION_FAILED', http: { status: 400 } },
  });
};

/** The limit at which the parser stopped: it counts tokens, and its stack is as deep as the text. */
const parserLimit = (error: unknown, limits: OperationLimits): GraphQLError | null => {
  if (!(error instanceof GraphQLError)) return null;
  if (error.extensions['code'] !== 'GRAPHQL_PARSE_FAILED') return null;
  const cause = error.originalError;
  const thrown = cause instanceof GraphQLError ? (cause.originalError ?? cause) : cause;
  if (thrown instanceof RangeError) return refusal(tooLarge(limits, 'depth'));
  return TOO_MANY_TOKENS.test(error.message) ? refusal(tooLarge(limits, 'tokens')) : null;
};
