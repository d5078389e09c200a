import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '@cartograph/testing';
import { openPayment, type PaymentService } from './open-payment.ts';
import { newIntent } from './operations.ts';

let payments: PaymentService;

beforeAll(async () => {
  payments = await openPayment({ PAYMENT_JOB_RETRY_WINDOW_MS: '1' });
});

afterAll(() => payments.close());

describe('a payment whose provider fails', () => {
  it('is dead after the retry window, and no longer polled', async () => {
    await payments.createIntent(newIntent({ method: 'sim_late_success' }));
    await payments.database.query('ALTER TABLE simulator_charges RENAME TO away');
    // It has three attempts, however old it is.
    const row = await eventually(async () => {
      await payments.hurry();
      const [dead] = await payments.database.query<{ error: string }>(
        `SELECT due_error AS error FROM payments WHERE dead_at IS NOT NULL AND due_attempts >= 3`,
      );
      if (!dead) throw new Error('not dead');
      return dead;
    });
    expect(row).toMatchObject({ error: expect.stringContaining('simulator_charges') });
  });
});

describe('the payment database', () => {
  it.each([
    ['a pending payment', 'PROCESSING', 'NULL'],
    ['a payment whose order service is not notified', 'SUCCEEDED', 'now()'],
  ])('refuses %s without a time at which it is processed', async (_what, status, notifyAt) => {
    await expect(
      payments.database.query(
        `INSERT INTO payments (id, order_id, attempt, user_id, amount_cents, currency, provider,
           method, created_at, updated_at, status, captured_at, notify_at)
         VALUES (gen_random_uuid(), gen_random_uuid(), 1, gen_random_uuid(), 0, 'EUR', 'simulator',
           'x', now(), now(), $1::payment_status, now(), ${notifyAt})`,
        [status],
      ),
    ).rejects.toMatchObject({ constraint: 'payments_due_check' });
  });
});
