import type { FastifyReply, FastifyRequest } from 'fastify';
import { WatchOrderDocument } from '../generated/operations.ts';
import type { GraphClient } from '../graph/make-graph-client.ts';
import { type RestApp, signedIn } from '../http/describe-api.ts';
import { idParams, readPathId, reference } from '../input/fields.ts';
import { lastEventIdHeaders, readLastEventId } from '../input/last-event-id.ts';
import {
  answerEvents,
  EVENT_STREAM,
  inputProblems,
  noBody,
  problems,
} from '../openapi/responses.ts';
import { ProblemError } from '../problems/problem-error.ts';
import {
  makeEventStream,
  type EventStream,
  type StreamEnd,
  type StreamEnded,
} from '../streams/make-event-stream.ts';
import type { StreamPlaces } from '../streams/make-stream-places.ts';
import { isFinal, listStatuses } from '../streams/order-statuses.ts';
import type { StreamLimits } from '../streams/stream-limits.ts';
import { watchOrder } from '../streams/watch-order.ts';
import { orderStatusChangeSchema } from '../views/order-status.ts';

/** Has the stream measured by when it began, and logged with why it ended. */
const describeStream = (
  request: FastifyRequest,
  reply: FastifyReply,
  { signal }: EventStream,
): void => {
  request.answeredAfterMs = reply.elapsedTime;
  const describe = (reason: StreamEnd): void => {
    request.logDetails = { stream_end: reason };
  };
  const describeEnd = (): void => describe((signal.reason as StreamEnded).reason);
  describe('DISCONNECTED');
  if (signal.aborted) describeEnd();
  else signal.addEventListener('abort', describeEnd, { once: true });
};

/** Server-sent events of an order. */
export const orderEventRoutes = (
  app: RestApp,
  graph: GraphClient,
  places: StreamPlaces,
  limits: StreamLimits,
): void => {
  /** The account of the request, and the history of the order. */
  const findOrder = async (request: FastifyRequest, id: string) => {
    const variables = { id, withAccount: true };
    const found = await graph.execute(request, WatchOrderDocument, variables, ({ me, order }) =>
      // One without the other is an error, which is thrown.
      me && order ? { account: me.id, history: order.history } : null,
    );
    if (!found) throw new ProblemError('ORDER_NOT_FOUND');
    return found;
  };

  /** @returns null when there is no such order */
  const findHistory = (request: FastifyRequest, id: string) =>
    graph.execute(
      request,
      WatchOrderDocument,
      { id, withAccount: false },
      ({ order }) => order && order.history,
    );

  app.get(
    '/v1/orders/:id/events',
    {
      schema: {
        operationId: 'watchOrder',
        summary: 'Watch the status of an order, as server-sent events',
        description:
          'Sends the statuses that the order has had, and each further one when it changes. The response ends ' +
          'after the last status, and may end before it: reconnect with Last-Event-ID, until it is 204.',
        tags: ['orders'],
        security: signedIn,
        params: idParams,
        headers: lastEventIdHeaders,
        response: {
          200: answerEvents('order_status', reference(orderStatusChangeSchema), {
            description: 'The statuses of the order.',
            headers: ['Cache-Control', 'X-Accel-Buffering'],
          }),
          204: noBody('The client has the last status: no event will follow. Do not reconnect.'),
          ...problems('NOT_FOUND', 'ORDER_NOT_FOUND', ...inputProblems),
        },
      },
    },
    async (request, reply) => {
      const orderId = readPathId(request.params);
      const after = readLastEventId(request.headers);
      const { history, isOver, stream } = await places.use(async (open) => {
        const { account, history } = await findOrder(request, orderId);
        const isOver = isFinal(history, Date.now()) && after >= listStatuses(history).length;
        const mustOpen = !isOver && request.method === 'GET';
        const makeStream = () => makeEventStream(limits, reply.raw);
        return { history, isOver, stream: mustOpen ? open(account, makeStream) : null };
      });
      if (isOver) return reply.code(204).send(null);
      reply.type(EVENT_STREAM).header('x-accel-buffering', 'no');
      // HEAD: `null` would not fit the media type.
      if (!stream) return reply.send(undefined);

      const { pollMs } = limits;
      const readHistory = () => findHistory(request, orderId);
      watchOrder({ stream, orderId, history, after, pollMs, readHistory }).catch((error: unknown) =>
        request.log.error({ err: error }, 'event stream failed'),
      );
      describeStream(request, reply, stream);
      return reply.send(stream.body);
    },
  );
};
