import type { CancellationReason, OrderStatus } from './order.ts';

/** Where an order goes, and why if it ends. */
export type Destination =
  | { readonly status: 'CONFIRMED' }
  | { readonly status: 'CANCELLED'; readonly reason: CancellationReason };

/** One way on; without `reasons` there is nothing to give a reason for. */
type Transition = {
  readonly to: OrderStatus;
  readonly reasons?: readonly CancellationReason[];
};

/** Where an order may go from where. What is not here does not happen. */
export const TRANSITIONS: Readonly<Record<OrderStatus, readonly Transition[]>> = {
  PENDING: [
    { to: 'CONFIRMED' },
    { to: 'CANCELLED', reasons: ['PAYMENT_FAILED', 'EXPIRED', 'CUSTOMER_REQUEST', 'ADMIN'] },
  ],
  // Paid when its stock had been sold to others: it can't be kept, and the money goes back.
  CONFIRMED: [{ to: 'CANCELLED', reasons: ['OUT_OF_STOCK'] }],
  CANCELLED: [],
};

const leadsTo = ({ to, reasons }: Transition, destination: Destination): boolean =>
  to === destination.status &&
  (destination.status !== 'CANCELLED' || (reasons ?? []).includes(destination.reason));

/** The statuses from which an order may go there. */
export const statusesBefore = (destination: Destination): readonly OrderStatus[] =>
  (Object.keys(TRANSITIONS) as OrderStatus[]).filter((from) =>
    TRANSITIONS[from].some((transition) => leadsTo(transition, destination)),
  );

/** The statuses to which an administrator may take an order. */
export const statusesForAdmin = (from: OrderStatus): readonly OrderStatus[] =>
  TRANSITIONS[from]
    .filter(({ reasons }) => reasons === undefined || reasons.includes('ADMIN'))
    .map(({ to }) => to);
