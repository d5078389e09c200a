import { readFileSync } from 'node:fs';
import { ApolloServer } from '@apollo/server';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { ApolloServerPluginInlineTraceDisabled } from '@apollo/server/plugin/disabled';
import { fastifyApolloDrainPlugin, fastifyApolloHandler } from '@as-integrations/fastify';
import type { CallerVerifier, RouterVerifier, TokenVerifier } from '@cartograph/auth';
import type { HttpLimits } from '@cartograph/config';
import { makeGraphqlErrorFormatter } from '@cartograph/errors';
import { makeHttpServer, type Infrastructure, type ReadinessChecks } from '@cartograph/http';
import { limitOperations, readCostRules, type OperationLimits } from '@cartograph/operation-limits';
import { DEADLINE_HEADER, readDeadline, runRequest } from '@cartograph/resilience';
import { makeInputValidationPlugin } from '@cartograph/validation';
import type { FastifyInstance } from 'fastify';
import { parse } from 'graphql';
import { stopWhenCancelled } from './cancel-resolvers.ts';
import { guardResolvers, type ResolverMap } from './access-rules.ts';
import { keepOnlyPublicQueries } from './cache-rules.ts';
import { isOverload } from '@cartograph/postgres';
import { makeRequestContext, type RequestContext, type SessionCheck } from './request-context.ts';
import { scalars } from './scalars.ts';
import { nameOperations } from './name-operations.ts';
import { verifyCallers } from './verify-callers.ts';

/** All that one subgraph differs in from another. */
export type SubgraphOptions<Context extends RequestContext> = {
  /** What it is called in the supergraph, and what callers sign their requests for. */
  readonly name: string;
  readonly infrastructure: Infrastructure;
  readonly httpLimits: HttpLimits;
  /** Where the contract is: `new URL('../schema.graphql', import.meta.url)`. */
  readonly schema: URL;
  readonly resolvers: object;
  /** Adds the service's own part to the context of one request. */
  readonly makeContext: (request: RequestContext) => Context;
  readonly verifyToken: TokenVerifier;
  readonly checkSession: SessionCheck;
  readonly verifyCaller: CallerVerifier;
  /** Knows routers that can't sign; without it every caller must sign. */
  readonly verifyRouter?: RouterVerifier;
  readonly operationLimits: OperationLimits;
  readonly checks: ReadinessChecks;
  /** Runs when the server closes, after the last request. */
  readonly close: () => Promise<void>;
};

/**
 * Most are representations: two fields each, of what is on pages of 100 in pages of 100.
 */
const MAX_VARIABLE_VALUES = 100_000;

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
  });
  verifyCallers(app, options.name, options.verifyCaller, options.verifyRouter ?? (() => null));

  const typeDefs = parse(readFileSync(options.schema, 'utf8'));
  const limiter = limitOperations(options.operationLimits, readCostRules(typeDefs));
  const resolvers = guardResolvers(
    typeDefs,
    stopWhenCancelled({ ...scalars, ...(options.resolvers as ResolverMap) }),
  );
  const apollo = new ApolloServer<Context>({
    schema: buildSubgraphSchema([
      // The scalars are declared in every schema; resolvers for those it does not use are left out.
      { typeDefs, resolvers: pickDeclared(resolvers, typeDefs.definitions) as never },
    ]),
    ...limiter.serverOptions,
    formatError: limiter.nameParserLimits(
      makeGraphqlErrorFormatter(
        (error) => infrastructure.log.error({ err: error }, 'request failed unexpectedly'),
        isOverload,
      ),
    ),
    includeStacktraceInErrorResponses: false,
    introspection: true,
    csrfPrevention: false, // only proven callers come this far
    stopOnTerminationSignals: false,
    logger: infrastructure.log,
    plugins: [
      fastifyApolloDrainPlugin(app),
      // It would hand timings and errors of the inside to whoever asks with a header.
      ApolloServerPluginInlineTraceDisabled(),
      limiter.plugin,
      makeInputValidationPlugin(MAX_VARIABLE_VALUES),
      nameOperations,
      keepOnlyPublicQueries,
    ],
  });
  await apollo.start();
  const answer = fastifyApolloHandler(apollo, {
    context: async (request) =>
      options.makeContext(
        await makeRequestContext(request, options.verifyToken, options.checkSession),
      ),
  });
  app.route({
    url: '/graphql',
    method: 'POST',
    preHandler: limiter.checkRequest,
    // Whatever is asked of peer services and of the database from here on waits no longer than our
    // caller does.
    handler: (request, reply) =>
      runRequest(
        reply.raw,
        readDeadline(request.headers[DEADLINE_HEADER]),
        () => answer.call(app, request, reply),
        (reason) => request.log.info({ reason }, 'request cancelled'),
      ),
  });
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
