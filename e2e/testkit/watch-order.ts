import { EventSource } from 'eventsource';

/** The stream of an order's events, as a front end reads it. */
export type WatchedOrder = {
  /** What was received so far: `1 PENDING`. */
  readonly events: () => readonly string[];
  /** The status of each response: the client reconnects. */
  readonly statuses: () => readonly number[];
  /** Whether the client has stopped: it was told to, or refused. */
  readonly isOver: () => boolean;
  readonly close: () => void;
};

/** Watches an order by a standard client of server-sent events. */
export const watchOrder = (token: string, orderId: string): WatchedOrder => {
  const received: string[] = [];
  const statuses: number[] = [];
  const source = new EventSource(`${process.env['E2E_REST_URL']}/v1/orders/${orderId}/events`, {
    fetch: async (url, init) => {
      const headers = { ...init.headers, authorization: `Bearer ${token}` };
      const response = await fetch(url, { ...init, headers });
      statuses.push(response.status);
      return response;
    },
  });
  source.addEventListener('order_status', ({ data, lastEventId }) => {
    const { order_id, status } = JSON.parse(data as string) as Record<string, string>;
    received.push(`${lastEventId} ${status}${order_id === orderId ? '' : ` of ${order_id}`}`);
  });
  return {
    events: () => received,
    statuses: () => statuses,
    isOver: () => source.readyState === EventSource.CLOSED,
    close: () => source.close(),
  };
};
