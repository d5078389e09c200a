import cors from '@fastify/cors';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import { makeHttpServer, type Infrastructure } from '@cartograph/http';
import { runRequest } from '@cartograph/resilience';
import type { FastifyInstance } from 'fastify';
import { keepNothing } from './caching.ts';
import type { Config } from './config.ts';
import { describeApi } from './describe-api.ts';
import { makeGraphClient } from './graph/make-graph-client.ts';
import { acceptJson } from './input/accept-json.ts';
import { makeValidator } from './input/make-validator.ts';
import { refuseOtherMethods } from './problems/refuse-other-methods.ts';
import { formatUnreadable, sendNotFound, sendProblem } from './problems/send-problems.ts';
import { authRoutes } from './routes/auth.ts';
import { catalogueRoutes } from './routes/catalogue.ts';
import { orderChangeRoutes } from './routes/order-changes.ts';
import { orderRoutes } from './routes/orders.ts';
import { paymentRoutes } from './routes/payments.ts';
import { productRoutes } from './routes/products.ts';
import { sessionRoutes } from './routes/sessions.ts';
import { webhookRoutes } from './routes/webhooks.ts';

/**
 * Half of what the router takes. A body grows when it is mapped onto the graph, by less than half;
 * one that is too large must be refused here, not by the router as if a part of the shop were away.
 */
const BODY_LIMIT_BYTES = 512 * 1024;

/** Wires the REST door. Nothing listens yet. */
export const makeServer = async ({
  config,
  ...infrastructure
}: Infrastructure & { readonly config: Config }): Promise<FastifyInstance> => {
  const graph = makeGraphClient(config);
  const app = makeHttpServer(
    infrastructure,
    { router: graph.checkReady },
    {
      bodyLimit: BODY_LIMIT_BYTES,
      limits: config.httpLimits,
      sendError: sendProblem,
      formatRefusal: formatUnreadable,
      trustProxy: config.trustedProxies,
    },
  );
  keepNothing(app);
  // What a client waits for no longer is not asked of the graph any more.
  app.addHook('preHandler', (request, reply, done) =>
    runRequest(reply.raw, null, done, (reason) =>
      request.log.info({ reason }, 'request cancelled'),
    ),
  );
  app.setValidatorCompiler(makeValidator);
  // Views are typed by the schemas that describe them; nothing is left to be filtered out.
  app.setSerializerCompiler(() => JSON.stringify);
  await app.register(cors, {
    origin: config.corsOrigins.length > 0 ? [...config.corsOrigins] : false,
    methods: ['GET', 'HEAD', 'POST', 'PATCH', 'DELETE'],
    exposedHeaders: ['Allow', 'ETag', 'Location', 'Retry-After', 'X-Request-Id'],
    strictPreflight: false,
  });
  sendNotFound(app);
  acceptJson(app);
  const refuseTheRest = refuseOtherMethods(app);
  await describeApi(app);

  const typed = app.withTypeProvider<TypeBoxTypeProvider>();
  authRoutes(typed, graph);
  sessionRoutes(typed, graph);
  catalogueRoutes(typed, graph);
  productRoutes(typed, graph);
  orderRoutes(typed, graph);
  orderChangeRoutes(typed, graph);
  paymentRoutes(typed, graph);
  await typed.register(async (scope) => webhookRoutes(scope, graph));
  refuseTheRest();
  app.addHook('onClose', graph.close);
  return app;
};
