import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@cartograph/testing';
import { openPayment, type PaymentService } from './open-payment.ts';
import { newIntent } from './operations.ts';

let payments: PaymentService;

beforeAll(async () => {
  // No webhook arrives: only polls can settle a payment.
  payments = await openPayment({ SIMULATOR_WEBHOOK_DROP: '1', PROVIDER_TIMEOUT_MS: '500' });
});

afterAll(() => payments.closeBalanced());

const chargesOf = (orderId: string) =>
  payments.database.query<{ idempotency_key: string }>(
    'SELECT idempotency_key FROM simulator_charges WHERE idempotency_key LIKE $1',
    [`${orderId}:%`],
  );

/** Runs scheduled jobs until `check` passes. */
const workUntil = (check: () => unknown) =>
  eventually(async () => {
    await payments.runJobsNow();
    await check();
  });

const pollJobOf = async (paymentId: string) => {
  const [job] = await payments.database.query<{
    attempts: number;
    max_attempts: number;
    last_error: string | null;
    seconds: number;
  }>(
    `SELECT attempts, max_attempts, last_error,
       extract(epoch FROM run_at - now())::float AS seconds
     FROM graphile_worker._private_jobs WHERE key = $1`,
    [`ask:${paymentId}`],
  );
  return job;
};

describe('a payment that the provider does not settle immediately', () => {
  it.each([
    ['sim_timeout', 'SUCCEEDED'],
    ['sim_timeout_decline', 'FAILED'],
    ['sim_error_then_success', 'SUCCEEDED'],
    ['sim_late_success', 'SUCCEEDED'],
    ['sim_late_decline', 'FAILED'],
  ])('with %s is PROCESSING, then %s, and charged once', async (method, status) => {
    const input = newIntent({ method });
    const created = await payments.createIntent(input);
    expect(created).toMatchObject({ status: 'PROCESSING', failure: null });
    await workUntil(async () =>
      expect(await payments.findAttempt(input.orderId)).toMatchObject({ id: created.id, status }),
    );
    const settled = await payments.findAttempt(input.orderId);
    expect(settled?.failure).toEqual(status === 'FAILED' ? { code: 'card_declined' } : null);
    expect(await chargesOf(input.orderId)).toHaveLength(1);
    const event = status === 'FAILED' ? 'payment.failed' : 'payment.succeeded';
    expect(await payments.eventsOf(created.id)).toEqual([event]);
    await eventually(() =>
      expect(payments.orders.notified.filter((id) => id === input.orderId)).toHaveLength(1),
    );
  });

  it('is returned within the timeout', async () => {
    const start = performance.now();
    await payments.createIntent(newIntent({ method: 'sim_timeout' }));
    expect(performance.now() - start).toBeLessThan(15_000);
  });

  it('is the same payment for a repeated request', async () => {
    const input = newIntent({ method: 'sim_timeout' });
    const created = await payments.createIntent(input);
    // Immediately, unless the machine is too busy to respond within half a second.
    await eventually(async () =>
      expect(await payments.createIntent(input)).toMatchObject({
        id: created.id,
        status: 'SUCCEEDED',
      }),
    );
    expect(await chargesOf(input.orderId)).toHaveLength(1);
  });
});

describe('a payment whose process crashes', () => {
  it('before the charge is charged by the job, once', async () => {
    const input = newIntent();
    // The state after the first transaction.
    const [row] = await payments.database.query<{ id: string }>(
      `INSERT INTO payments (id, order_id, attempt, user_id, amount_cents, currency, provider,
         method, created_at, updated_at)
       VALUES (gen_random_uuid(), $1, 1, $2, 1999, 'EUR', 'simulator', 'sim_success', now(), now())
       RETURNING id`,
      [input.orderId, input.userId],
    );
    await payments.database.query(
      `SELECT graphile_worker.add_job('ask_provider', json_build_object('id', $1::text),
         job_key => 'ask:' || $1)`,
      [row?.id],
    );
    await eventually(async () =>
      expect(await payments.findAttempt(input.orderId)).toMatchObject({ status: 'SUCCEEDED' }),
    );
    expect(await chargesOf(input.orderId)).toHaveLength(1);
  });

  it('between the charge and its write is settled by the job', async () => {
    const input = newIntent({ amount: 4_711 });
    await payments.database.query(
      `ALTER TABLE payments ADD CONSTRAINT blocked
         CHECK (amount_cents <> 4711 OR status = 'PROCESSING')`,
    );
    expect(await payments.createIntent(input)).toMatchObject({ status: 'PROCESSING' });
    expect(await chargesOf(input.orderId)).toHaveLength(1);
    await payments.database.query('ALTER TABLE payments DROP CONSTRAINT blocked');
    await workUntil(async () =>
      expect(await payments.findAttempt(input.orderId)).toMatchObject({ status: 'SUCCEEDED' }),
    );
    expect(await chargesOf(input.orderId)).toHaveLength(1);
  });

  it('during its job is settled by another worker', async () => {
    const input = newIntent({ method: 'sim_timeout' });
    const { id } = await payments.createIntent(input);
    const taken = await payments.database.query(
      `UPDATE graphile_worker._private_jobs SET run_at = now(), attempts = 1,
         locked_by = 'a worker that was killed', locked_at = now() - interval '1 minute'
       WHERE key = $1 RETURNING id`,
      [`ask:${id}`],
    );
    expect(taken).toHaveLength(1);
    await eventually(async () =>
      expect(await payments.findAttempt(input.orderId)).toMatchObject({ status: 'SUCCEEDED' }),
    );
  });
});

describe('the job that polls', () => {
  it('is stored with the payment, and deleted when that is settled', async () => {
    const input = newIntent({ method: 'sim_timeout' });
    const { id } = await payments.createIntent(input);
    const job = await pollJobOf(id);
    expect(job?.seconds).toBeGreaterThan(5);
    expect(job?.seconds).toBeLessThan(15.1);
    await workUntil(async () => expect(await pollJobOf(id)).toBeUndefined());
  });

  it('polls for as long as the payment is pending, and does not fail', async () => {
    const input = newIntent({ method: 'sim_late_success' });
    const { id } = await payments.createIntent(input);
    await payments.database.query(
      `UPDATE simulator_charges SET succeeds_at = now() + interval '1 day'
       WHERE idempotency_key = $1`,
      [`${input.orderId}:1`],
    );
    // Older than the retry window of a failed job.
    await payments.database.query(
      `UPDATE payments SET created_at = now() - interval '3 days' WHERE id = $1`,
      [id],
    );
    for (let round = 0; round < 4; round += 1) {
      await payments.database.query(
        `UPDATE graphile_worker._private_jobs
         SET run_at = now(), created_at = now() - interval '3 days' WHERE key = $1`,
        [`ask:${id}`],
      );
      await payments.runJobsNow();
      await eventually(async () => {
        const next = await pollJobOf(id);
        expect(next).toMatchObject({ attempts: 0, last_error: null });
        expect(next?.seconds).toBeGreaterThan(50 * 60);
        expect(next?.seconds).toBeLessThan(61 * 60);
      });
    }
    // Settles the payment, so that the ledgers are equal.
    await payments.database.query(
      'UPDATE simulator_charges SET succeeds_at = now() WHERE idempotency_key = $1',
      [`${input.orderId}:1`],
    );
    await workUntil(async () => expect(await pollJobOf(id)).toBeUndefined());
  });
});

describe('the order service', () => {
  it('is notified again until it responds', async () => {
    payments.orders.fail();
    const { orderId } = await payments.createIntent(newIntent()).then(async (created) => {
      const [row] = await payments.database.query<{ orderId: string }>(
        'SELECT order_id AS "orderId" FROM payments WHERE id = $1',
        [created.id],
      );
      return { orderId: row?.orderId ?? '' };
    });
    await workUntil(async () => {
      const failed = await payments.database.query(
        `SELECT id FROM graphile_worker.jobs
         WHERE task_identifier = 'tell_order' AND last_error IS NOT NULL`,
      );
      expect(failed).not.toEqual([]);
    });
    expect(payments.orders.notified).not.toContain(orderId);
    payments.orders.recover();
    await workUntil(() => expect(payments.orders.notified).toContain(orderId));
  });
});

describe('a payment whose provider fails', () => {
  it('has a dead-lettered job after the retry window', async () => {
    const service = await openPayment({ PAYMENT_JOB_PATIENCE_MS: '1' });
    try {
      await service.createIntent(newIntent({ method: 'sim_late_success' }));
      await service.database.query('ALTER TABLE simulator_charges RENAME TO away');
      const find = () =>
        service.database.query(
          `SELECT last_error FROM graphile_worker.jobs
           WHERE task_identifier = 'ask_provider' AND attempts >= max_attempts
             AND last_error IS NOT NULL AND locked_at IS NULL`,
        );
      // Each job has three attempts, however old it is.
      await eventually(async () => {
        await service.runJobsNow();
        expect(await find()).toHaveLength(1);
      });
      const [job] = await find();
      expect(job).toMatchObject({ last_error: expect.stringContaining('simulator_charges') });
    } finally {
      await service.close();
    }
  });
});
