import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@cartograph/testing';
import { openOrder, type Shop } from './open-order.ts';

let shop: Shop;

beforeAll(async () => {
  shop = await openOrder();
});

afterEach(() => shop.services.clearFaults());

afterAll(() => shop.close());

type JobRow = { attempts: number; seconds: number; locked_by: string | null };

/** The jobs of an order that failed before. */
const jobsOf = (orderId: string) =>
  shop.database.query<JobRow>(
    `SELECT attempts, locked_by, extract(epoch FROM run_at - now())::float AS seconds
     FROM graphile_worker._private_jobs
     WHERE payload->>'orderId' = $1 AND last_error IS NOT NULL`,
    [orderId],
  );

/** A paid order whose stock can't be committed for now. */
const makeUnsettled = async () => {
  const ada = shop.signIn();
  const { id } = await ada.createAny();
  shop.services.setFault('error', 'CommitReservation');
  await ada.pay(id);
  return id;
};

describe('a job that fails', () => {
  it('is retried within about a minute, however often it failed', async () => {
    const id = await makeUnsettled();
    for (let failure = 1; failure <= 8; failure += 1) {
      const before = shop.services.countCalls('CommitReservation');
      await eventually(async () => {
        await shop.makeJobsDue();
        expect(shop.services.countCalls('CommitReservation')).toBeGreaterThan(before);
      });
    }
    await eventually(async () => {
      const [job] = await jobsOf(id);
      expect(job?.locked_by).toBeNull();
      expect(job?.attempts).toBeLessThanOrEqual(5);
      expect(job?.seconds).toBeLessThan(60);
    });
  });

  it('is dead-lettered when its retry window is over', async () => {
    const id = await makeUnsettled();
    await shop.database.query(
      `UPDATE graphile_worker._private_jobs SET created_at = now() - interval '13 hours'
       WHERE payload->>'orderId' = $1`,
      [id],
    );
    await eventually(async () => {
      await shop.makeJobsDue();
      const [job] = await jobsOf(id);
      expect(job?.attempts).toBe(25);
    });
    // Later jobs run; this one does not.
    shop.services.clearFaults();
    // After so many failures the circuit of the product service is open for a moment.
    const later = await eventually(makeUnsettled);
    shop.services.clearFaults();
    await eventually(async () => {
      await shop.makeJobsDue();
      expect(shop.services.reservations.get(later)?.status).toBe('COMMITTED');
    });
    expect(shop.services.reservations.get(id)?.status).toBe('HELD');
  });
});

describe('a job whose worker was killed', () => {
  it('is taken over by another within half a minute', async () => {
    const id = await makeUnsettled();
    await shop.database.query(
      `UPDATE graphile_worker._private_jobs
       SET locked_at = now() - interval '15 seconds', locked_by = 'dead-worker', run_at = now()
       WHERE payload->>'orderId' = $1`,
      [id],
    );
    shop.services.clearFaults();
    await eventually(
      () => expect(shop.services.reservations.get(id)?.status).toBe('COMMITTED'),
      20_000,
    );
  });
});
