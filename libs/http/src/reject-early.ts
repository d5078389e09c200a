import { AsyncResource } from 'node:async_hooks';
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { beginTrace, runInTrace, type RequestTrace } from '@cartograph/telemetry';
import type { FastifyInstance } from 'fastify';
import { chooseRequestId, REQUEST_ID_FIELD } from './choose-request-id.ts';

/** A larger body is left to the app. A page of REST is 1,000 bytes. */
const MAX_BODY_BYTES = 16_384;

const JSON_TYPE = /^application\/json(?:;\s*charset=utf-8)?$/i;

/** A POST of JSON, which no hook has seen. */
export type EarlyRequest = {
  readonly method: 'POST';
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly bodyText: string;
  readonly body: unknown;
};

/** What is sent to a request that is rejected. */
export type Rejection = {
  readonly status: number;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: string | Buffer;
  /** What it adds to the line of the request in the log. */
  readonly details: Readonly<Record<string, string>>;
};

const parseBody = (text: string): { readonly body: unknown } | null => {
  try {
    return { body: JSON.parse(text) as unknown };
  } catch {
    return null;
  }
};

const readLength = ({ headers }: IncomingMessage): number =>
  Number(headers['content-length'] ?? Infinity);

const mayBeRejected = (raw: IncomingMessage): boolean => {
  const { method, headers } = raw;
  return (
    method === 'POST' &&
    JSON_TYPE.test(headers['content-type'] ?? '') &&
    headers['transfer-encoding'] === undefined &&
    headers.expect === undefined &&
    readLength(raw) > 0 &&
    readLength(raw) <= MAX_BODY_BYTES
  );
};

type Arrival = {
  readonly raw: IncomingMessage;
  readonly response: ServerResponse;
  readonly trace: RequestTrace | null;
  /** Of this process's clock, in milliseconds. */
  readonly startedAt: number;
};

/**
 * Rejects small POSTs of JSON before the app's hooks run, while `isOn` returns true: such a rejection costs a third of
 * one by a handler. All other requests go to the app, with their body unread. A request whose body is not complete when
 * its first bytes are readable goes to the app, too.
 * @param options.isOn whether requests may be rejected now
 * @param options.reject the response to a request of the route, made in its trace; null to leave it to the app
 * @param options.onRejection called for each, with the milliseconds since the head arrived
 */
export const rejectEarly = (
  app: FastifyInstance,
  options: {
    readonly route: string;
    readonly isOn: () => boolean;
    readonly reject: (request: EarlyRequest) => Rejection | null;
    readonly onRejection: (request: EarlyRequest, status: number, durationMs: number) => void;
  },
): void => {
  const { server, readiness } = app;

  /** An error here would end the process: the app meets it again, where it becomes a response. */
  const findRejection = (trace: RequestTrace | null, early: EarlyRequest): Rejection | null => {
    try {
      return runInTrace(trace, () => options.reject(early));
    } catch (error) {
      app.log.error({ err: error }, 'request could not be rejected early');
      return null;
    }
  };

  /** @returns whether it was rejected */
  const send = ({ raw, response, trace, startedAt }: Arrival, early: EarlyRequest): boolean => {
    const rejection = findRejection(trace, early);
    if (!rejection) return false;
    const { status, headers, body, details } = rejection;
    const id = chooseRequestId(raw);
    for (const [name, value] of headers) response.appendHeader(name, value);
    response.setHeader('x-request-id', id);
    response.setHeader('content-length', Buffer.byteLength(body));
    response.writeHead(status).end(body);
    const durationMs = performance.now() - startedAt;
    const log = () => app.log.child({ [REQUEST_ID_FIELD]: id });
    const { route } = options;
    app.reportRequest({ log, trace, raw, route, status, durationMs, details, isShed: true });
    options.onRejection(early, status, durationMs);
    return true;
  };

  /** @returns whether the request was rejected; its body is unread if not */
  const tryToReject = (arrival: Arrival): boolean => {
    const { raw, response } = arrival;
    const isWhole = raw.readableLength === readLength(raw);
    if (!isWhole || response.destroyed || !options.isOn()) return false;
    const bytes = raw.read() as Buffer;
    const bodyText = bytes.toString();
    const parsed = parseBody(bodyText);
    const { url = '', headers } = raw;
    const isRejected =
      parsed !== null && send(arrival, { method: 'POST', url, headers, bodyText, ...parsed });
    if (!isRejected) raw.unshift(bytes);
    return isRejected;
  };

  server.removeAllListeners('request');
  server.on('request', (raw: IncomingMessage, response: ServerResponse) => {
    const isLookedAt =
      options.isOn() && raw.url === options.route && mayBeRejected(raw) && !readiness.isDraining();
    if (!isLookedAt) {
      app.routing(raw, response);
      return;
    }
    const startedAt = performance.now();
    const trace = beginTrace(raw.headers);
    const decide = (): void => {
      if (!tryToReject({ raw, response, trace, startedAt })) app.routing(raw, response);
    };
    // Events of a body come from its connection, outside of the span of an instrumentation.
    raw.once('readable', trace ? decide : AsyncResource.bind(decide));
  });
};
