import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@cartograph/testing';
import { signWebhook } from '../src/clients/simulator/signature.ts';
import { newIntent, openPayments, type Payments } from './open-payments.ts';

let payments: Payments;

beforeAll(async () => {
  payments = await openPayments();
});

afterAll(() => payments.closeBalanced());

const secret = () => payments.config.providers.simulator?.webhooks.secret ?? '';

/** A webhook about a charge: what the simulator would say, or something else. */
const tell = (key: string, fields: object = {}, by = secret()) => {
  const object = { reference: 'sim_of_somebody', idempotency_key: key };
  const body = JSON.stringify({ id: `evt_${randomUUID()}`, data: { object }, ...fields });
  return payments.record('simulator', body, signWebhook(by, body));
};

const webhooksOf = (orderId: string) =>
  payments.webhooks
    .filter((body) => body.includes(orderId))
    .map((body) => JSON.parse(body) as { id: string; type: string });

/** Waits until everything that came about a charge is processed. */
const untilProcessed = (orderId: string, count: number) =>
  eventually(async () => {
    const rows = await payments.database.query(
      `SELECT id FROM provider_events WHERE charge_key = $1 AND processed_at IS NOT NULL`,
      [`${orderId}:1`],
    );
    expect(rows).toHaveLength(count);
  });

describe('a late decision', () => {
  it.each([
    ['sim_late_success', 'SUCCEEDED'],
    ['sim_late_decline', 'FAILED'],
  ])('of %s comes by webhook: nobody has to ask', async (method, status) => {
    const input = newIntent({ method });
    expect(await payments.createIntent(input)).toMatchObject({ status: 'PROCESSING' });
    await payments.database.query(
      `SELECT graphile_worker.reschedule_jobs(array_agg(id), run_at => now() + interval '1 hour')
       FROM graphile_worker.jobs WHERE task_identifier = 'ask_provider'`,
    );
    await eventually(async () =>
      expect(await payments.findAttempt(input.orderId)).toMatchObject({ status }),
    );
    await eventually(() => expect(payments.orders.told).toContain(input.orderId));
  });

  it('comes at last when the door was shut at first', async () => {
    payments.refuseWebhooks(1);
    const input = newIntent({ method: 'sim_late_success' });
    await payments.createIntent(input);
    await eventually(async () =>
      expect(await payments.findAttempt(input.orderId)).toMatchObject({ status: 'SUCCEEDED' }),
    );
    payments.refuseWebhooks(0);
  });

  it('is written once, however often it is told', async () => {
    const input = newIntent({ method: 'sim_duplicate_webhooks' });
    const { id } = await payments.createIntent(input);
    await eventually(() => expect(webhooksOf(input.orderId)).toHaveLength(10));
    expect(new Set(webhooksOf(input.orderId).map((event) => event.id)).size).toBe(2);
    await untilProcessed(input.orderId, 2);
    expect(await payments.findAttempt(input.orderId)).toMatchObject({ status: 'SUCCEEDED' });
    expect(await payments.eventsOf(id)).toEqual(['payment.succeeded']);
  });

  it('does not depend on the order in which it is told', async () => {
    const input = newIntent({ method: 'sim_reordered_webhooks' });
    const { id } = await payments.createIntent(input);
    await untilProcessed(input.orderId, 2);
    expect(webhooksOf(input.orderId).map((event) => event.type)).toEqual([
      'charge.succeeded',
      'charge.processing',
    ]);
    expect(await payments.findAttempt(input.orderId)).toMatchObject({ status: 'SUCCEEDED' });
    expect(await payments.eventsOf(id)).toEqual(['payment.succeeded']);
  });
});

describe('what a webhook says', () => {
  it('decides nothing: the provider is asked what is true', async () => {
    const input = newIntent({ method: 'sim_late_decline' });
    await payments.createIntent(input);
    const key = `${input.orderId}:1`;
    expect(await tell(key, { type: 'charge.succeeded' })).toMatchObject({ duplicate: false });
    await eventually(async () =>
      expect(await payments.findAttempt(input.orderId)).toMatchObject({ status: 'FAILED' }),
    );
  });

  it('about a charge that is none of ours is kept and changes nothing', async () => {
    const key = `${randomUUID()}:1`;
    const { id } = await tell(key);
    await eventually(async () => {
      const rows = await payments.database.query(
        'SELECT id FROM provider_events WHERE id = $1 AND processed_at IS NOT NULL',
        [id],
      );
      expect(rows).toHaveLength(1);
    });
    expect((await tell('no key of ours')).__typename).toBe('PaymentEvent');
  });

  it('is kept once, however often and at once it is handed in', async () => {
    const id = `evt_${randomUUID()}`;
    const key = `${randomUUID()}:1`;
    const receipts = await Promise.all(Array.from({ length: 20 }, () => tell(key, { id })));
    expect(new Set(receipts.map((receipt) => receipt.id)).size).toBe(1);
    expect(receipts.filter((receipt) => receipt.duplicate === false)).toHaveLength(1);
    const rows = await payments.database.query(
      'SELECT id FROM provider_events WHERE event_id = $1',
      [id],
    );
    expect(rows).toHaveLength(1);
  });
});

describe('what is kept of a webhook', () => {
  it('is which event it is and what it is about: nothing about people', async () => {
    const key = `${randomUUID()}:1`;
    const { id } = await tell(key, { receipt_email: 'somebody@example.com' });
    const rows = await payments.database.query('SELECT * FROM provider_events WHERE id = $1', [id]);
    expect(rows).toMatchObject([{ provider: 'simulator', charge_key: key }]);
    expect(JSON.stringify(rows)).not.toContain('example.com');
  });

  it('is forgotten 30 days after it was processed, however much it is, and not before', async () => {
    const keep = (eventId: string, processed: string, count = 1) =>
      payments.database.query(
        `INSERT INTO provider_events (id, provider, event_id, received_at, processed_at)
         SELECT gen_random_uuid(), 'forgetful', $1 || n, now() - interval '40 days',
           now() - $2::interval
         FROM generate_series(1, $3::int) AS n`,
        [eventId, processed, count],
      );
    await keep('old', '30 days 1 second', 2_001);
    await keep('young', '29 days 23 hours 59 minutes');
    await payments.database.query(
      `INSERT INTO provider_events (id, provider, event_id, received_at)
       VALUES (gen_random_uuid(), 'forgetful', 'undone', now() - interval '40 days')`,
    );
    await payments.database.query("SELECT graphile_worker.add_job('forget_provider_events')");
    await eventually(async () => {
      const rows = await payments.database.query(
        `SELECT event_id FROM provider_events WHERE provider = 'forgetful' ORDER BY event_id`,
      );
      expect(rows).toEqual([{ event_id: 'undone' }, { event_id: 'young1' }]);
    });
  });
});

describe('a webhook that proves nothing', () => {
  const body = JSON.stringify({
    id: 'evt_forged',
    data: { object: { reference: 'r', idempotency_key: `${randomUUID()}:1` } },
  });

  it.each<[string, () => [string, string, string]]>([
    ['of a provider that nobody knows', () => ['paypal', body, signWebhook(secret(), body)]],
    ['of a provider that is not switched on', () => ['stripe', body, signWebhook(secret(), body)]],
    ['under a name of the language', () => ['constructor', body, signWebhook(secret(), body)]],
    ['without a signature', () => ['simulator', body, '']],
    ['signed by another', () => ['simulator', body, signWebhook('x'.repeat(40), body)]],
    ['changed on the way', () => ['simulator', `${body} `, signWebhook(secret(), body)]],
    [
      'from ten minutes ago',
      () => ['simulator', body, signWebhook(secret(), body, Date.now() - 600_000)],
    ],
    ['that is no JSON', () => ['simulator', '{', signWebhook(secret(), '{')]],
    ['that is no event', () => ['simulator', '[]', signWebhook(secret(), '[]')]],
    [
      'that is larger than any',
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
  ])('%s is refused and leaves nothing behind', async (_fault, make) => {
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
