import path from 'node:path';
import cors from '@fastify/cors';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import { allowOrigin, makeHttpServer, type Infrastructure } from '@cartograph/http';
import { runRequest } from '@cartograph/resilience';
import { openSharedResponses } from '@cartograph/response-cache';
import type { FastifyInstance } from 'fastify';
import { disableCaching } from './http/caching.ts';
import type { Config } from './config.ts';
import { compressResponses } from './http/compress-responses.ts';
import { describeApi } from './http/describe-api.ts';
import { makeGraphClient } from './graph/make-graph-client.ts';
import { acceptJson } from './http/accept-json.ts';
import { EXPOSED_HEADERS } from './http/exposed-headers.ts';
import { makeValidator } from './input/make-validator.ts';
import { makePublicPages } from './http/public-pages.ts';
import { refuseOtherMethods } from './http/refuse-other-methods.ts';
import { formatUnreadable, sendNotFound, sendProblem } from './http/send-problems.ts';
import { authRoutes } from './routes/auth.ts';
import { catalogueRoutes } from './routes/catalogue.ts';
import { orderChangeRoutes } from './routes/order-changes.ts';
import { orderEventRoutes } from './routes/order-events.ts';
import { orderPreviewRoutes } from './routes/order-preview.ts';
import { orderRecordRoutes } from './routes/order-records.ts';
import { orderRoutes } from './routes/orders.ts';
import { paymentRoutes } from './routes/payments.ts';
import { problemPageRoutes } from './routes/problem-pages.ts';
import { productRoutes } from './routes/products.ts';
import { productStateRoutes } from './routes/product-states.ts';
import { sessionRoutes } from './routes/sessions.ts';
import { userRoutes } from './routes/users.ts';
import { webhookRoutes } from './routes/webhooks.ts';
import { makeStreamPlaces } from './streams/make-stream-places.ts';

/**
 * Half of the router's limit: a request to the graph is larger than its body, by less than half. A
 * body that is too large is refused here; a refusal by the router would be UNAVAILABLE.
 */
const BODY_LIMIT_BYTES = 512 * 1024;

/** For how long a browser may remember that an origin may call: Firefox's and Chrome's limits are longer. */
const PREFLIGHT_SECONDS = 600;

/** Makes the server of the REST API. It does not listen yet. */
export const makeServer = async ({
  config,
  ...infrastructure
}: Infrastructure & { readonly config: Config }): Promise<FastifyInstance> => {
  const graph = makeGraphClient(config);
  const shared = await openSharedResponses({
    redisUrl: config.redisUrl,
    name: config.name,
    folder: path.join(import.meta.dirname, '..'),
    dependsOn: [config.environment, config.routerUrl],
    log: infrastructure.log,
  });
  const pages = makePublicPages(config.cacheLimits, config.routerTimeoutMs, shared.responses);
  const places = makeStreamPlaces(config.streamLimits);
  const app = makeHttpServer(
    infrastructure,
    { router: graph.checkReady },
    {
      bodyLimit: BODY_LIMIT_BYTES,
      limits: config.httpLimits,
      sendError: (error, request, reply) => {
        allowOrigin(
          { origins: config.corsOrigins, exposedHeaders: EXPOSED_HEADERS },
          request,
          reply,
        );
        return sendProblem(error, request, reply);
      },
      formatRefusal: formatUnreadable,
      trustProxy: config.trustedProxies,
    },
  );
  disableCaching(app);
  compressResponses(app);
  // Cancels requests to the graph when the client disconnects.
  app.addHook('preHandler', (request, reply, done) =>
    runRequest(reply.raw, null, done, (reason) =>
      request.log.info({ reason }, 'request cancelled'),
    ),
  );
  app.setValidatorCompiler(makeValidator);
  // Views have the types of their schemas, so that no field must be filtered out.
  app.setSerializerCompiler(() => JSON.stringify);
  const refuseMethods = refuseOtherMethods(app);
  await app.register(cors, {
    origin: config.corsOrigins.length > 0 ? [...config.corsOrigins] : false,
    methods: ['GET', 'HEAD', 'POST', 'PATCH', 'DELETE'],
    exposedHeaders: EXPOSED_HEADERS,
    maxAge: PREFLIGHT_SECONDS,
    strictPreflight: false,
  });
  sendNotFound(app);
  acceptJson(app);
  await describeApi(app, config.environment === 'development');
  problemPageRoutes(app);

  const typed = app.withTypeProvider<TypeBoxTypeProvider>();
  authRoutes(typed, graph);
  sessionRoutes(typed, graph);
  catalogueRoutes(typed, graph, pages);
  productRoutes(typed, graph);
  productStateRoutes(typed, graph);
  orderRoutes(typed, graph);
  orderPreviewRoutes(typed, graph);
  orderChangeRoutes(typed, graph);
  orderRecordRoutes(typed, graph);
  orderEventRoutes(typed, graph, places, config.streamLimits);
  paymentRoutes(typed, graph);
  userRoutes(typed, graph);
  await typed.register(async (scope) => webhookRoutes(scope, graph));
  refuseMethods();
  // A stream would delay the end of this process: its client continues it elsewhere.
  app.addHook('preClose', async () => places.close());
  app.addHook('onClose', graph.close);
  app.addHook('onClose', shared.close);
  return app;
};
