import { afterAll, beforeAll, describe, expect, it } from 'vitest';
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

/** Does what is due until `check` passes. */
const workUntil = (check: () => unknown) =>
  eventually(async () => {
    await payments.hurry();
    await check();
  });

const dueOf = async (paymentId: string) => {
  const [row] = await payments.database.query<{
    attempts: number;
    error: string | null;
    seconds: number | null;
  }>(
    `SELECT due_attempts AS attempts, due_error AS error,
       extract(epoch FROM due_at - now())::float AS seconds
     FROM payments WHERE id = $1`,
    [paymentId],
  );
  return row;
};

const untilDone = (paymentId: string) =>
  workUntil(async () => expect(await dueOf(paymentId)).toMatchObject({ seconds: null }));

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
  it('before the charge is charged later, once', async () => {
    const input = newIntent();
    // The state after the first statement.
    await payments.database.query(
      `INSERT INTO payments (id, order_id, attempt, user_id, amount_cents, currency, provider,
         method, created_at, updated_at, due_at)
       VALUES (gen_random_uuid(), $1, 1, $2, 1999, 'EUR', 'simulator', 'sim_success', now(), now(),
         now())`,
      [input.orderId, input.userId],
    );
    await eventually(async () =>
      expect(await payments.findAttempt(input.orderId)).toMatchObject({ status: 'SUCCEEDED' }),
    );
    expect(await chargesOf(input.orderId)).toHaveLength(1);
  });

  it('before the charge is never charged once its order has ended', async () => {
    const input = newIntent();
    const ended = { ...input, chargeUntil: new Date(Date.now() - 2 * 60 * 60_000).toISOString() };
    expect(await payments.createIntent(ended)).toMatchObject({ status: 'PROCESSING' });
    await workUntil(async () =>
      expect(await payments.findAttempt(input.orderId)).toMatchObject({
        status: 'FAILED',
        failure: { code: 'never_charged' },
      }),
    );
    expect(await chargesOf(input.orderId)).toEqual([]);
  });

  it('between the charge and its write is settled later', async () => {
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

  it('during a poll is settled when the lease of that ends', async () => {
    const input = newIntent({ method: 'sim_timeout' });
    const { id } = await payments.createIntent(input);
    await payments.database.query(
      `UPDATE payments SET due_at = now() + interval '1 second', due_attempts = 1 WHERE id = $1`,
      [id],
    );
    await eventually(async () =>
      expect(await payments.findAttempt(input.orderId)).toMatchObject({ status: 'SUCCEEDED' }),
    );
    expect(await chargesOf(input.orderId)).toHaveLength(1);
  });
});

describe('the poll', () => {
  it('of a payment is due from the start, and not after it is settled', async () => {
    const input = newIntent({ method: 'sim_timeout' });
    const { id } = await payments.createIntent(input);
    const due = await dueOf(id);
    expect(due?.seconds).toBeGreaterThan(5);
    expect(due?.seconds).toBeLessThan(15.1);
    await untilDone(id);
  });

  it('polls for as long as the payment is pending, and does not fail', async () => {
    const input = newIntent({ method: 'sim_late_success' });
    const { id } = await payments.createIntent(input);
    await payments.database.query(
      `UPDATE simulator_charges SET succeeds_at = now() + interval '1 day'
       WHERE idempotency_key = $1`,
      [`${input.orderId}:1`],
    );
    // Older than the retry window of a failed step.
    await payments.database.query(
      `UPDATE payments SET created_at = now() - interval '3 days' WHERE id = $1`,
      [id],
    );
    for (let round = 0; round < 4; round += 1) {
      await payments.hurry();
      await eventually(async () => {
        const next = await dueOf(id);
        expect(next).toMatchObject({ attempts: 0, error: null });
        expect(next?.seconds).toBeGreaterThan(50 * 60);
        expect(next?.seconds).toBeLessThan(61 * 60);
      });
    }
    // Settles the payment, so that the ledgers are equal.
    await payments.database.query(
      'UPDATE simulator_charges SET succeeds_at = now() WHERE idempotency_key = $1',
      [`${input.orderId}:1`],
    );
    await untilDone(id);
  });
});

describe('the order service', () => {
  it('is notified again until it responds', async () => {
    payments.orders.fail();
    const input = newIntent({ method: 'sim_late_success' });
    const { id } = await payments.createIntent(input);
    await workUntil(async () =>
      expect(await dueOf(id)).toMatchObject({ error: expect.any(String) }),
    );
    expect(payments.orders.notified).not.toContain(input.orderId);
    payments.orders.recover();
    await eventually(() => expect(payments.orders.notified).toContain(input.orderId));
    await eventually(async () =>
      expect(await dueOf(id)).toMatchObject({ seconds: null, error: null }),
    );
  });

  it('that hangs delays no poll, and a provider that hangs no notification', async () => {
    await payments.database.query(`ALTER TABLE simulator_charges RENAME TO away`);
    const stuck = await payments.database.query<{ id: string }>(
      `INSERT INTO payments (id, order_id, attempt, user_id, amount_cents, currency, provider,
         method, created_at, updated_at, due_at)
       SELECT gen_random_uuid(), gen_random_uuid(), 1, gen_random_uuid(), 1, 'EUR', 'simulator',
         'sim_success', now(), now(), now() FROM generate_series(1, 20)
       RETURNING id`,
    );
    const orderId = newIntent().orderId;
    await payments.database.query(
      `INSERT INTO payments (id, order_id, attempt, user_id, amount_cents, currency, provider,
         method, created_at, updated_at, due_at, status, captured_at, notify_at)
       VALUES (gen_random_uuid(), $1, 1, gen_random_uuid(), 0, 'EUR', 'simulator', 'sim_success',
         now(), now(), now(), 'SUCCEEDED', now(), now())`,
      [orderId],
    );
    await eventually(() => expect(payments.orders.notified).toContain(orderId));
    await payments.database.query('ALTER TABLE away RENAME TO simulator_charges');
    await eventually(async () =>
      expect(
        await payments.database.query(
          "SELECT id FROM payments WHERE id = ANY($1) AND status = 'PROCESSING'",
          [stuck.map(({ id }) => id)],
        ),
      ).toEqual([]),
    );
  });
});
