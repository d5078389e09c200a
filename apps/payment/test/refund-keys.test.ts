import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@cartograph/testing';
import { newIntent, openPayments, REFUND_PAYMENT, type Payments } from './open-payments.ts';

let payments: Payments;

beforeAll(async () => {
  // Long enough to ask for a refund before the money comes.
  payments = await openPayments({ SIMULATOR_DELAY_MS: '3000' });
});

afterAll(() => payments.closeBalanced());

/** A refund of 100 of a payment of its own, under a key of its own. */
const newRequest = async (fields: object = {}) => {
  const { id } = await payments.createIntent(newIntent(fields));
  return { paymentId: id, amount: 100, reason: 'goodwill', idempotencyKey: randomUUID() };
};

type Request = Awaited<ReturnType<typeof newRequest>>;

const refundsOf = (paymentId: string) =>
  payments.database.query('SELECT id FROM refunds WHERE payment_id = $1', [paymentId]);

const answerTo = async (input: object) =>
  JSON.stringify(await payments.asRouter(REFUND_PAYMENT, { input }, payments.admin.authorization));

const setKey = (request: Request, change: string) =>
  payments.database.query(`UPDATE idempotency_keys SET ${change} WHERE key = $1`, [
    request.idempotencyKey,
  ]);

describe('a refund under a key', () => {
  it('is answered byte for byte as the first time, though the payment moved on', async () => {
    const request = await newRequest();
    const first = await answerTo(request);
    expect(first).toContain('"SUCCEEDED"');
    await payments.refund({ paymentId: request.paymentId });
    expect(await answerTo(request)).toBe(first);
    expect(await refundsOf(request.paymentId)).toHaveLength(2);
  });

  it('is given once, however many ask at once, and all get the same answer', async () => {
    const request = await newRequest();
    const answers = await Promise.all(Array.from({ length: 30 }, () => answerTo(request)));
    expect(answers[0]).toContain('"SUCCEEDED"');
    expect(answers).toEqual(Array(30).fill(answers[0]));
    expect(await refundsOf(request.paymentId)).toHaveLength(1);
  });

  it('is a conflict with another body, and another request of another administrator', async () => {
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

  it('repeats a refusal as well, though it would be granted now', async () => {
    const request = { ...(await newRequest({ method: 'sim_late_success' })) };
    const refused = await answerTo(request);
    expect(refused).toContain('PAYMENT_NOT_REFUNDABLE');
    await eventually(async () =>
      expect(await payments.refund({ ...request, idempotencyKey: null })).toMatchObject({
        __typename: 'Refund',
      }),
    );
    expect(await answerTo(request)).toBe(refused);
  });

  it('that died under way frees its key when its lease ends, and is the same refund', async () => {
    const request = await newRequest();
    const first = await payments.refund(request);
    await setKey(request, "response = NULL, locked_until = now() + interval '1 minute'");
    expect(await payments.refund(request)).toMatchObject({ code: 'REQUEST_IN_FLIGHT' });
    await setKey(request, "locked_until = now() - interval '1 second'");
    expect(await payments.refund(request)).toEqual(first);
    expect(await refundsOf(request.paymentId)).toHaveLength(1);
  });

  it('that failed for a fault of ours may be repeated at once', async () => {
    const request = await newRequest();
    await payments.database.query(
      `ALTER TABLE refunds ADD CONSTRAINT broken CHECK (key = '') NOT VALID`,
    );
    await expect(payments.refund(request)).rejects.toThrow('Something went wrong');
    await payments.database.query('ALTER TABLE refunds DROP CONSTRAINT broken');
    expect(await payments.refund(request)).toMatchObject({ __typename: 'Refund' });
    expect(await refundsOf(request.paymentId)).toHaveLength(1);
  });

  it('is forgotten after 24 hours, and not before', async () => {
    const [old, young] = [await newRequest(), await newRequest()];
    await payments.refund(old);
    await payments.refund(young);
    await setKey(old, "created_at = now() - interval '24 hours 1 second'");
    await setKey(young, "created_at = now() - interval '23 hours 59 minutes'");
    await payments.database.query("SELECT graphile_worker.add_job('forget_answers')");
    const kept = () =>
      payments.database.query<{ key: string }>(
        'SELECT key FROM idempotency_keys WHERE key = ANY($1)',
        [[old.idempotencyKey, young.idempotencyKey]],
      );
    await eventually(async () => expect(await kept()).toEqual([{ key: young.idempotencyKey }]));
  });
});
