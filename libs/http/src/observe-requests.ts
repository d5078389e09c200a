import type { IncomingMessage } from 'node:http';
import {
  beginTrace,
  nameRequest,
  recordRequest,
  runInTrace,
  type RequestTrace,
} from '@cartograph/telemetry';
import type { FastifyBaseLogger, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { limitLines } from './limit-lines.ts';

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
    /** Set for a request that was rejected for overload: of many in a second, most get no line in the log. */
    isShed: boolean;
  }

  interface FastifyInstance {
    /** Logs and measures a request that no hook has seen. */
    reportRequest: (answered: AnsweredRequest) => void;
  }
}

/** What the log and the metrics say of a request. */
export type AnsweredRequest = {
  /** Its logger, with its id. */
  readonly log: () => FastifyBaseLogger;
  readonly trace: RequestTrace | null;
  readonly raw: IncomingMessage;
  readonly route: string | undefined;
  readonly status: number;
  readonly durationMs: number;
  /** In the metric, in place of `durationMs`. */
  readonly measuredMs?: number | null;
  readonly details: Readonly<Record<string, string>> | null;
  readonly isShed: boolean;
};

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
  const shedLines = limitLines();
  const slowerThanMs = requestLog === 'ALL' ? 0 : requestLog.slowerThanMs;
  const report = (answered: AnsweredRequest): void => {
    const { trace, raw, route, status, durationMs } = answered;
    const { method = '', url = '', httpVersion: protocol } = raw;
    const measuredMs = answered.measuredMs ?? durationMs;
    recordRequest({ method, url, route, status, protocol, durationMs: measuredMs });
    if (durationMs < slowerThanMs && status < FAILED) return;
    const leftOut = answered.isShed ? shedLines.take() : 0;
    if (leftOut === null) return;
    const fields = { method, route, status, duration_ms: Math.round(durationMs) };
    const more = { ...answered.details, ...(leftOut > 0 && { left_out: leftOut }) };
    runInTrace(trace, () => answered.log().info({ ...fields, ...more }, 'request answered'));
  };

  app.decorate('reportRequest', report);
  app.decorateRequest('trace', null);
  app.decorateRequest('logDetails', null);
  app.decorateRequest('answeredAfterMs', null);
  app.decorateRequest('isShed', false);
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
    report({
      log: () => request.log,
      trace: request.trace,
      raw: request.raw,
      route: request.routeOptions.url,
      status: reply.statusCode,
      durationMs: reply.elapsedTime,
      measuredMs: request.answeredAfterMs,
      details: request.logDetails,
      isShed: request.isShed,
    });
    done();
  });
};
