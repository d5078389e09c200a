import type { OrderStatus } from './order.ts';

/** Where an order may go from where. What is not here does not happen. */
export const TRANSITIONS = {
  PENDING: ['CONFIRMED', 'CANCELLED'],
  CONFIRMED: [],
  CANCELLED: [],
} as const satisfies Record<OrderStatus, readonly OrderStatus[]>;

/** The statuses from which an order may go to `to`. */
export const statusesBefore = (to: OrderStatus): readonly OrderStatus[] =>
  (Object.keys(TRANSITIONS) as OrderStatus[]).filter((from) =>
    (TRANSITIONS[from] as readonly OrderStatus[]).includes(to),
  );
