import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '@cartograph/testing';
import { Client } from 'pg';
import { openPayment, type PaymentService } from './open-payment.ts';
import { newIntent } from './operations.ts';

let payments: PaymentService;

beforeAll(async () => {
  payments = await openPayment();
});

afterAll(() => payments.closeBalanced());

const pay = async (method: string) => {
  const input = newIntent({ method, amount: 1_000 });
  return { ...(await payments.createIntent(input)), ...input };
};

/** Changes the payment method of a charge in the simulator. */
const changeMethod = (orderId: string, method: string) =>
  payments.database.query('UPDATE simulator_charges SET method = $1 WHERE idempotency_key = $2', [
    method,
    `${orderId}:1`,
  ]);

const keysOf = async (paymentId: string): Promise<string[]> => {
  const rows = await payments.database.query<{ key: string }>(
    'SELECT key FROM refunds WHERE payment_id = $1 ORDER BY id',
    [paymentId],
  );
  return rows.map(({ key }) => key);
};

const untilRefunded = (orderId: string) =>
  eventually(async () => {
    await payments.hurry();
    expect(await payments.findAttempt(orderId)).toMatchObject({ status: 'REFUNDED' });
  });

describe('an owed refund', () => {
  it('is requested again under a new key after a decline, and paid once', async () => {
    const { id, orderId } = await pay('sim_refund_failure');
    const declined = { status: 'FAILED', failure: { code: 'refund_declined' } };
    expect(await payments.refundForOrder(orderId)).toMatchObject({
      status: 'SUCCEEDED',
      refunds: [declined],
    });
    // A repeat changes nothing: the debt is due later.
    await payments.refundForOrder(orderId);
    expect(await keysOf(id)).toEqual([`owed:${id}:1`]);
    await changeMethod(orderId, 'sim_success');
    await untilRefunded(orderId);
    expect(await payments.findAttempt(orderId)).toMatchObject({
      refunds: [declined, { status: 'SUCCEEDED', reason: 'the order was cancelled' }],
    });
    expect(await keysOf(id)).toEqual([`owed:${id}:1`, `owed:${id}:2`]);
    expect(await payments.refundedOf(orderId)).toEqual({ sum: 1_000, count: 1 });
  });

  it('includes a refund whose decline is being written concurrently', async () => {
    const { id, orderId } = await pay('sim_success');
    // As with a pending refund of an administrator.
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
    // Without the lock it does not wait, and finds nothing left to refund.
    await Promise.race([isWaiting, owed]);
    await decline.query('COMMIT');
    await decline.end();
    await Promise.all([isWaiting, owed]);
    await untilRefunded(orderId);
    expect(await payments.refundedOf(orderId)).toEqual({ sum: 1_000, count: 1 });
  });

  it('is requested again after a minute or more', async () => {
    const { id, orderId } = await pay('sim_refund_failure');
    await payments.refundForOrder(orderId);
    const [debt] = await payments.database.query<{ seconds: number }>(
      `SELECT extract(epoch FROM due_at - now())::float AS seconds
       FROM refund_debts WHERE payment_id = $1`,
      [id],
    );
    expect(debt?.seconds).toBeGreaterThan(45);
    await changeMethod(orderId, 'sim_success');
    await untilRefunded(orderId);
  });

  it('covers the whole payment when an administrator’s refund is declined later', async () => {
    const { id, orderId } = await pay('sim_refund_failure');
    // The administrator's refund stays pending while its decline cannot be written.
    await payments.database.query(
      `ALTER TABLE refunds ADD CONSTRAINT blocked CHECK (status = 'PROCESSING') NOT VALID`,
    );
    try {
      expect(await payments.refund({ paymentId: id, amount: 400 })).toMatchObject({
        status: 'PROCESSING',
      });
      expect(await payments.refundForOrder(orderId)).toMatchObject({
        refunds: [{ amount: { amount: 400 } }, { amount: { amount: 600 } }],
      });
    } finally {
      await payments.database.query('ALTER TABLE refunds DROP CONSTRAINT blocked');
    }
    await changeMethod(orderId, 'sim_success');
    await untilRefunded(orderId);
    expect((await payments.refundedOf(orderId)).sum).toBe(1_000);
  });

  it('does not exist for a payment that captured no money', async () => {
    const { id, orderId } = await pay('sim_decline');
    await payments.refundForOrder(orderId);
    expect(
      await payments.database.query('SELECT 1 FROM refund_debts WHERE payment_id = $1', [id]),
    ).toEqual([]);
  });

  it('fails its step after a month of declines', async () => {
    const { id, orderId } = await pay('sim_refund_failure');
    await payments.refundForOrder(orderId);
    await payments.database.query(
      `UPDATE refund_debts SET created_at = now() - interval '31 days' WHERE payment_id = $1`,
      [id],
    );
    await eventually(async () => {
      await payments.hurry();
      const [debt] = await payments.database.query<{ error: string | null }>(
        'SELECT due_error AS error FROM refund_debts WHERE payment_id = $1',
        [id],
      );
      expect(debt?.error).toContain('declined');
    });
    expect(await keysOf(id)).toHaveLength(1);
    await changeMethod(orderId, 'sim_success');
    expect(await payments.refund({ paymentId: id })).toMatchObject({ status: 'SUCCEEDED' });
  });

  it('is paid in full and never twice, with any concurrent requests', async () => {
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
      await untilRefunded(orderId);
      expect((await payments.refundedOf(orderId)).sum).toBe(1_000);
    }
    const declined = await payments.database.query(
      "SELECT 1 FROM refunds WHERE status = 'FAILED' AND failure_code = 'more_than_charged'",
    );
    expect(declined).toEqual([]);
  });
});
