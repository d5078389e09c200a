import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { ApolloGateway } from '@apollo/gateway';
import { ApolloServer } from '@apollo/server';
import { ApolloServerPluginLandingPageDisabled } from '@apollo/server/plugin/disabled';
import { fastifyApolloDrainPlugin } from '@as-integrations/fastify';
import { makeAdmission, makeLaneChoice } from '@cartograph/admission';
import { makeGraphqlErrorFormatter } from '@cartograph/errors';
import {
  addTraceId,
  allowOrigin,
  makeHttpServer,
  refuseUnknown,
  sendGraphqlError,
  type Infrastructure,
} from '@cartograph/http';
import { limitOperations, readCostRules } from '@cartograph/operation-limits';
import { DEADLINE_HEADER, readDeadline, runRequest } from '@cartograph/resilience';
import { makeResponseCache, openSharedResponses } from '@cartograph/response-cache';
import { checkInput, makeInputValidationPlugin } from '@cartograph/validation';
import cors from '@fastify/cors';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { parse } from 'graphql';
import { answerIntrospection } from './answer-introspection.ts';
import { readCacheKey } from './cache-key.ts';
import type { Config } from './config.ts';
import { cacheQueriesOnly, disableCaching } from './caching.ts';
import { makeKnownPlans } from './execute-known-plans.ts';
import {
  executeGraphql,
  makeOverloaded,
  sendGraphql,
  type GraphqlResponse,
} from './graphql-response.ts';
import { makeKnownAnswers } from './known-answers.ts';
import { makeKnownOperations } from './known-operations.ts';
import { hideClientNames } from './hide-client-names.ts';
import { hideSuggestions } from './hide-suggestions.ts';
import { readJson } from './read-json.ts';
import { describeClient } from './measure-clients.ts';
import { makePlanStore } from './make-plan-store.ts';
import { makeOperationMetrics, noteErrors } from './measure-operations.ts';
import { CONTRACT_URL, servePublicContract } from './public-contract.ts';
import { readManifests } from './read-manifests.ts';
import { rejectOverload } from './reject-overload.ts';
import { refuseUnacceptable } from './refuse-unacceptable.ts';
import { fromText, toText } from './response-text.ts';
import { makeSubgraphSource, type Context, type SubgraphSource } from './make-subgraph-source.ts';

/** What scripts of other origins may read. */
const EXPOSED_HEADERS = ['Retry-After', 'X-Request-Id'];

/** The deadline of a client is short when it is below this part of what a request may take. */
const SHORT_DEADLINE_PART = 0.5;

/** Why a request was not executed. */
const OVERLOAD = new Error('too many concurrent requests');

/**
 * Makes the server of the router. The gateway reads the committed supergraph: it starts with any
 * subgraph down, and returns partial data. It does not listen yet.
 */
export const makeServer = async ({
  config,
  ...infrastructure
}: Infrastructure & { readonly config: Config }): Promise<FastifyInstance> => {
  const { log } = infrastructure;
  const isProduction = config.environment === 'production';
  const crossOrigin = { origins: config.corsOrigins, exposedHeaders: EXPOSED_HEADERS };
  const app = makeHttpServer(
    infrastructure,
    {},
    {
      limits: config.httpLimits,
      trustProxy: config.trustedProxies,
      sendError: (error, request, reply) => {
        allowOrigin(crossOrigin, request, reply);
        return sendGraphqlError(error, request, reply);
      },
    },
  );
  readJson(app, config.operationLimits.variableValues);
  const manifest = await readManifests(config.manifests);
  const operations = makeKnownOperations(manifest);
  const known = manifest.length > 0 ? operations : null;
  const { isSafelist } = config;
  // Apollo Sandbox and GraphiQL take 43 MB.
  const explorers = isProduction || isSafelist ? null : await import('./explorers.ts');
  const sources = new Map<string, SubgraphSource>();
  const planStore = makePlanStore();
  const plans = makeKnownPlans({ sources, log, onHit: planStore.countHit });

  const supergraphSdl = await readFile(new URL('../supergraph.graphql', import.meta.url), 'utf8');
  const supergraph = parse(supergraphSdl);
  const limiter = limitOperations(
    config.operationLimits,
    readCostRules(supergraph),
    (request, code) => (request.errorCode = code),
  );
  const gateway = new ApolloGateway({
    supergraphSdl,
    buildService: ({ name, url }) => {
      const source = makeSubgraphSource({
        name,
        url: config.subgraphUrls[name] ?? url ?? '',
        secret: config.secret,
        timeoutMs: config.timeoutMs,
        onFailure: (error) => log.error({ subgraph: name, err: error }, 'subgraph did not answer'),
      });
      sources.set(name, source);
      return source;
    },
    queryPlannerConfig: { cache: planStore.store },
    experimental_didResolveQueryPlan: plans.receive,
    logger: log,
  });
  const formatError = limiter.nameParserLimits(
    makeGraphqlErrorFormatter((error) => log.error({ err: error }, 'request failed unexpectedly')),
  );
  const answers = makeKnownAnswers({
    check: (operation, variables) => {
      limiter.checkVariables(operation, variables);
      checkInput(operation, variables, config.operationLimits.variableValues);
    },
    log,
  });
  const apollo: ApolloServer<Context> = new ApolloServer({
    gateway: answers.use(answerIntrospection(hideClientNames(plans.use(gateway), supergraph))),
    ...limiter.serverOptions,
    formatError: addTraceId(isProduction ? hideSuggestions(formatError) : formatError),
    includeStacktraceInErrorResponses: false,
    introspection: !isProduction,
    persistedQueries: { cache: operations.store },
    stopOnTerminationSignals: false,
    plugins: [
      fastifyApolloDrainPlugin(app),
      limiter.plugin,
      makeInputValidationPlugin(config.operationLimits.variableValues),
      refuseUnacceptable(() => apollo),
      cacheQueriesOnly,
      noteErrors,
      answers.plugin,
      explorers?.sandboxPage() ?? ApolloServerPluginLandingPageDisabled(),
    ],
    logger: log,
  });
  await apollo.start();
  await app.register(cors, {
    origin: config.corsOrigins.length > 0 ? [...config.corsOrigins] : false,
    exposedHeaders: EXPOSED_HEADERS,
    strictPreflight: false,
  });

  const shared = await openSharedResponses({
    redisUrl: config.redisUrl,
    name: config.name,
    folder: path.join(import.meta.dirname, '..'),
    dependsOn: [config.environment, config.operationLimits, config.subgraphUrls],
    log,
  });
  const cache = makeResponseCache<GraphqlResponse>({
    limits: config.cacheLimits,
    freshMsOf: ({ freshMs }) => freshMs,
    bytesOf: ({ body }) => body.length,
    timeoutMs: config.timeoutMs,
    sharing: shared.responses && { responses: shared.responses, toText, fromText },
  });

  const admission = makeAdmission(config.admissionLimits);
  const chooseLane = makeLaneChoice(config.operationLimits.tokens);

  /** One deadline for the whole request, however many subgraphs it calls. */
  const execute = (request: FastifyRequest, reply: FastifyReply, key: string | null) => {
    const timeoutMs = readDeadline(request.headers[DEADLINE_HEADER]) ?? config.timeoutMs;
    const hasShortDeadline = timeoutMs < SHORT_DEADLINE_PART * config.timeoutMs;
    const lane = chooseLane(operations.textOf(request));
    const run = () =>
      admission.run(
        lane,
        () => executeGraphql({ apollo, known: answers }, request, { lane, hasShortDeadline }),
        () => Promise.reject(OVERLOAD),
      );
    return runRequest(
      reply.raw,
      Math.min(timeoutMs, config.timeoutMs),
      async () => (key === null ? { response: await run(), ageMs: 0 } : cache.respond(key, run)),
      (reason) => request.log.info({ reason }, 'request cancelled'),
    );
  };

  const measure = makeOperationMetrics(
    [...config.metricsOperations, ...manifest.map(({ name }) => name)],
    config.metricsClients,
    known,
  );
  const isRejected = rejectOverload(app, {
    route: '/graphql',
    mayBeExecuted: (request) => !isSafelist || known === null || known.has(request),
    mayShare: cache.mayShare,
    laneOf: (request) => chooseLane(operations.textOf(request)),
    admission,
    measure,
    crossOrigin,
  });

  const sendOverloaded = (request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    request.errorCode = 'UNAVAILABLE';
    request.isShed = true;
    return sendGraphql(reply, makeOverloaded(), 0);
  };

  app.decorateRequest('errorCode', null);
  app.route({
    url: '/graphql',
    method: ['GET', 'POST'],
    onRequest: disableCaching,
    preHandler: [
      async (request) => {
        const parameters = (request.method === 'GET' ? request.query : request.body) ?? {};
        const { operationName } = parameters as { readonly operationName?: unknown };
        request.logDetails = describeClient(request, known?.find(request)?.name ?? operationName);
      },
      ...(known && isSafelist ? [known.rejectOthers] : []),
      limiter.checkRequest,
    ],
    onResponse: async (request, reply) => measure(request, reply),
    handler: async (request, reply) => {
      const key = readCacheKey(request);
      const stored = key === null ? null : (cache.find(key) ?? (await cache.findShared(key)));
      if (stored) return sendGraphql(reply, stored.response, stored.ageMs);
      if (isRejected(request, key)) return sendOverloaded(request, reply);
      try {
        const { response, ageMs } = await execute(request, reply, key);
        return sendGraphql(reply, response, ageMs);
      } catch (error) {
        if (error !== OVERLOAD) throw error;
        return sendOverloaded(request, reply);
      }
    },
  });
  await servePublicContract(app);
  refuseUnknown(app, '/graphql', CONTRACT_URL);
  explorers?.serveGraphiql(app);
  app.addHook('onClose', async () => {
    await Promise.all([...[...sources.values()].map((source) => source.close()), shared.close()]);
  });
  return app;
};
