import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '@cartograph/testing';
import { openPayment, type PaymentService } from './open-payment.ts';
import { newIntent, REFUND_PAYMENT } from './operations.ts';

let payments: PaymentService;

beforeAll(async () => {
  // Long enough to request a refund before the capture.
  payments = await openPayment({ SIMULATOR_DELAY_MS: '3000' });
});

afterAll(() => payments.closeBalanced());

/** A request to refund 100 of a new payment, under a new key. */
const newRequest = async (fields: object = {}) => {
  const { id } = await payments.createIntent(newIntent(fields));
  return { paymentId: id, amount: 100, reason: 'goodwill', idempotencyKey: randomUUID() };
};

type Request = Awaited<ReturnType<typeof newRequest>>;

const refundsOf = (paymentId: string) =>
  payments.database.query('SELECT id FROM refunds WHERE payment_id = $1', [paymentId]);

const responseTo = async (input: object) =>
  JSON.stringify(await payments.asRouter(REFUND_PAYMENT, { input }, payments.admin.authorization));

const setKey = (request: Request, change: string) =>
  payments.database.query(`UPDATE idempotency_keys SET ${change} WHERE key = $1`, [
    request.idempotencyKey,
  ]);

describe('a refund with an idempotency key', () => {
  it('returns the first response byte for byte, although the payment has changed', async () => {
    const request = await newRequest();
    const first = await responseTo(request);
    expect(first).toContain('"SUCCEEDED"');
    await payments.refund({ paymentId: request.paymentId });
    expect(await responseTo(request)).toBe(first);
    expect(await refundsOf(request.paymentId)).toHaveLength(2);
  });

  it('is made once for concurrent requests, with one response for all', async () => {
    const request = await newRequest();
    const responses = await Promise.all(Array.from({ length: 30 }, () => responseTo(request)));
    expect(responses[0]).toContain('"SUCCEEDED"');
    expect(responses).toEqual(Array(30).fill(responses[0]));
    expect(await refundsOf(request.paymentId)).toHaveLength(1);
  });

  it('conflicts with another body, but not with a request of another administrator', async () => {
    const request = await newRequest();
    const first = await payments.refund(request);
    for (const change of [{ amount: 101 }, { amount: undefined }, { reason: 'other' }]) {
      expect(await payments.refund({ ...request, ...change })).toMatchObject({
        code: 'IDEMPOTENCY_CONFLICT',
      });
    }
    const other = await payments.refund(request, payments.tokens.authorize('ADMIN'));
    expect(other.__typename).toBe('Refund');
    expect(other.id).not.toBe(first.id);
    expect(await refundsOf(request.paymentId)).toHaveLength(2);
  });

  it('repeats a problem as well, although the refund is possible now', async () => {
    const request = { ...(await newRequest({ method: 'sim_late_success' })) };
    const refused = await responseTo(request);
    expect(refused).toContain('PAYMENT_NOT_REFUNDABLE');
    await eventually(async () =>
      expect(await payments.refund({ ...request, idempotencyKey: null })).toMatchObject({
        __typename: 'Refund',
      }),
    );
    expect(await responseTo(request)).toBe(refused);
  });

  it('that crashed is repeated after its lease, as the same refund', async () => {
    const request = await newRequest();
    const first = await payments.refund(request);
    await setKey(request, "response = NULL, locked_until = now() + interval '1 minute'");
    expect(await payments.refund(request)).toMatchObject({ code: 'REQUEST_IN_FLIGHT' });
    await setKey(request, "locked_until = now() - interval '1 second'");
    expect(await payments.refund(request)).toEqual(first);
    expect(await refundsOf(request.paymentId)).toHaveLength(1);
  });

  it('that failed with an internal error can be repeated immediately', async () => {
    const request = await newRequest();
    await payments.database.query(
      `ALTER TABLE refunds ADD CONSTRAINT broken CHECK (key = '') NOT VALID`,
    );
    await expect(payments.refund(request)).rejects.toThrow('Something went wrong');
    await payments.database.query('ALTER TABLE refunds DROP CONSTRAINT broken');
    expect(await payments.refund(request)).toMatchObject({ __typename: 'Refund' });
    expect(await refundsOf(request.paymentId)).toHaveLength(1);
  });

  it('is purged after 24 hours, and not before', async () => {
    const [old, young] = [await newRequest(), await newRequest()];
    await payments.refund(old);
    await payments.refund(young);
    await setKey(old, "created_at = now() - interval '24 hours 1 second'");
    await setKey(young, "created_at = now() - interval '23 hours 59 minutes'");
    await payments.database.query("SELECT graphile_worker.add_job('forget_answers')");
    const stored = () =>
      payments.database.query<{ key: string }>(
        'SELECT key FROM idempotency_keys WHERE key = ANY($1)',
        [[old.idempotencyKey, young.idempotencyKey]],
      );
    await eventually(async () => expect(await stored()).toEqual([{ key: young.idempotencyKey }]));
  });
});
