import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '@cartograph/testing';
import { signWebhook } from '../src/clients/simulator/signature.ts';
import { openPayment, type PaymentService } from './open-payment.ts';
import { newIntent } from './operations.ts';

let payments: PaymentService;

beforeAll(async () => {
  payments = await openPayment();
});

afterAll(() => payments.closeBalanced());

const secret = () => payments.config.providers.simulator?.webhooks.secret ?? '';

/** Sends a webhook about a charge, signed as the simulator does. */
const sendWebhook = (key: string, fields: object = {}, by = secret()) => {
  const object = { reference: 'sim_other', idempotency_key: key };
  const body = JSON.stringify({ id: `evt_${randomUUID()}`, data: { object }, ...fields });
  return payments.record('simulator', body, signWebhook(by, body));
};

const webhooksOf = (orderId: string) =>
  payments.webhooks
    .filter((body) => body.includes(orderId))
    .map((body) => JSON.parse(body) as { id: string; type: string });

/** Waits until all events of a charge are processed. */
const untilProcessed = (orderId: string, count: number) =>
  eventually(async () => {
    const rows = await payments.database.query(
      `SELECT id FROM provider_events WHERE charge_key = $1 AND processed_at IS NOT NULL`,
      [`${orderId}:1`],
    );
    expect(rows).toHaveLength(count);
  });

describe('a delayed outcome', () => {
  it.each([
    ['sim_late_success', 'SUCCEEDED'],
    ['sim_late_decline', 'FAILED'],
  ])('of %s is stored after a webhook, without a poll', async (method, status) => {
    const input = newIntent({ method });
    expect(await payments.createIntent(input)).toMatchObject({ status: 'PROCESSING' });
    await payments.database.query(
      `UPDATE payments SET due_at = now() + interval '1 hour' WHERE status = 'PROCESSING'`,
    );
    await eventually(async () =>
      expect(await payments.findAttempt(input.orderId)).toMatchObject({ status }),
    );
    await eventually(() => expect(payments.orders.notified).toContain(input.orderId));
  });

  it('is stored when a webhook was refused at first', async () => {
    payments.refuseWebhooks(1);
    const input = newIntent({ method: 'sim_late_success' });
    await payments.createIntent(input);
    await eventually(async () =>
      expect(await payments.findAttempt(input.orderId)).toMatchObject({ status: 'SUCCEEDED' }),
    );
    payments.refuseWebhooks(0);
  });

  it('is stored once for repeated webhooks', async () => {
    const input = newIntent({ method: 'sim_duplicate_webhooks' });
    const { id } = await payments.createIntent(input);
    await eventually(() => expect(webhooksOf(input.orderId)).toHaveLength(10));
    expect(new Set(webhooksOf(input.orderId).map((event) => event.id)).size).toBe(2);
    await untilProcessed(input.orderId, 2);
    expect(await payments.findAttempt(input.orderId)).toMatchObject({ status: 'SUCCEEDED' });
    expect(await payments.eventsOf(id)).toEqual(['payment.succeeded']);
  });

  it('does not depend on the order of webhooks', async () => {
    const input = newIntent({ method: 'sim_reordered_webhooks' });
    const { id } = await payments.createIntent(input);
    await eventually(async () => {
      const types = webhooksOf(input.orderId).map((event) => event.type);
      expect(types.toSorted()).toEqual(['charge.processing', 'charge.succeeded']);
      expect(await payments.findAttempt(input.orderId)).toMatchObject({ status: 'SUCCEEDED' });
    });
    // On a busy machine those may have arrived in order: this one can't.
    await sendWebhook(`${input.orderId}:1`, { type: 'charge.processing' });
    expect(await payments.findAttempt(input.orderId)).toMatchObject({ status: 'SUCCEEDED' });
    expect(await payments.eventsOf(id)).toEqual(['payment.succeeded']);
  });
});

describe('a webhook that says what is stored', () => {
  it.each(['sim_success', 'sim_decline'])(
    'is not sent by the simulator after its answer: %s',
    async (method) => {
      const input = newIntent({ method });
      await payments.createIntent(input);
      expect(
        await payments.database.query(
          `SELECT 1 FROM graphile_worker._private_jobs WHERE payload::text LIKE $1`,
          [`%${input.orderId}%`],
        ),
      ).toEqual([]);
      expect(webhooksOf(input.orderId)).toEqual([]);
    },
  );

  it('is a duplicate, and nothing is stored', async () => {
    const input = newIntent();
    await payments.createIntent(input);
    const key = `${input.orderId}:1`;
    expect(await sendWebhook(key, { type: 'charge.succeeded' })).toMatchObject({
      __typename: 'PaymentEvent',
      duplicate: true,
    });
    expect(
      await payments.database.query('SELECT 1 FROM provider_events WHERE charge_key = $1', [key]),
    ).toEqual([]);
    // One that contradicts it is stored, and changes nothing.
    expect(await sendWebhook(key, { type: 'charge.failed' })).toMatchObject({ duplicate: false });
    await untilProcessed(input.orderId, 1);
    expect(await payments.findAttempt(input.orderId)).toMatchObject({ status: 'SUCCEEDED' });
  });
});

describe('a webhook', () => {
  it('makes the service query the provider, and does not settle a payment itself', async () => {
    const input = newIntent({ method: 'sim_late_decline' });
    await payments.createIntent(input);
    const key = `${input.orderId}:1`;
    expect(await sendWebhook(key, { type: 'charge.succeeded' })).toMatchObject({
      duplicate: false,
    });
    await eventually(async () =>
      expect(await payments.findAttempt(input.orderId)).toMatchObject({ status: 'FAILED' }),
    );
  });

  it('about an unknown charge is stored and changes nothing', async () => {
    const key = `${randomUUID()}:1`;
    const { id } = await sendWebhook(key);
    await eventually(async () => {
      const rows = await payments.database.query(
        'SELECT id FROM provider_events WHERE id = $1 AND processed_at IS NOT NULL',
        [id],
      );
      expect(rows).toHaveLength(1);
    });
    expect((await sendWebhook('another key')).__typename).toBe('PaymentEvent');
  });

  it('is stored once for concurrent requests', async () => {
    const id = `evt_${randomUUID()}`;
    const key = `${randomUUID()}:1`;
    const receipts = await Promise.all(Array.from({ length: 20 }, () => sendWebhook(key, { id })));
    expect(new Set(receipts.map((receipt) => receipt.id)).size).toBe(1);
    expect(receipts.filter((receipt) => receipt.duplicate === false)).toHaveLength(1);
    const rows = await payments.database.query(
      'SELECT id FROM provider_events WHERE event_id = $1',
      [id],
    );
    expect(rows).toHaveLength(1);
  });
});

describe('a stored event', () => {
  it('has the ids of the event and the charge, and no personal data', async () => {
    const key = `${randomUUID()}:1`;
    const { id } = await sendWebhook(key, { receipt_email: 'customer@example.com' });
    const rows = await payments.database.query('SELECT * FROM provider_events WHERE id = $1', [id]);
    expect(rows).toMatchObject([{ provider: 'simulator', charge_key: key }]);
    expect(JSON.stringify(rows)).not.toContain('example.com');
  });

  it('is purged 30 days after it was processed, in any number, and not before', async () => {
    const insert = (eventId: string, processed: string, count = 1) =>
      payments.database.query(
        `INSERT INTO provider_events (id, provider, event_id, received_at, processed_at)
         SELECT gen_random_uuid(), 'purged', $1 || n, now() - interval '40 days',
           now() - $2::interval
         FROM generate_series(1, $3::int) AS n`,
        [eventId, processed, count],
      );
    await insert('old', '30 days 1 second', 2_001);
    await insert('young', '29 days 23 hours 59 minutes');
    await payments.database.query(
      `INSERT INTO provider_events (id, provider, event_id, received_at, dead_at)
       VALUES (gen_random_uuid(), 'purged', 'unprocessed', now() - interval '40 days', now())`,
    );
    await payments.database.query("SELECT graphile_worker.add_job('forget_provider_events')");
    await eventually(async () => {
      const rows = await payments.database.query(
        `SELECT event_id FROM provider_events WHERE provider = 'purged' ORDER BY event_id`,
      );
      expect(rows).toEqual([{ event_id: 'unprocessed' }, { event_id: 'young1' }]);
    });
  });
});

describe('an invalid webhook', () => {
  const body = JSON.stringify({
    id: 'evt_forged',
    data: { object: { reference: 'r', idempotency_key: `${randomUUID()}:1` } },
  });

  it.each<[string, () => [string, string, string]]>([
    ['of an unknown provider', () => ['paypal', body, signWebhook(secret(), body)]],
    ['of a provider that is not configured', () => ['stripe', body, signWebhook(secret(), body)]],
    [
      'of a provider named as a property of Object.prototype',
      () => ['constructor', body, signWebhook(secret(), body)],
    ],
    ['without a signature', () => ['simulator', body, '']],
    ['signed with another secret', () => ['simulator', body, signWebhook('x'.repeat(40), body)]],
    ['with a changed body', () => ['simulator', `${body} `, signWebhook(secret(), body)]],
    [
      'from ten minutes ago',
      () => ['simulator', body, signWebhook(secret(), body, Date.now() - 600_000)],
    ],
    ['that is not JSON', () => ['simulator', '{', signWebhook(secret(), '{')]],
    ['that is not an event', () => ['simulator', '[]', signWebhook(secret(), '[]')]],
    [
      'that is too large',
      () => {
        const large = body.replace('}', `,"x":"${'x'.repeat(300_000)}"}`);
        return ['simulator', large, signWebhook(secret(), large)];
      },
    ],
    [
      'with a NUL in it',
      () => {
        const nul = `${body}\0`;
        return ['simulator', nul, signWebhook(secret(), nul)];
      },
    ],
  ])('%s is refused and not stored', async (_fault, make) => {
    const count = async () =>
      (await payments.database.query('SELECT id FROM provider_events')).length;
    const before = await count();
    expect(await payments.record(...make())).toMatchObject({
      __typename: 'PaymentEventRefusedProblem',
      code: 'PAYMENT_EVENT_REFUSED',
    });
    expect(await count()).toBe(before);
  });
});
