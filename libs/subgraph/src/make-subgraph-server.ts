import { readFileSync } from 'node:fs';
import { ApolloServer, type ApolloServerPlugin } from '@apollo/server';
import { buildSubgraphSchema } from '@apollo/subgraph';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
} from '@apollo/server/plugin/disabled';
import { fastifyApolloDrainPlugin, fastifyApolloHandler } from '@as-integrations/fastify';
import type { CallerVerifier, RouterVerifier, TokenVerifier } from '@cartograph/auth';
import { DEFAULT_SLOW_REQUEST_MS, type HttpLimits } from '@cartograph/config';
import { makeGraphqlErrorFormatter } from '@cartograph/errors';
import {
  addTraceId,
  makeHttpServer,
  refuseUnknown,
  type Infrastructure,
  type ReadinessChecks,
} from '@cartograph/http';
import { formatDecimal, type Money } from '@cartograph/money';
import { limitOperations, readCostRules, type OperationLimits } from '@cartograph/operation-limits';
import { DEADLINE_HEADER, readDeadline, runRequest } from '@cartograph/resilience';
import { checkInput, makeInputValidationPlugin } from '@cartograph/validation';
import { trace } from '@opentelemetry/api';
import type { FastifyInstance } from 'fastify';
import { GraphQLScalarType, parse, type OperationDefinitionNode } from 'graphql';
import { CurrencyResolver, DateTimeResolver, SafeIntResolver } from 'graphql-scalars';
import { stopWhenCancelled } from './stop-when-cancelled.ts';
import { guardResolvers, readAccessRules, type ResolverMap } from './access-rules.ts';
import { makeCacheControlReader, setCacheControl } from './cache-rules.ts';
import { isOverload } from '@cartograph/postgres';
import { makeKnownAnswers } from './known-answers.ts';
import { makeRequestContext, type RequestContext, type SessionCheck } from './request-context.ts';
import { verifyCallers } from './verify-callers.ts';

/** What differs from subgraph to subgraph. */
export type SubgraphOptions<Context extends RequestContext> = {
  /** Its name in the supergraph, and the audience of signed requests. */
  readonly name: string;
  readonly infrastructure: Infrastructure;
  readonly httpLimits: HttpLimits;
  /** The file of the contract: `new URL('../schema.graphql', import.meta.url)`. */
  readonly schema: URL;
  readonly resolvers: object;
  /** Adds the service's own part to the context of one request. */
  readonly makeContext: (request: RequestContext) => Context;
  readonly verifyToken: TokenVerifier;
  readonly checkSession: SessionCheck;
  readonly verifyCaller: CallerVerifier;
  /** Accepts routers that can't sign; without it every caller must sign. */
  readonly verifyRouter?: RouterVerifier;
  readonly operationLimits: OperationLimits;
  /** A request that takes this long is logged, in milliseconds; others only when they failed. */
  readonly slowRequestMs?: number;
  readonly checks: ReadinessChecks;
  /** Runs when the server closes, after the last request. */
  readonly close: () => Promise<void>;
};

/** As text: JSON.stringify takes twice as long to write a Date. */
const DateTime = new GraphQLScalarType({
  ...DateTimeResolver.toConfig(),
  serialize: (value) => DateTimeResolver.serialize(value).toISOString(),
});

/** The scalars and value types of the graph, the same in every subgraph. */
const valueTypes = {
  Currency: CurrencyResolver,
  DateTime,
  SafeInt: SafeIntResolver,
  Money: { decimal: (money: Money) => formatDecimal(money) },
};

/** Sets the operation's name and type on the request's span, whose own name is `POST /graphql`. */
const nameOperation = ({ operation, name }: OperationDefinitionNode): void => {
  trace.getActiveSpan()?.setAttributes({
    'graphql.operation.type': operation,
    ...(name && { 'graphql.operation.name': name.value }),
  });
};

const nameOperations: ApolloServerPlugin = {
  requestDidStart: async () => ({
    didResolveOperation: async ({ operation }) => {
      if (operation) nameOperation(operation);
    },
  }),
};

/**
 * Boots a subgraph: Apollo Server on Fastify, the rules of the schema in front of its resolvers,
 * health, drain and errors. Nothing listens yet, so tests use what ships.
 */
export const makeSubgraphServer = async <Context extends RequestContext>(
  options: SubgraphOptions<Context>,
): Promise<FastifyInstance> => {
  const { infrastructure } = options;
  const app = makeHttpServer(infrastructure, options.checks, {
    limits: options.httpLimits,
    // Its callers are the router and peer services; the former logs the client's request.
    requestLog: { slowerThanMs: options.slowRequestMs ?? DEFAULT_SLOW_REQUEST_MS },
  });
  verifyCallers(app, options.name, options.verifyCaller, options.verifyRouter ?? (() => null));

  const typeDefs = parse(readFileSync(options.schema, 'utf8'));
  const limiter = limitOperations(options.operationLimits, readCostRules(typeDefs));
  const resolvers = guardResolvers(
    typeDefs,
    stopWhenCancelled({ ...valueTypes, ...(options.resolvers as ResolverMap) }),
  );
  const schema = buildSubgraphSchema([
    // The resolvers of types that the schema does not declare are left out.
    { typeDefs, resolvers: pickDeclared(resolvers, typeDefs.definitions) as never },
  ]);
  const readCacheControl = makeCacheControlReader(schema, readAccessRules(typeDefs));
  const known = makeKnownAnswers<Context>({
    schema,
    check: (executable, variables) => {
      limiter.checkVariables(executable, variables);
      checkInput(executable, variables, options.operationLimits.variableValues);
      nameOperation(executable.operation);
    },
    readCacheControl,
    makeContext: async (request) =>
      options.makeContext(
        await makeRequestContext(request, options.verifyToken, options.checkSession),
      ),
  });
  const apollo = new ApolloServer<Context>({
    gateway: known.gateway,
    ...limiter.serverOptions,
    formatError: addTraceId(
      limiter.nameParserLimits(
        makeGraphqlErrorFormatter(
          (error) => infrastructure.log.error({ err: error }, 'request failed unexpectedly'),
          isOverload,
        ),
      ),
    ),
    includeStacktraceInErrorResponses: false,
    introspection: true,
    csrfPrevention: false, // only authenticated callers get here
    stopOnTerminationSignals: false,
    logger: infrastructure.log,
    plugins: [
      fastifyApolloDrainPlugin(app),
      // It would reveal internal timings and errors to any caller that sends a header.
      ApolloServerPluginInlineTraceDisabled(),
      limiter.plugin,
      makeInputValidationPlugin(options.operationLimits.variableValues),
      nameOperations,
      // Apollo's own would wrap each field.
      ApolloServerPluginCacheControlDisabled(),
      setCacheControl(readCacheControl),
      known.plugin,
    ],
  });
  await apollo.start();
  const handle = fastifyApolloHandler(apollo, { context: known.makeContext });
  app.route({
    url: '/graphql',
    method: 'POST',
    preHandler: limiter.checkRequest,
    // Calls of peer services and statements in the database have the caller's deadline.
    handler: (request, reply) =>
      runRequest(
        reply.raw,
        readDeadline(request.headers[DEADLINE_HEADER]),
        async () => (await known.answer(request, reply)) ?? handle.call(app, request, reply),
        (reason) => request.log.info({ reason }, 'request cancelled'),
      ),
  });
  refuseUnknown(app, '/graphql');
  app.addHook('onClose', options.close);
  return app;
};

const pickDeclared = (
  resolvers: ResolverMap,
  definitions: readonly { kind: string; name?: { value: string } | undefined }[],
): ResolverMap => {
  const declared = new Set(definitions.map((definition) => definition.name?.value));
  return Object.fromEntries(Object.entries(resolvers).filter(([type]) => declared.has(type)));
};
