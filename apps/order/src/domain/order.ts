import type { Money } from '@cartograph/money';

/** The life of an order. */
export type OrderStatus = 'PENDING' | 'CONFIRMED' | 'CANCELLED';

/** How the payment of an order stands. */
export type PaymentStatus = 'PROCESSING' | 'SUCCEEDED' | 'FAILED' | 'REFUNDED';

/** Why an order ended. */
export type CancellationReason =
  'PAYMENT_FAILED' | 'EXPIRED' | 'CUSTOMER_REQUEST' | 'OUT_OF_STOCK' | 'ADMIN';

/** One line: name, SKU and price as they were when the order was made. */
export type OrderItem = {
  readonly productId: string;
  readonly sku: string;
  readonly name: string;
  readonly quantity: number;
  readonly unitPrice: Money;
};

/** What a customer asked for, and what became of it. */
export type Order = {
  readonly id: string;
  /** Counts orders in the sequence of their creation. */
  readonly number: number;
  readonly userId: string;
  readonly status: OrderStatus;
  readonly items: readonly OrderItem[];
  readonly total: Money;
  readonly cancellation: { readonly reason: CancellationReason; readonly at: Date } | null;
  /** Until then the stock is held and the order can be paid. */
  readonly reservedUntil: Date;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  /** How its payment stood when an attempt to pay it was answered; not kept with the order. */
  readonly paymentStatus?: PaymentStatus;
};

/** An order that has not been stored: the store gives it its number. */
export type NewOrder = Omit<Order, 'number' | 'status' | 'cancellation' | 'paymentStatus'>;
