import type { Money } from '@cartograph/money';

export type OrderStatus = 'PENDING' | 'CONFIRMED' | 'CANCELLED';

export type PaymentStatus = 'PROCESSING' | 'SUCCEEDED' | 'FAILED' | 'REFUNDED';

/** Why an order was cancelled. */
export type CancellationReason =
  'PAYMENT_FAILED' | 'EXPIRED' | 'CUSTOMER_REQUEST' | 'OUT_OF_STOCK' | 'ADMIN';

/** One line, with name, SKU and price as they were when the order was made. */
export type OrderItem = {
  readonly productId: string;
  readonly sku: string;
  readonly name: string;
  readonly quantity: number;
  readonly unitPrice: Money;
};

export type Order = {
  readonly id: string;
  /** Grows by one with each order. */
  readonly number: number;
  readonly userId: string;
  readonly status: OrderStatus;
  readonly items: readonly OrderItem[];
  readonly total: Money;
  readonly cancellation: { readonly reason: CancellationReason; readonly at: Date } | null;
  /** Until then the stock is reserved and the order can be paid. */
  readonly reservedUntil: Date;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  /** False for an order that is known to have no address, so that none is read for it. */
  readonly hasAddress?: boolean;
  /** The status of its payment in a response of payOrder; not stored with the order. */
  readonly paymentStatus?: PaymentStatus;
  /** The id of that payment; responses that an earlier release stored have none. */
  readonly paymentId?: string;
};

/** An order that is not stored yet: the store assigns its number. */
export type NewOrder = Omit<
  Order,
  'number' | 'status' | 'cancellation' | 'hasAddress' | 'paymentStatus' | 'paymentId'
>;

/** The next status of an order, with the reason of a cancellation. */
export type Destination =
  | { readonly status: 'CONFIRMED' }
  | { readonly status: 'CANCELLED'; readonly reason: CancellationReason };

/** One transition; only a cancellation has reasons. */
type Transition = {
  readonly to: OrderStatus;
  readonly reasons?: readonly CancellationReason[];
};

/** All transitions that are allowed. */
export const TRANSITIONS: Readonly<Record<OrderStatus, readonly Transition[]>> = {
  PENDING: [
    { to: 'CONFIRMED' },
    { to: 'CANCELLED', reasons: ['PAYMENT_FAILED', 'EXPIRED', 'CUSTOMER_REQUEST', 'ADMIN'] },
  ],
  // It was paid after its stock had been sold to others: the order is cancelled and refunded.
  CONFIRMED: [{ to: 'CANCELLED', reasons: ['OUT_OF_STOCK'] }],
  CANCELLED: [],
};

const leadsTo = ({ to, reasons }: Transition, destination: Destination): boolean =>
  to === destination.status &&
  (destination.status !== 'CANCELLED' || (reasons ?? []).includes(destination.reason));

/** The statuses from which an order may move to this destination. */
export const statusesBefore = (destination: Destination): readonly OrderStatus[] =>
  (Object.keys(TRANSITIONS) as OrderStatus[]).filter((from) =>
    TRANSITIONS[from].some((transition) => leadsTo(transition, destination)),
  );

/** Whether its customer can pay an order: it is pending, and its stock is still reserved. */
export const canPay = ({ status, reservedUntil }: Order, now: Date): boolean =>
  status === 'PENDING' && reservedUntil > now;

/** Whether its customer, or an administrator, can cancel an order. */
export const canCancel = ({ status }: Order): boolean =>
  statusesBefore({ status: 'CANCELLED', reason: 'CUSTOMER_REQUEST' }).includes(status);

/** The statuses to which an administrator may move an order. */
export const statusesForAdmin = (from: OrderStatus): readonly OrderStatus[] =>
  TRANSITIONS[from]
    .filter(({ reasons }) => reasons === undefined || reasons.includes('ADMIN'))
    .map(({ to }) => to);
