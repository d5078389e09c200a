import { randomUUID } from 'node:crypto';
import type { Logger } from '@cartograph/logging';
import {
  fastify,
  LogController,
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyServerOptions,
} from 'fastify';
import { makeReadinessProbe, type ReadinessChecks, type ReadinessProbe } from './readiness.ts';

/** What a process hands to the servers it makes. */
export type Infrastructure = {
  readonly log: Logger;
};

/** What a caller may name a request: anything longer or stranger would only dirty the logs. */
const REQUEST_ID = /^[\w.:-]{1,128}$/;

const CLOSE_IDLE_EVERY_MS = 50;

/** How large a request may be, where a server does not say otherwise. */
const BODY_LIMIT_BYTES = 1024 * 1024;

declare module 'fastify' {
  interface FastifyInstance {
    /** Whether the process can serve now. */
    readiness: ReadinessProbe;
  }
}

/**
 * Makes the server every process of the shop runs on: request ids, one log line a request, and
 * `/healthz` (alive; looks at nothing else) and `/readyz` (can serve now; 503 while it drains), which
 * say no more than that: details and metrics are on the private server. Nothing listens yet.
 * @param options whose `x-forwarded-for` to believe, who answers requests that have no route, and how
 * many bytes a body may have (1 MiB)
 */
export const makeHttpServer = (
  { log }: Infrastructure,
  checks: ReadinessChecks,
  options: Pick<FastifyServerOptions, 'bodyLimit' | 'frameworkErrors' | 'trustProxy'> = {},
): FastifyInstance => {
  const loggerInstance: FastifyBaseLogger = log;
  const app = fastify({
    bodyLimit: BODY_LIMIT_BYTES,
    ...options,
    loggerInstance,
    genReqId: (request) => {
      const given = request.headers['x-request-id'];
      return typeof given === 'string' && REQUEST_ID.test(given) ? given : randomUUID();
    },
    // One line a request, written below; Fastify would write two.
    logController: new LogController({
      disableRequestLogging: true,
      requestIdLogLabel: 'request_id',
    }),
    forceCloseConnections: 'idle',
    return503OnClosing: false,
    ajv: { customOptions: { removeAdditional: false, coerceTypes: false, allErrors: true } },
  });
  app.decorate('readiness', makeReadinessProbe(checks, log));
  app.addHook('preClose', async () => {
    app.readiness.drain();
    // Closing ends connections that are idle then. One whose request is still under way becomes
    // idle later, and a caller's pool would keep it, and us, for more than a minute.
    const timer = setInterval(() => app.server.closeIdleConnections(), CLOSE_IDLE_EVERY_MS);
    timer.unref();
    app.server.once('close', () => clearInterval(timer));
  });
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id);
  });
  app.addHook('onResponse', async (request, reply) => {
    request.log.info(
      {
        method: request.method,
        route: request.routeOptions.url,
        status: reply.statusCode,
        duration_ms: Math.round(reply.elapsedTime),
      },
      'request answered',
    );
  });

  app.get('/healthz', { logLevel: 'silent' }, () => ({ status: 'ok' }));
  app.get('/readyz', { logLevel: 'silent' }, async (_request, reply) => {
    const { status } = await app.readiness.check();
    return reply.code(status === 'ready' ? 200 : 503).send({ status });
  });
  return app;
};
