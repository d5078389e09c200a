import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@cartograph/testing';
import { booksOf, expectedBooks } from './books.ts';
import { openShop, type Shop } from './open-shop.ts';

let shop: Shop;

beforeAll(async () => {
  shop = await openShop();
});

afterAll(() => shop.close());

describe('two workers on one job, past the lease of the first', () => {
  it('end the order once: what the slow one would write is refused', async () => {
    const ada = shop.signIn();
    const { id } = await ada.createAny();
    await ada.pay(id, { paymentMethod: 'sim_undecided' });
    // The patience with a payment that nobody decides is over.
    await shop.database.query(
      "UPDATE orders SET reserved_until = now() - interval '9 minutes' WHERE id = $1",
      [id],
    );
    const letSlowGo = shop.sisters.hold('PaymentStatus');
    await shop.hurryJobs();
    await eventually(() => expect(shop.sisters.isHolding()).toBe(true));
    // Who asks from here on is not held up.
    shop.sisters.hold('CommitReservation');

    await shop.database.query(
      `UPDATE graphile_worker._private_jobs SET locked_at = now() - interval '1 minute'
       WHERE payload->>'orderId' = $1`,
      [id],
    );
    await eventually(
      async () => expect(await ada.find(id)).toMatchObject({ status: 'CANCELLED' }),
      20_000,
    );

    // It would have confirmed the order: the money was taken.
    shop.sisters.decide(id, 'SUCCEEDED');
    letSlowGo();
    await eventually(async () => {
      await shop.hurryJobs();
      expect(await shop.database.query('SELECT id FROM graphile_worker.jobs')).toEqual([]);
    }, 20_000);
    const books = await booksOf(shop, id);
    expect(books).toEqual(expectedBooks(books));
    expect(books).toMatchObject({ reason: 'EXPIRED', money: 'REFUNDED' });
  }, 60_000);
});
