import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '@cartograph/testing';
import { openOrder, type Shop } from './open-order.ts';

let shop: Shop;

beforeAll(async () => {
  shop = await openOrder();
});

afterAll(() => shop.close());

const reservationOf = (orderId: string) => shop.services.reservations.get(orderId)?.status;

/** Ends the time to pay so long ago that the order has expired. */
const expire = (orderId: string) =>
  shop.database.query(
    "UPDATE orders SET reserved_until = now() - interval '31 seconds' WHERE id = $1",
    [orderId],
  );

/** Seconds until an order is due. */
const secondsToNextStep = async (orderId: string) => {
  const [order] = await shop.database.query<{ seconds: number | null }>(
    'SELECT extract(epoch FROM due_at - now())::float AS seconds FROM orders WHERE id = $1',
    [orderId],
  );
  return order?.seconds;
};

/** Processes all orders with work to do, again until `check` passes. */
const workUntil = (check: () => unknown) =>
  eventually(async () => {
    await shop.makeOrdersDue();
    await check();
  }, 40_000);

describe('a charge that stalled before it reached the payment service', () => {
  /** Starts a payment whose request is given up by its customer, and is still on its way. */
  const stall = async (input: { paymentMethod?: string } = {}) => {
    const ada = shop.signIn();
    const { id } = await ada.createAny();
    const unblock = shop.services.block('CreatePaymentIntent');
    const paying = ada.pay(id, input);
    await eventually(() => expect(shop.services.isBlocked()).toBe(true));
    return { ada, id, unblock, paying };
  };

  it('charges nothing after the order has expired without a payment', async () => {
    const { ada, id, unblock, paying } = await stall();
    await expire(id);
    await workUntil(async () =>
      expect(await ada.find(id)).toMatchObject({ cancellation: { reason: 'EXPIRED' } }),
    );
    unblock();
    expect(await paying).toMatchObject({
      code: 'ORDER_NOT_PENDING',
      order: { status: 'CANCELLED', cancellation: { reason: 'EXPIRED' } },
    });
    expect(shop.services.payments.get(`${id}:1`)?.failure).toEqual({ code: 'not_started' });
    await eventually(() => expect(reservationOf(id)).toBe('RELEASED'));
  });

  it('charges nothing after its cancelled order was checked', async () => {
    const { ada, id, unblock, paying } = await stall();
    await ada.cancel(id);
    await workUntil(() =>
      expect(shop.services.payments.get(`${id}:1`)?.failure).toEqual({ code: 'not_started' }),
    );
    unblock();
    expect(await paying).toMatchObject({
      code: 'ORDER_NOT_PENDING',
      order: { cancellation: { reason: 'CUSTOMER_REQUEST' } },
    });
    await workUntil(async () => expect(await secondsToNextStep(id)).toBeNull());
  });

  it('is answered with the order as it is then, also while the payment is pending', async () => {
    const { ada, id, unblock, paying } = await stall({ paymentMethod: 'sim_pending' });
    await ada.cancel(id);
    unblock();
    expect(await paying).toMatchObject({
      code: 'ORDER_NOT_PENDING',
      order: { status: 'CANCELLED', cancellation: { reason: 'CUSTOMER_REQUEST' } },
    });
  });

  it('is polled while it may still arrive', async () => {
    const { ada, id, unblock, paying } = await stall();
    const calls = shop.services.countCalls('PaymentStatus');
    await workUntil(() =>
      expect(shop.services.countCalls('PaymentStatus')).toBeGreaterThan(calls + 1),
    );
    await eventually(async () => expect(await secondsToNextStep(id)).toBeLessThan(16));
    unblock();
    expect((await paying).status).toBe('CONFIRMED');
    expect((await ada.find(id))?.status).toBe('CONFIRMED');
  });
});
