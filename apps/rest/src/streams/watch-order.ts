import { setTimeout as sleep } from 'node:timers/promises';
import { ShopError, type ErrorCode } from '@cartograph/errors';
import { runWithin } from '@cartograph/resilience';
import { runLinked, sampledTraceparent } from '@cartograph/telemetry';
import { ProblemError } from '../problems/problem-error.ts';
import { viewOrderStatus } from '../views/order-status.ts';
import type { EventStream } from './make-event-stream.ts';
import { isFinal, listStatuses, type HistoryLine } from './order-statuses.ts';

const RETRYABLE: ReadonlySet<ErrorCode> = new Set(['GATEWAY_TIMEOUT', 'UNAVAILABLE']);

/** What the graph could not be asked now is asked again; any other error is also that of a new request. */
const isRetryable = (error: unknown): boolean =>
  error instanceof ShopError && RETRYABLE.has(error.code);

/**
 * Sends each status of an order to a stream until the order has its last one, or the stream ends. Each read is
 * a request of the client: when the graph refuses its token, or does not find the order any more, the
 * stream ends, and the client gets the problem when it reconnects.
 * @param options.history as it is now
 * @param options.after the number of the last status that the client has; 0 for none
 * @param options.readHistory null when there is no such order
 * @throws what is neither an error of the graph nor the end of the stream
 */
export const watchOrder = async ({
  stream,
  orderId,
  history: firstHistory,
  after,
  pollMs,
  readHistory,
}: {
  readonly stream: EventStream;
  readonly orderId: string;
  readonly history: readonly HistoryLine[];
  readonly after: number;
  readonly pollMs: number;
  readonly readHistory: () => Promise<readonly HistoryLine[] | null>;
}): Promise<void> => {
  // A stream lasts for minutes: its reads would make one endless trace.
  const cause = sampledTraceparent();
  let sent = after;

  const sendNew = (history: readonly HistoryLine[]): void => {
    for (const change of listStatuses(history).filter(({ number }) => number > sent)) {
      const data = viewOrderStatus(orderId, change);
      stream.send({ id: String(change.number), event: 'order_status', data });
      sent = change.number;
    }
    if (isFinal(history, Date.now())) stream.end('FINAL');
  };

  const poll = async (): Promise<void> => {
    try {
      const history = await runWithin({ deadline: null, signal: stream.signal }, () =>
        runLinked('watch order', {}, [cause], readHistory),
      );
      if (history) sendNew(history);
      else stream.end('REFUSED');
    } catch (error) {
      if (stream.signal.aborted || isRetryable(error)) return;
      const isOfGraph = error instanceof ShopError || error instanceof ProblemError;
      stream.end(isOfGraph ? 'REFUSED' : 'FAILED');
      if (!isOfGraph) throw error;
    }
  };

  sendNew(firstHistory);
  while (!stream.signal.aborted) {
    await sleep(pollMs, undefined, { signal: stream.signal }).catch(() => {});
    if (!stream.signal.aborted) await poll();
  }
};
