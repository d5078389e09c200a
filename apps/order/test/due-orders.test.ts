import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '@cartograph/testing';
import { openOrder, type Shop } from './open-order.ts';

let shop: Shop;

beforeAll(async () => {
  // A service that hangs must not delay the end of the tests.
  shop = await openOrder({ SERVICE_TIMEOUT_MS: '10000' });
});

afterEach(() => shop.services.clearFaults());

afterAll(() => shop.close());

type DueRow = { attempts: number; seconds: number | null; error: string | null; isDead: boolean };

const rowOf = async (orderId: string): Promise<DueRow | undefined> => {
  const [row] = await shop.database.query<DueRow>(
    `SELECT due_attempts AS attempts, due_error AS error, dead_at IS NOT NULL AS "isDead",
       extract(epoch FROM due_at - now())::float AS seconds
     FROM orders WHERE id = $1`,
    [orderId],
  );
  return row;
};

const setRow = (orderId: string, change: string) =>
  shop.database.query(`UPDATE orders SET ${change} WHERE id = $1`, [orderId]);

/** A paid order whose stock can't be committed for now. */
const makeUnsettled = async () => {
  const ada = shop.signIn();
  const { id } = await ada.createAny();
  shop.services.setFault('error', 'CommitReservation');
  await ada.pay(id);
  return id;
};

const stockOf = (orderId: string) => shop.services.reservations.get(orderId)?.status;

describe('a purchase that succeeds', () => {
  it('leaves nothing to do, and no job', async () => {
    const ada = shop.signIn();
    const { id } = await ada.createAny();
    const created = await rowOf(id);
    expect(created?.seconds).toBeGreaterThan(15 * 60);
    expect(created?.seconds).toBeLessThan(15 * 60 + 31);
    expect((await ada.pay(id)).status).toBe('CONFIRMED');
    expect(await rowOf(id)).toEqual({ attempts: 0, seconds: null, error: null, isDead: false });
    expect(await shop.database.query('SELECT id FROM graphile_worker.jobs')).toEqual([]);
  });

  it('can’t be forgotten before that: the database refuses it', async () => {
    const ada = shop.signIn();
    const unpaid = await ada.createAny();
    const paying = await ada.createAny();
    await ada.pay(paying.id, { paymentMethod: 'sim_pending' });
    const unsettled = await makeUnsettled();
    for (const id of [unpaid.id, paying.id, unsettled]) {
      await expect(setRow(id, 'due_at = NULL')).rejects.toMatchObject({
        constraint: 'orders_due_check',
      });
    }
  });
});

describe('a step that fails', () => {
  it('is retried within half a minute, however often it failed', async () => {
    const id = await makeUnsettled();
    for (let failure = 1; failure <= 5; failure += 1) {
      await setRow(id, 'due_at = now(), due_error = NULL');
      await eventually(async () => {
        const row = await rowOf(id);
        expect(row?.attempts).toBeGreaterThanOrEqual(failure);
        expect(row?.error).toContain('does not answer');
      });
    }
    expect((await rowOf(id))?.seconds).toBeLessThanOrEqual(20);
    expect(stockOf(id)).toBe('HELD');
  });

  it('is dead when its retry window is over, until it is retried', async () => {
    const id = await makeUnsettled();
    await setRow(id, "due_at = now(), due_attempts = 5, due_since = now() - interval '13 hours'");
    await eventually(async () => expect((await rowOf(id))?.isDead).toBe(true));
    // Others are processed; this one is not.
    shop.services.clearFaults();
    // After so many failures the circuit of the product service is open for a moment.
    const later = await eventually(makeUnsettled);
    shop.services.clearFaults();
    await eventually(async () => {
      await setRow(later, 'due_at = now()');
      expect(stockOf(later)).toBe('COMMITTED');
    });
    expect(stockOf(id)).toBe('HELD');
    // As npm run jobs -- retry does.
    await setRow(id, 'due_at = now(), due_attempts = 0, due_since = NULL, dead_at = NULL');
    await eventually(() => expect(stockOf(id)).toBe('COMMITTED'));
  });
});

describe('a payment service that hangs', () => {
  it('does not delay orders that need the product service only', async () => {
    const ada = shop.signIn();
    const waiting = [];
    for (let made = 0; made < 8; made += 1) {
      const { id } = await ada.createAny();
      await ada.pay(id, { paymentMethod: 'sim_pending' });
      waiting.push(id);
    }
    const unsettled = await makeUnsettled();
    const unpaid = await ada.createAny();
    await setRow(unpaid.id, "reserved_until = now() - interval '31 seconds'");
    shop.services.clearFaults();
    shop.services.setFault('hang', 'PaymentStatus');
    for (const id of waiting) await setRow(id, 'due_at = now()');
    const calls = shop.services.countCalls('PaymentStatus');
    await eventually(() =>
      expect(shop.services.countCalls('PaymentStatus')).toBeGreaterThanOrEqual(calls + 4),
    );
    for (const id of [unsettled, unpaid.id]) await setRow(id, 'due_at = now()');
    await eventually(() =>
      expect([stockOf(unsettled), stockOf(unpaid.id)]).toEqual(['COMMITTED', 'RELEASED']),
    );
  });
});
