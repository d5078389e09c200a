import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '@cartograph/testing';
import { UPDATE_STATUS } from './operations.ts';
import { openOrder, type Shop } from './open-order.ts';

let shop: Shop;

beforeAll(async () => {
  shop = await openOrder();
});

afterEach(() => shop.services.clearFaults());

afterAll(() => shop.close());

const reservationOf = (orderId: string) => shop.services.reservations.get(orderId)?.status;

describe('updateOrderStatus', () => {
  it('cancels a pending order, and returns it to a repeat', async () => {
    const ada = shop.signIn();
    const admin = shop.signIn('ADMIN');
    const { id } = await ada.createAny();
    const cancelled = await admin.updateStatus(id, 'CANCELLED', { reason: 'looks like fraud' });
    expect(cancelled).toMatchObject({ status: 'CANCELLED', cancellation: { reason: 'ADMIN' } });
    expect(await admin.updateStatus(id, 'CANCELLED')).toEqual(cancelled);
    expect(reservationOf(id)).toBe('RELEASED');
    expect((await admin.historyOf(id))?.[1]).toMatchObject({
      type: 'CANCELLED',
      fromStatus: 'PENDING',
      toStatus: 'CANCELLED',
      actor: 'ADMIN',
      user: { id: admin.id },
      reason: 'ADMIN',
      note: 'looks like fraud',
    });
    // The note is internal: its customer learns that an administrator did it, not what they wrote.
    expect((await ada.historyOf(id))?.[1]).toMatchObject({
      actor: 'ADMIN',
      user: null,
      reason: 'ADMIN',
      note: null,
    });
  });

  it('confirms an order whose payment succeeded unnoticed', async () => {
    const ada = shop.signIn();
    const admin = shop.signIn('ADMIN');
    const { id } = await ada.createAny();
    shop.services.setFault('response lost', 'CreatePaymentIntent');
    await ada.tryToPay({ orderId: id });
    const confirmed = await admin.updateStatus(id, 'CONFIRMED');
    expect(confirmed).toMatchObject({ id, status: 'CONFIRMED' });
    expect(await admin.updateStatus(id, 'CONFIRMED')).toEqual(confirmed);
    expect(reservationOf(id)).toBe('COMMITTED');
    expect(await admin.historyOf(id)).toContainEqual(
      expect.objectContaining({ type: 'CONFIRMED', actor: 'ADMIN' }),
    );
  });

  it.each([[null], ['sim_pending']])(
    'does not confirm an order that is not paid (payment: %s)',
    async (paymentMethod) => {
      const ada = shop.signIn();
      const { id } = await ada.createAny();
      if (paymentMethod !== null) await ada.pay(id, { paymentMethod });
      const problem = await shop.signIn('ADMIN').updateStatus(id, 'CONFIRMED');
      expect(problem.code).toBe('ORDER_NOT_PAID');
      expect((await ada.find(id))?.status).toBe('PENDING');
      expect(reservationOf(id)).toBe('HELD');
    },
  );

  it('refuses other transitions, and returns the allowed ones', async () => {
    const ada = shop.signIn();
    const admin = shop.signIn('ADMIN');
    const [open, paid, cancelled] = [
      await ada.createAny(),
      await ada.createAny(),
      await ada.createAny(),
    ];
    await ada.pay(paid.id);
    await ada.cancel(cancelled.id);
    for (const [order, to, from, allowed] of [
      [open, 'PENDING', 'PENDING', ['CONFIRMED', 'CANCELLED']],
      [paid, 'CANCELLED', 'CONFIRMED', []],
      [paid, 'PENDING', 'CONFIRMED', []],
      [cancelled, 'CONFIRMED', 'CANCELLED', []],
      [cancelled, 'PENDING', 'CANCELLED', []],
      // Cancelled by its customer: the reason does not change.
      [cancelled, 'CANCELLED', 'CANCELLED', []],
    ] as const) {
      expect(await admin.updateStatus(order.id, to)).toEqual({
        __typename: 'IllegalTransitionProblem',
        code: 'ILLEGAL_TRANSITION',
        from,
        to,
        allowed,
      });
    }
    expect([reservationOf(paid.id), reservationOf(open.id)]).toEqual(['COMMITTED', 'HELD']);
  });

  it('refuses an unknown order and a reason of 501 characters', async () => {
    const admin = shop.signIn('ADMIN');
    expect((await admin.updateStatus(randomUUID(), 'CANCELLED')).code).toBe('ORDER_NOT_FOUND');
    expect(
      await admin.updateStatus(randomUUID(), 'CANCELLED', { reason: 'r'.repeat(501) }),
    ).toMatchObject({ code: 'VALIDATION_FAILED', fields: [{ path: 'reason' }] });
  });

  it('is for administrators only', async () => {
    const ada = shop.signIn();
    const { id } = await ada.createAny();
    const input = { orderId: id, status: 'CANCELLED' };
    expect((await ada.query(UPDATE_STATUS, { input })).errors[0]?.extensions.code).toBe(
      'FORBIDDEN',
    );
    expect((await shop.send(UPDATE_STATUS, { input })).errors[0]?.extensions.code).toBe(
      'UNAUTHENTICATED',
    );
    expect((await ada.find(id))?.status).toBe('PENDING');
  });
});

describe('a paid order whose stock was sold to others', () => {
  it('is cancelled as out of stock and refunded immediately', async () => {
    const ada = shop.signIn();
    const { id } = await ada.createAny();
    shop.services.sellReserved(id);
    expect(await ada.pay(id)).toMatchObject({
      code: 'ORDER_NOT_PENDING',
      order: { status: 'CANCELLED', cancellation: { reason: 'OUT_OF_STOCK' } },
    });
    await eventually(() =>
      expect(shop.services.payments.get(`${id}:1`)).toMatchObject({
        status: 'REFUNDED',
        refunds: ['OUT_OF_STOCK'],
      }),
    );
    expect((await ada.historyOf(id))?.map(({ type, toStatus }) => [type, toStatus])).toEqual([
      ['CREATED', 'PENDING'],
      ['PAYMENT_STARTED', 'PENDING'],
      ['PAYMENT_DECIDED', 'PENDING'],
      ['CONFIRMED', 'CONFIRMED'],
      ['CANCELLED', 'CANCELLED'],
      ['REFUND_REQUESTED', 'CANCELLED'],
      ['STOCK_SETTLED', 'CANCELLED'],
    ]);
  });

  it('ends the same way when the sweeper settles it, and has nothing left to do', async () => {
    const ada = shop.signIn();
    const { id } = await ada.createAny();
    shop.services.setFault('down', 'CommitReservation');
    expect((await ada.pay(id)).status).toBe('CONFIRMED');
    shop.services.sellReserved(id);
    shop.services.clearFaults();
    await eventually(async () => {
      await shop.makeOrdersDue();
      expect(shop.services.payments.get(`${id}:1`)?.status).toBe('REFUNDED');
      const due = await shop.database.query(
        'SELECT id FROM orders WHERE id = $1 AND due_at IS NOT NULL',
        [id],
      );
      expect(due).toEqual([]);
    }, 40_000);
    expect(await ada.find(id)).toMatchObject({ cancellation: { reason: 'OUT_OF_STOCK' } });
    expect(shop.services.payments.get(`${id}:1`)?.refunds).toEqual(['OUT_OF_STOCK']);
  });
});
