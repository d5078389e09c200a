import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@cartograph/testing';
import { openShop, type Shop } from './open-shop.ts';

let shop: Shop;

beforeAll(async () => {
  shop = await openShop();
});

afterEach(() => shop.sisters.mend());

afterAll(() => shop.close());

const reservationOf = (orderId: string) => shop.sisters.reservations.get(orderId)?.status;

/** Ends the time to pay: long ago, so that the order has expired, or only just. */
const expire = (orderId: string, secondsAgo = 31) =>
  shop.database.query(
    'UPDATE orders SET reserved_until = now() - make_interval(secs => $2) WHERE id = $1',
    [orderId, secondsAgo],
  );

const countJobs = async () => {
  const rows = await shop.database.query('SELECT id FROM graphile_worker.jobs');
  return rows.length;
};

/** When the shop comes back to an order by itself. */
const secondsToNextJob = async (orderId: string) => {
  const [job] = await shop.database.query<{ seconds: number }>(
    `SELECT extract(epoch FROM min(run_at) - now())::float AS seconds
     FROM graphile_worker._private_jobs WHERE payload->>'orderId' = $1`,
    [orderId],
  );
  return job?.seconds;
};

/** Runs the jobs that wait for their time, again until `check` holds. */
const workUntil = (check: () => unknown) =>
  eventually(async () => {
    await shop.hurryJobs();
    await check();
  }, 40_000);

describe('an order that ended while the product service was away', () => {
  it('answers the customer at once, and its stock follows by itself', async () => {
    const ada = shop.signIn();
    const [good, bad] = [await ada.createAny(), await ada.createAny()];
    shop.sisters.breakDown('away', 'CommitReservation', 'CloseReservation');
    expect((await ada.pay(good.id)).status).toBe('CONFIRMED');
    const declined = await ada.pay(bad.id, { paymentMethod: 'sim_decline' });
    expect(declined.order?.status).toBe('CANCELLED');
    const settled = () => [reservationOf(good.id), reservationOf(bad.id)];
    expect(settled()).toEqual(['HELD', 'HELD']);
    shop.sisters.mend();
    // Nobody hurries these: the shop itself must come back to them.
    await eventually(() => expect(settled()).toEqual(['COMMITTED', 'RELEASED']), 40_000);
  });

  it('is tried again until the product service is back', async () => {
    const ada = shop.signIn();
    const { id } = await ada.createAny();
    shop.sisters.breakDown('error', 'CommitReservation');
    await ada.pay(id);
    await workUntil(async () => {
      const failed = await shop.database.query(
        'SELECT id FROM graphile_worker.jobs WHERE attempts > 0 AND last_error IS NOT NULL',
      );
      expect(failed).not.toEqual([]);
    });
    expect(reservationOf(id)).toBe('HELD');
    shop.sisters.mend();
    await workUntil(() => expect(reservationOf(id)).toBe('COMMITTED'));
  });
});

describe('a charge whose answer was lost', () => {
  it.each([
    ['sim_success', 'CONFIRMED', 'COMMITTED'],
    ['sim_decline', 'CANCELLED', 'RELEASED'],
  ])('ends the order all the same, without a second one (%s)', async (method, status, settled) => {
    const ada = shop.signIn();
    const { id } = await ada.createAny();
    shop.sisters.breakDown('answer lost', 'CreatePaymentIntent');
    const { errors } = await ada.tryToPay({ orderId: id, paymentMethod: method });
    expect(errors[0]?.extensions.code).toBe('UNAVAILABLE');
    expect((await ada.find(id))?.status).toBe('PENDING');
    expect(await secondsToNextJob(id)).toBeLessThan(30);
    // Without the work of a customer: nothing asks for money again.
    shop.sisters.breakDown('error', 'CreatePaymentIntent');
    await workUntil(async () => expect((await ada.find(id))?.status).toBe(status));
    await eventually(() => expect(reservationOf(id)).toBe(settled));
  });

  it('still counts when the customer comes back after the time to pay is over', async () => {
    const ada = shop.signIn();
    const { id } = await ada.createAny();
    shop.sisters.breakDown('answer lost', 'CreatePaymentIntent');
    await ada.tryToPay({ orderId: id });
    shop.sisters.mend();
    await expire(id);
    expect((await ada.pay(id)).status).toBe('CONFIRMED');
    expect(reservationOf(id)).toBe('COMMITTED');
  });
});

describe('a payment that the provider has not decided', () => {
  it('keeps the order, even past its time, until it is decided', async () => {
    const ada = shop.signIn();
    const { id } = await ada.createAny();
    await ada.pay(id, { paymentMethod: 'sim_undecided' });
    await expire(id);
    const asked = shop.sisters.timesAsked('PaymentStatus');
    await workUntil(() =>
      expect(shop.sisters.timesAsked('PaymentStatus')).toBeGreaterThan(asked + 1),
    );
    expect((await ada.find(id))?.status).toBe('PENDING');
    expect(reservationOf(id)).toBe('HELD');
    shop.sisters.decide(id, 'SUCCEEDED');
    await workUntil(async () => expect((await ada.find(id))?.status).toBe('CONFIRMED'));
  });

  it('looks again after a while by itself, without a job that fails', async () => {
    const ada = shop.signIn();
    const { id } = await ada.createAny();
    await ada.pay(id, { paymentMethod: 'sim_undecided' });
    const asked = shop.sisters.timesAsked('PaymentStatus');
    await workUntil(() => expect(shop.sisters.timesAsked('PaymentStatus')).toBeGreaterThan(asked));
    await eventually(async () => expect(await secondsToNextJob(id)).toBeGreaterThan(10));
    expect(await secondsToNextJob(id)).toBeLessThan(16);
    const failed = await shop.database.query(
      "SELECT id FROM graphile_worker._private_jobs WHERE last_error IS NOT NULL AND payload->>'orderId' = $1",
      [id],
    );
    expect(failed).toEqual([]);
    shop.sisters.decide(id, 'SUCCEEDED');
    await shop.tellDecided(id);
    expect((await ada.find(id))?.status).toBe('CONFIRMED');
  });

  it('ends the order when patience is over; money that comes yet goes back', async () => {
    const ada = shop.signIn();
    const { id } = await ada.createAny();
    await ada.pay(id, { paymentMethod: 'sim_undecided' });
    await expire(id, 8 * 60 - 5);
    await shop.tellDecided(id);
    expect((await ada.find(id))?.status).toBe('PENDING');
    await expire(id, 8 * 60);
    await shop.tellDecided(id);
    expect(await ada.find(id)).toMatchObject({
      status: 'CANCELLED',
      cancellation: { reason: 'EXPIRED' },
    });
    expect(reservationOf(id)).toBe('RELEASED');
    shop.sisters.decide(id, 'SUCCEEDED');
    // Nobody tells: the shop itself still looks.
    await workUntil(() =>
      expect(shop.sisters.payments.get(`${id}:1`)).toMatchObject({
        status: 'REFUNDED',
        refunds: ['EXPIRED'],
      }),
    );
  });
});

describe('a payment that was begun in time and takes long', () => {
  it('is not lost to somebody who asks again when the time is over', async () => {
    const ada = shop.signIn();
    const { id } = await ada.createAny();
    const letGo = shop.sisters.hold('CreatePaymentIntent');
    const paying = ada.pay(id);
    await eventually(() => expect(shop.sisters.isHolding()).toBe(true));
    await expire(id, 1);
    expect((await ada.pay(id)).code).toBe('ORDER_NOT_PENDING');
    expect((await ada.find(id))?.status).toBe('PENDING');
    letGo();
    expect((await paying).status).toBe('CONFIRMED');
    expect(await shop.sumConfirmed()).toBe(shop.sisters.sumTaken());
  });
});

describe('an order that nobody pays', () => {
  it('expires by itself and gives its stock back', async () => {
    const ada = shop.signIn();
    const { id } = await ada.createAny();
    await expire(id);
    await workUntil(async () =>
      expect(await ada.find(id)).toMatchObject({
        status: 'CANCELLED',
        cancellation: { reason: 'EXPIRED' },
      }),
    );
    await eventually(() => expect(reservationOf(id)).toBe('RELEASED'));
  });

  it('does not expire while nobody can tell whether it was paid', async () => {
    const ada = shop.signIn();
    const { id } = await ada.createAny();
    shop.sisters.breakDown('answer lost', 'CreatePaymentIntent');
    await ada.tryToPay({ orderId: id });
    await expire(id);
    shop.sisters.breakDown('away', 'PaymentStatus');
    const { errors } = await ada.tryToPay({ orderId: id });
    expect(errors[0]?.extensions.code).toBe('UNAVAILABLE');
    expect((await ada.find(id))?.status).toBe('PENDING');
    shop.sisters.mend();
    await workUntil(async () => expect((await ada.find(id))?.status).toBe('CONFIRMED'));
  });
});

describe('the work of the shop', () => {
  it('is done in the end: no order waits, no job is left, and the books balance', async () => {
    await workUntil(async () => expect(await countJobs()).toBe(0));
    expect(await shop.database.query("SELECT id FROM orders WHERE status = 'PENDING'")).toEqual([]);
    expect(await shop.sumConfirmed()).toBe(shop.sisters.sumTaken());
    const { products, reservations } = shop.sisters;
    for (const [orderId, { status, lines }] of reservations) {
      const [line] = lines;
      expect([orderId, products.get(line?.productId ?? '')?.stock]).toEqual([
        orderId,
        status === 'COMMITTED' ? 9 : 10,
      ]);
    }
  });
});

describe('an order that is looked at before its time', () => {
  it('is not forgotten: it expires when the time has come', async () => {
    const ada = shop.signIn();
    const { id } = await ada.createAny();
    const jobsOf = () =>
      shop.database.query<{ id: string }>(
        "SELECT id::text FROM graphile_worker._private_jobs WHERE payload->>'orderId' = $1",
        [id],
      );
    const [planned] = await jobsOf();
    // As if the database's clock ran ahead of ours.
    await shop.hurryJobs();
    await eventually(async () => {
      const jobs = await jobsOf();
      expect(jobs).toHaveLength(1);
      expect(jobs).not.toContainEqual(planned);
    });
    expect(await secondsToNextJob(id)).toBeGreaterThan(600);
    await expire(id);
    await workUntil(async () => expect((await ada.find(id))?.status).toBe('CANCELLED'));
  });
});
