import {
  beginTrace,
  nameRequest,
  recordRequest,
  runInTrace,
  type RequestTrace,
} from '@cartograph/telemetry';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

declare module 'fastify' {
  interface FastifyRequest {
    /** The trace that this process gave the request; null when an instrumentation does that. */
    trace: RequestTrace | null;
    /** What its route adds to the line of the request in the log. */
    logDetails: Readonly<Record<string, string>> | null;
    /**
     * Set for a response that lasts as long as its client reads it: the milliseconds until it began, which are
     * its duration in the metric. In the log it is the whole time.
     */
    answeredAfterMs: number | null;
  }
}

/**
 * Which requests get a line in the log: each, or only those that failed or took this long. The latter
 * is for calls between processes, since the process that a client called logs its request.
 */
export type RequestLog = 'ALL' | { readonly slowerThanMs: number };

/** From this HTTP status, a request has failed. */
const FAILED = 400;

/**
 * Sets the trace of each request, also for its errors, and logs and measures it when it was answered.
 * Call this before other hooks are added, so that they run in the trace.
 */
export const observeRequests = (
  app: FastifyInstance,
  sendError: (error: unknown, request: FastifyRequest, reply: FastifyReply) => unknown,
  requestLog: RequestLog,
): void => {
  const slowerThanMs = requestLog === 'ALL' ? 0 : requestLog.slowerThanMs;
  app.decorateRequest('trace', null);
  app.decorateRequest('logDetails', null);
  app.decorateRequest('answeredAfterMs', null);
  app.addHook('onRequest', (request, _reply, done) => {
    request.trace = beginTrace(request.headers);
    nameRequest(request.method, request.routeOptions.url);
    runInTrace(request.trace, done);
  });
  // The events of a body come from its connection, outside of the trace.
  app.addHook('preValidation', (request, _reply, done) => runInTrace(request.trace, done));
  app.setErrorHandler((error, request, reply) =>
    runInTrace(request.trace, () => sendError(error, request, reply)),
  );
  app.addHook('onResponse', (request, reply, done) => {
    const { method, raw } = request;
    const route = request.routeOptions.url;
    const status = reply.statusCode;
    const durationMs = reply.elapsedTime;
    const protocol = raw.httpVersion;
    const measuredMs = request.answeredAfterMs ?? durationMs;
    recordRequest({ method, url: raw.url ?? '', route, status, protocol, durationMs: measuredMs });
    if (durationMs >= slowerThanMs || status >= FAILED) {
      runInTrace(request.trace, () =>
        request.log.info(
          { method, route, status, duration_ms: Math.round(durationMs), ...request.logDetails },
          'request answered',
        ),
      );
    }
    done();
  });
};
