import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@cartograph/testing';
import { Client } from 'pg';
import { newIntent, openPayments, type Payments } from './open-payments.ts';

let payments: Payments;

beforeAll(async () => {
  payments = await openPayments();
});

afterAll(() => payments.closeBalanced());

const pay = async (method: string) => {
  const input = newIntent({ method, amount: 1_000 });
  return { ...(await payments.createIntent(input)), ...input };
};

/** From now on the simulator takes the charge for one of another method. */
const changeMethod = (orderId: string, method: string) =>
  payments.database.query('UPDATE simulator_charges SET method = $1 WHERE idempotency_key = $2', [
    method,
    `${orderId}:1`,
  ]);

/** What the simulator gave back of an order, in minor units, and how often. */
const givenBack = async (orderId: string): Promise<{ sum: number; count: number }> => {
  const [row] = await payments.database.query<{ sum: number; count: number }>(
    `SELECT coalesce(sum(r.amount_cents), 0)::int AS sum, count(*)::int AS count
     FROM simulator_refunds r JOIN simulator_charges c ON c.reference = r.charge_reference
     WHERE c.idempotency_key = $1 AND r.failure_code IS NULL`,
    [`${orderId}:1`],
  );
  return row ?? { sum: 0, count: 0 };
};

const keysOf = async (paymentId: string): Promise<string[]> => {
  const rows = await payments.database.query<{ key: string }>(
    'SELECT key FROM refunds WHERE payment_id = $1 ORDER BY id',
    [paymentId],
  );
  return rows.map(({ key }) => key);
};

const untilGivenBack = (orderId: string) =>
  eventually(async () => {
    await payments.hurryJobs();
    expect(await payments.findAttempt(orderId)).toMatchObject({ status: 'REFUNDED' });
  });

describe('money that is owed', () => {
  it('is asked for again under a new key after a decline, and given once', async () => {
    const { id, orderId } = await pay('sim_refund_failure');
    const declined = { status: 'FAILED', failure: { code: 'refund_declined' } };
    expect(await payments.refundForOrder(orderId)).toMatchObject({
      status: 'SUCCEEDED',
      refunds: [declined],
    });
    // Whoever says so again changes nothing: the job is at it.
    await payments.refundForOrder(orderId);
    expect(await keysOf(id)).toEqual([`owed:${id}:1`]);
    await changeMethod(orderId, 'sim_success');
    await untilGivenBack(orderId);
    expect(await payments.findAttempt(orderId)).toMatchObject({
      refunds: [declined, { status: 'SUCCEEDED', reason: 'the order was cancelled' }],
    });
    expect(await keysOf(id)).toEqual([`owed:${id}:1`, `owed:${id}:2`]);
    expect(await givenBack(orderId)).toEqual({ sum: 1_000, count: 1 });
  });

  it('sees the decline of a refund that is being written at that moment', async () => {
    const { id, orderId } = await pay('sim_success');
    // As an administrator's refund that is under way leaves it.
    const setRefunding = 'UPDATE payments SET refunding_cents = $1 WHERE id = $2';
    await payments.database.query(setRefunding, [1_000, id]);
    const decline = new Client({ connectionString: payments.database.url });
    await decline.connect();
    await decline.query('BEGIN');
    await decline.query(setRefunding, [0, id]);
    const owed = payments.refundForOrder(orderId);
    const isWaiting = eventually(async () =>
      expect(
        await payments.database.query(
          `SELECT 1 FROM pg_stat_activity
           WHERE datname = current_database() AND wait_event_type = 'Lock'`,
        ),
      ).toHaveLength(1),
    );
    // Without the lock it does not wait, and finds nothing left to give back.
    await Promise.race([isWaiting, owed]);
    await decline.query('COMMIT');
    await decline.end();
    await Promise.all([isWaiting, owed]);
    await untilGivenBack(orderId);
    expect(await givenBack(orderId)).toEqual({ sum: 1_000, count: 1 });
  });

  it('waits a minute or more before it is asked for again', async () => {
    const { id, orderId } = await pay('sim_refund_failure');
    await payments.refundForOrder(orderId);
    const [job] = await payments.database.query<{ seconds: number }>(
      `SELECT extract(epoch FROM run_at - now())::float AS seconds
       FROM graphile_worker._private_jobs WHERE key = $1`,
      [`repay:${id}`],
    );
    expect(job?.seconds).toBeGreaterThan(45);
    await changeMethod(orderId, 'sim_success');
    await untilGivenBack(orderId);
  });

  it('is all given back when an administrator’s refund is declined after it was written', async () => {
    const { id, orderId } = await pay('sim_refund_failure');
    // The administrator's refund is undecided for as long as nobody can write that it was declined.
    await payments.database.query(
      `ALTER TABLE refunds ADD CONSTRAINT cut_off CHECK (status = 'PROCESSING') NOT VALID`,
    );
    try {
      expect(await payments.refund({ paymentId: id, amount: 400 })).toMatchObject({
        status: 'PROCESSING',
      });
      expect(await payments.refundForOrder(orderId)).toMatchObject({
        refunds: [{ amount: { amount: 400 } }, { amount: { amount: 600 } }],
      });
    } finally {
      await payments.database.query('ALTER TABLE refunds DROP CONSTRAINT cut_off');
    }
    await changeMethod(orderId, 'sim_success');
    await untilGivenBack(orderId);
    expect((await givenBack(orderId)).sum).toBe(1_000);
  });

  it('that nobody captured is not owed', async () => {
    const { id, orderId } = await pay('sim_decline');
    await payments.refundForOrder(orderId);
    expect(
      await payments.database.query('SELECT 1 FROM refund_debts WHERE payment_id = $1', [id]),
    ).toEqual([]);
  });

  it('is left to a person after a month of declines', async () => {
    const { id, orderId } = await pay('sim_refund_failure');
    await payments.refundForOrder(orderId);
    await payments.database.query(
      `UPDATE refund_debts SET created_at = now() - interval '31 days' WHERE payment_id = $1`,
      [id],
    );
    await eventually(async () => {
      await payments.hurryJobs();
      const [job] = await payments.database.query<{ last_error: string | null }>(
        'SELECT last_error FROM graphile_worker._private_jobs WHERE key = $1',
        [`repay:${id}`],
      );
      expect(job?.last_error).toContain('declines');
    });
    expect(await keysOf(id)).toHaveLength(1);
    await changeMethod(orderId, 'sim_success');
    expect(await payments.refund({ paymentId: id })).toMatchObject({ status: 'SUCCEEDED' });
  });

  it('is given back in full and never twice, whoever asks for what at the same time', async () => {
    const paid = await Promise.all(Array.from({ length: 12 }, () => pay('sim_refund_chance')));
    await Promise.all(
      paid.flatMap(({ id, orderId }, index) => [
        ...[100, 250, 400].map((amount) => payments.refund({ paymentId: id, amount })),
        payments.refundForOrder(orderId),
        payments.refund({ paymentId: id, idempotencyKey: randomUUID() }),
        ...(index % 2 === 0 ? [payments.refundForOrder(orderId)] : []),
      ]),
    );
    for (const { orderId } of paid) {
      await untilGivenBack(orderId);
      expect((await givenBack(orderId)).sum).toBe(1_000);
    }
    const declined = await payments.database.query(
      "SELECT 1 FROM refunds WHERE status = 'FAILED' AND failure_code = 'more_than_charged'",
    );
    expect(declined).toEqual([]);
  });
});
