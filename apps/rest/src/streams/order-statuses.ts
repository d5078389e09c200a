import type { WatchOrderQuery } from '../generated/operations.ts';

/** A line of an order's history, as far as its status follows from it. */
export type HistoryLine = NonNullable<WatchOrderQuery['order']>['history'][number];

/** A status that an order has had. */
export type OrderStatusChange = {
  /**
   * Its number among the statuses of the order, from 1. It is the same in every process and after any
   * restart: lines of a history are only appended, and an order never returns to a status.
   */
  readonly number: number;
  readonly status: HistoryLine['toStatus'];
  readonly at: string;
  readonly reason: string | null;
};

/** The statuses of an order, oldest first. */
export const listStatuses = (history: readonly HistoryLine[]): readonly OrderStatusChange[] =>
  history
    .filter(({ fromStatus, toStatus }) => fromStatus !== toStatus)
    .map(({ toStatus, at, reason }, index) => ({
      number: index + 1,
      status: toStatus,
      at,
      reason,
    }));

/**
 * How long after its confirmation an order is final, also when its history does not say that its stock
 * is sold: histories of old orders do not.
 */
const STOCK_SETTLES_WITHIN_MS = 60 * 60_000;

/**
 * Whether an order has its last status. A confirmed order has not until its stock is sold: it is cancelled
 * when the stock was sold to others.
 */
export const isFinal = (history: readonly HistoryLine[], now: number): boolean => {
  const last = listStatuses(history).at(-1);
  if (last?.status !== 'CONFIRMED') return last?.status === 'CANCELLED';
  const isSettled = history.some(({ type }) => type === 'STOCK_SETTLED');
  return isSettled || now - Date.parse(last.at) > STOCK_SETTLES_WITHIN_MS;
};
