import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '@cartograph/testing';
import { openPayment, type PaymentService } from './open-payment.ts';
import { newIntent } from './operations.ts';

let payments: PaymentService;

beforeAll(async () => {
  // No webhook arrives: only polls can find a change.
  payments = await openPayment({ SIMULATOR_WEBHOOK_DROP: '1' });
});

afterAll(() => payments.closeBalanced());

/** Does what is due until `check` passes. */
const workUntil = (check: () => unknown) =>
  eventually(async () => {
    try {
      await check();
    } catch (error) {
      await payments.hurry();
      throw error;
    }
  });

/** The seconds until a payment is due; null when nothing is left to do. */
const dueIn = async (paymentId: string) => {
  const [row] = await payments.database.query<{ seconds: number | null }>(
    'SELECT extract(epoch FROM due_at - now())::float AS seconds FROM payments WHERE id = $1',
    [paymentId],
  );
  return row?.seconds;
};

describe('a charge that is captured after a decline, without a webhook', () => {
  const captureAt = (orderId: string, time: string) =>
    payments.database.query(
      `UPDATE simulator_charges SET succeeds_at = ${time} WHERE idempotency_key = $1`,
      [`${orderId}:1`],
    );

  it('is found by polling after ten minutes and later, and refunded', async () => {
    const input = newIntent({ method: 'sim_decline_then_success' });
    const { id, status } = await payments.createIntent(input);
    expect(status).toBe('FAILED');
    await captureAt(input.orderId, "now() + interval '1 day'");
    expect(await dueIn(id)).toBeGreaterThan(9 * 60);
    expect(await dueIn(id)).toBeLessThanOrEqual(10 * 60);
    // A poll without a change schedules the next poll.
    await payments.database.query(
      "UPDATE payments SET updated_at = now() - interval '10 minutes' WHERE id = $1",
      [id],
    );
    await workUntil(async () => {
      const seconds = (await dueIn(id)) ?? 0;
      expect(seconds).toBeGreaterThan(49 * 60);
      expect(seconds).toBeLessThanOrEqual(50 * 60);
    });

    await captureAt(input.orderId, 'now()');
    await workUntil(async () => {
      const refunds = await payments.database.query(
        'SELECT amount_cents::int AS cents, status FROM refunds WHERE payment_id = $1',
        [id],
      );
      expect(refunds).toEqual([{ cents: 1999, status: 'SUCCEEDED' }]);
      expect(await dueIn(id)).toBeNull();
    });
    expect(await payments.findAttempt(input.orderId)).toMatchObject({ status: 'FAILED' });
  });

  it('is not polled for after a success', async () => {
    const { id } = await payments.createIntent(newIntent());
    expect(await dueIn(id)).toBeNull();
  });
});
