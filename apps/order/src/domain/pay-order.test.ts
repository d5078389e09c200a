import { randomUUID } from 'node:crypto';
import type { Idempotency } from '@cartograph/idempotency';
import { describe, expect, it } from 'vitest';
import type { OrderCompletion } from './complete-order.ts';
import type { OrderStore } from './order-store.ts';
import type { Order } from './order.ts';
import { makePayOrder } from './pay-order.ts';
import type { IdentifiedOutcome, PaymentClient } from './payment-client.ts';

const order = { id: randomUUID(), userId: 'ada', status: 'PENDING', cancellation: null } as Order;

const idempotency = {
  once: (_key: unknown, work: (id: string, isNew: boolean, slot: null) => unknown) =>
    work(order.id, true, null),
} as Partial<Idempotency> as Idempotency;

describe('payOrder', () => {
  it('charges nothing once a pending payment no longer keeps the order', async () => {
    const charged: unknown[] = [];
    const reservedUntil = new Date();
    const payOrder = makePayOrder({
      store: {
        startPayment: async () => ({ ...order, reservedUntil }),
      } as Partial<OrderStore> as OrderStore,
      payments: {
        charge: async (charge) => {
          charged.push(charge);
          return { kind: 'problem', code: 'VALIDATION_FAILED' };
        },
      } as Partial<PaymentClient> as PaymentClient,
      completion: {} as OrderCompletion,
      idempotency,
    });
    await payOrder(order.userId, { orderId: order.id });
    expect(charged).toMatchObject([
      { chargeUntil: new Date(reservedUntil.getTime() + 8 * 60_000) },
    ]);
  });
});

/** Pays a pending order after its time to pay, while its payment is as `outcome` says. */
const payLate = (outcome: IdentifiedOutcome | null) => {
  const payOrder = makePayOrder({
    store: {
      startPayment: async () => null,
      findOrders: async () => [order],
    } as Partial<OrderStore> as OrderStore,
    payments: { findOutcome: async () => outcome } as Partial<PaymentClient> as PaymentClient,
    completion: { resolve: async () => order } as Partial<OrderCompletion> as OrderCompletion,
    idempotency,
  });
  return payOrder(order.userId, { orderId: order.id });
};

describe('payOrder after the time to pay, while the order is pending,', () => {
  it('returns the order with its pending payment, which may still confirm it', async () => {
    expect(await payLate({ paymentId: 'p1', status: 'PROCESSING' })).toEqual({
      ...order,
      paymentStatus: 'PROCESSING',
      paymentId: 'p1',
    });
  });

  it('says that the time is over when there is no payment', async () => {
    expect(await payLate(null)).toMatchObject({
      code: 'ORDER_NOT_PENDING',
      message: 'The time to pay the order is over.',
    });
  });
});
