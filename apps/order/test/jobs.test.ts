import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@cartograph/testing';
import { openShop, type Shop } from './open-shop.ts';

let shop: Shop;

beforeAll(async () => {
  shop = await openShop();
});

afterEach(() => shop.sisters.mend());

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

/** A paid order whose stock can't be sold for now. */
const makeUnsettled = async () => {
  const ada = shop.signIn();
  const { id } = await ada.createAny();
  shop.sisters.breakDown('error', 'CommitReservation');
  await ada.pay(id);
  return id;
};

describe('a job that fails', () => {
  it('is tried again within about a minute, however often it failed before', async () => {
    const id = await makeUnsettled();
    for (let failure = 1; failure <= 8; failure += 1) {
      const before = shop.sisters.timesAsked('CommitReservation');
      await eventually(async () => {
        await shop.hurryJobs();
        expect(shop.sisters.timesAsked('CommitReservation')).toBeGreaterThan(before);
      });
    }
    await eventually(async () => {
      const [job] = await jobsOf(id);
      expect(job?.locked_by).toBeNull();
      expect(job?.attempts).toBeLessThanOrEqual(5);
      expect(job?.seconds).toBeLessThan(60);
    });
  });

  it('stays for a person to see when the patience is over', async () => {
    const id = await makeUnsettled();
    await shop.database.query(
      `UPDATE graphile_worker._private_jobs SET created_at = now() - interval '13 hours'
       WHERE payload->>'orderId' = $1`,
      [id],
    );
    await eventually(async () => {
      await shop.hurryJobs();
      const [job] = await jobsOf(id);
      expect(job?.attempts).toBe(25);
    });
    // What came later is done, this is not taken.
    shop.sisters.mend();
    // So many failures at once, and the stock is not asked for a moment.
    const later = await eventually(makeUnsettled);
    shop.sisters.mend();
    await eventually(async () => {
      await shop.hurryJobs();
      expect(shop.sisters.reservations.get(later)?.status).toBe('COMMITTED');
    });
    expect(shop.sisters.reservations.get(id)?.status).toBe('HELD');
  });
});

describe('a job whose worker was killed', () => {
  it('is taken over by another within half a minute', async () => {
    const id = await makeUnsettled();
    await shop.database.query(
      `UPDATE graphile_worker._private_jobs
       SET locked_at = now() - interval '15 seconds', locked_by = 'worker-of-the-dead', run_at = now()
       WHERE payload->>'orderId' = $1`,
      [id],
    );
    shop.sisters.mend();
    await eventually(
      () => expect(shop.sisters.reservations.get(id)?.status).toBe('COMMITTED'),
      20_000,
    );
  });
});
