import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventTypes, type EventType } from '@cartograph/events';
import { openPayment, type PaymentService } from './open-payment.ts';
import { newIntent } from './operations.ts';

let payments: PaymentService;

beforeAll(async () => {
  payments = await openPayment();
});

afterAll(() => payments.close());

const envelopesOf = async (paymentId: string) => {
  const rows = await payments.database.query<{ envelope: { type: EventType; data: object } }>(
    `SELECT envelope FROM events WHERE envelope->>'subject' = $1 ORDER BY position`,
    [paymentId],
  );
  for (const { envelope } of rows) {
    expect(eventTypes[envelope.type].data.safeParse(envelope.data).error).toBeUndefined();
  }
  return rows.map((row) => row.envelope);
};

describe('the events of a payment', () => {
  it('are stored in the outbox, as CloudEvents', async () => {
    const input = newIntent();
    const { id } = await payments.createIntent(input);
    const refund = await payments.refund({ paymentId: id, amount: 500 });
    const data = {
      paymentId: id,
      orderId: input.orderId,
      attempt: 1,
      amount: 1999,
      currency: 'EUR',
    };
    const envelope = {
      specversion: '1.0',
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      source: '/payment',
      subject: id,
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      datacontenttype: 'application/json',
    };
    expect(await envelopesOf(id)).toEqual([
      { ...envelope, type: 'payment.succeeded', data },
      {
        ...envelope,
        type: 'payment.refunded',
        data: { ...data, refundId: refund.id, refundAmount: 500, refunded: 500 },
      },
    ]);
  });

  it('contain the failure code of a failed payment', async () => {
    const { id } = await payments.createIntent(newIntent({ method: 'sim_decline' }));
    expect(await envelopesOf(id)).toMatchObject([
      { type: 'payment.failed', data: { failureCode: 'card_declined' } },
    ]);
  });

  it('are written in the same transaction as their cause', async () => {
    await payments.database.query(
      `ALTER TABLE events ADD CONSTRAINT blocked CHECK (envelope->>'type' = '') NOT VALID`,
    );
    const input = newIntent();
    expect(await payments.createIntent(input)).toMatchObject({ status: 'PROCESSING' });
    await payments.database.query('ALTER TABLE events DROP CONSTRAINT blocked');
    expect(await payments.createIntent(input)).toMatchObject({ status: 'SUCCEEDED' });
    const { id } = await payments.createIntent(input);
    expect(await envelopesOf(id)).toMatchObject([{ type: 'payment.succeeded' }]);
  });
});
