import { DEFAULT_HTTP_LIMITS, type HttpLimits } from '@cartograph/config';
import type { Logger } from '@cartograph/logging';
import { beginTrace, runInTrace } from '@cartograph/telemetry';
import {
  fastify,
  LogController,
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  type FastifyServerOptions,
} from 'fastify';
import { chooseRequestId, REQUEST_ID_FIELD } from './choose-request-id.ts';
import { checkRequestHead } from './check-request-head.ts';
import { closeConnections } from './close-connections.ts';
import { correctHeads } from './correct-heads.ts';
import { discardBodies } from './discard-bodies.ts';
import { limitChunks } from './limit-chunks.ts';
import type { Drill } from './make-drill.ts';
import { observeRequests, type RequestLog } from './observe-requests.ts';
import { makeReadinessProbe, type ReadinessChecks, type ReadinessProbe } from './readiness.ts';
import { makeUnreadableRefusal, type ErrorFormat } from './refuse-unreadable.ts';
import { makeGraphqlErrorBody, sendGraphqlError } from './send-graphql-error.ts';

/** What a process passes to its servers. */
export type Infrastructure = {
  readonly log: Logger;
  /** Faults for drills; never in production. */
  readonly drill?: Drill;
};

/** What a drill does not touch: supervisors and load balancers still see a process that works. */
const HEALTH_CHECK = /^\/(?:healthz|readyz)(?:\?|$)/;

/** Delays requests, or closes their connections, while a drill says so. */
const addDrill = (app: FastifyInstance, { requests }: Drill): void => {
  app.addHook('onRequest', (request, _reply, done) => {
    if (!requests.isOn() || HEALTH_CHECK.test(request.url)) {
      done();
      return;
    }
    requests.apply().then(
      () => done(),
      () => request.raw.destroy(),
    );
  });
};

/** The default limit of a body. */
const BODY_LIMIT_BYTES = 1024 * 1024;

/** How a server differs from the others. */
export type HttpServerOptions = Pick<FastifyServerOptions, 'bodyLimit' | 'trustProxy'> & {
  readonly limits?: HttpLimits;
  /** Sends the error of a request that failed. The default is a GraphQL error. */
  readonly sendError?: (error: unknown, request: FastifyRequest, reply: FastifyReply) => unknown;
  /** Formats the error of a request that could not be parsed. */
  readonly formatRefusal?: ErrorFormat;
  /** Which requests get a line in the log: each by default. */
  readonly requestLog?: RequestLog;
};

const formatAsGraphql: ErrorFormat = ({ code, message }) => ({
  contentType: 'application/json; charset=utf-8',
  body: JSON.stringify(makeGraphqlErrorBody(code, message)),
});

/** Time limits are checked by a timer of the server: this often within the shortest, in milliseconds. */
const MAX_CHECK_INTERVAL_MS = 1_000;

/** The limits as options of Fastify and of Node's server inside it. */
export const limitsOptions = (limits: HttpLimits) => ({
  http: {
    headersTimeout: limits.headersTimeoutMs,
    requestTimeout: limits.requestTimeoutMs,
    connectionsCheckingInterval: Math.min(
      MAX_CHECK_INTERVAL_MS,
      Math.ceil(limits.headersTimeoutMs / 2),
    ),
    maxHeaderSize: limits.maxHeaderBytes,
    // A request without Host is rejected by checkRequestHead, with an error of this project.
    requireHostHeader: false,
  },
  requestTimeout: limits.requestTimeoutMs,
  keepAliveTimeout: limits.keepAliveMs,
  connectionTimeout: limits.idleTimeoutMs,
});

declare module 'fastify' {
  interface FastifyInstance {
    /** Whether the process can serve now. */
    readiness: ReadinessProbe;
  }
}

/**
 * Makes the public server of a process: request ids, traces, a log line per request, `/healthz` (alive; checks
 * nothing else) and `/readyz` (can serve now; 503 while it drains). Details and metrics are on the
 * private server. It does not listen yet. A request that cannot be parsed, or takes too long to arrive,
 * is rejected before any route sees it.
 * @param options whose `x-forwarded-for` to trust, the format of errors, the limit of a body (1 MiB), and
 * the other limits of a request
 */
export const makeHttpServer = (
  { log, drill }: Infrastructure,
  checks: ReadinessChecks,
  {
    limits = DEFAULT_HTTP_LIMITS,
    sendError = sendGraphqlError,
    formatRefusal = formatAsGraphql,
    requestLog = 'ALL',
    ...options
  }: HttpServerOptions = {},
): FastifyInstance => {
  const loggerInstance: FastifyBaseLogger = log;
  const app = fastify({
    bodyLimit: BODY_LIMIT_BYTES,
    ...options,
    ...limitsOptions(limits),
    clientErrorHandler: makeUnreadableRefusal(log, formatRefusal),
    // An address that can't be decoded: no hook has run.
    frameworkErrors: (error, request, reply) => {
      reply.header('x-request-id', request.id);
      runInTrace(beginTrace(request.headers), () => sendError(error, request, reply));
    },
    loggerInstance,
    genReqId: chooseRequestId,
    // One line per request, written below; Fastify would write two.
    logController: new LogController({
      disableRequestLogging: true,
      requestIdLogLabel: REQUEST_ID_FIELD,
    }),
    forceCloseConnections: 'idle',
    return503OnClosing: false,
    ajv: { customOptions: { removeAdditional: false, coerceTypes: false, allErrors: true } },
  });
  app.server.maxConnections = limits.maxConnections;
  // Node drops further headers; one more than the limit shows that there are too many.
  app.server.maxHeadersCount = limits.maxHeaders + 1;
  // RFC 9110, section 10.1.1: an expectation that is not known may be ignored.
  app.server.on('checkExpectation', (request, response) => {
    app.server.emit('request', request, response);
  });
  observeRequests(app, sendError, requestLog);
  app.decorate('readiness', makeReadinessProbe(checks, log));
  app.addHook('preClose', async () => app.readiness.drain());
  closeConnections(app);
  app.addHook('onRequest', (request, reply, done) => {
    reply.header('x-request-id', request.id);
    // Its client's next request is for another process.
    if (app.readiness.isDraining()) reply.header('connection', 'close');
    try {
      checkRequestHead(request, limits.maxHeaders);
    } catch (error) {
      done(error as Error);
      return;
    }
    done();
  });
  limitChunks(app);
  correctHeads(app);
  discardBodies(app);
  if (drill) addDrill(app, drill);

  app.get('/healthz', { logLevel: 'silent' }, () => ({ status: 'ok' }));
  app.get('/readyz', { logLevel: 'silent' }, async (_request, reply) => {
    const { status } = await app.readiness.check();
    return reply.code(status === 'ready' ? 200 : 503).send({ status });
  });
  return app;
};
