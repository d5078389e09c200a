import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '@cartograph/testing';
import { expectedLedger, ledgerOf } from './ledger.ts';
import { openOrder, type Shop } from './open-order.ts';

let shop: Shop;

beforeAll(async () => {
  shop = await openOrder();
});

afterAll(() => shop.close());

describe('two sweepers on one order, past the lease of the first', () => {
  it('complete the order once: the write of the slow one is refused', async () => {
    const ada = shop.signIn();
    const { id } = await ada.createAny();
    await ada.pay(id, { paymentMethod: 'sim_pending' });
    // The timeout of the pending payment is over.
    await shop.database.query(
      "UPDATE orders SET reserved_until = now() - interval '9 minutes' WHERE id = $1",
      [id],
    );
    const unblockSlow = shop.services.block('ClosePayment');
    await shop.makeOrdersDue();
    await eventually(() => expect(shop.services.isBlocked()).toBe(true));
    // Only the first one stays blocked.
    shop.services.block('CommitReservation');

    await shop.makeOrdersDue();
    await eventually(
      async () => expect(await ada.find(id)).toMatchObject({ status: 'CANCELLED' }),
      20_000,
    );

    // The slow one would have confirmed the order: the payment succeeded.
    shop.services.settlePayment(id, 'SUCCEEDED');
    unblockSlow();
    await eventually(async () => {
      await shop.makeOrdersDue();
      expect(await shop.findDueOrders()).toEqual([]);
    }, 20_000);
    const ledger = await ledgerOf(shop, id);
    expect(ledger).toEqual(expectedLedger(ledger));
    expect(ledger).toMatchObject({ reason: 'EXPIRED', money: 'REFUNDED' });
  }, 60_000);
});
