import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '@cartograph/testing';
import { openPayment, type PaymentService } from './open-payment.ts';
import { newIntent } from './operations.ts';

/** SIMULATOR_SEED=<the printed seed> repeats a run. */
const seed = process.env['SIMULATOR_SEED'] ?? String(Math.floor(Math.random() * 1e9));

const METHODS = [
  'sim_success',
  'sim_decline',
  'sim_chance',
  'sim_timeout',
  'sim_error_then_success',
  'sim_late_success',
  'sim_late_decline',
  'sim_duplicate_webhooks',
  'sim_reordered_webhooks',
];

/** Derived from the seed: the outcomes of the simulator depend on the keys of charges. */
const orderIdOf = (index: number): string => {
  const hex = createHash('sha256').update(`${seed}\n${index}`).digest('hex');
  return hex.replace(/^(.{8})(.{4})(.{3})(.{3})(.{12}).*$/, '$1-$2-4$3-8$4-$5');
};

let payments: PaymentService;

beforeAll(async () => {
  payments = await openPayment({
    SIMULATOR_SEED: seed,
    PROVIDER_TIMEOUT_MS: '500',
    SIMULATOR_WEBHOOKS: 'all',
    SIMULATOR_WEBHOOK_DUPLICATES: '5',
    SIMULATOR_WEBHOOK_DROP: '0.2',
    SIMULATOR_WEBHOOK_REORDER: '0.5',
  });
});

afterAll(() => payments.close());

describe(`webhooks that arrive five times, in any order, or not at all (SIMULATOR_SEED=${seed})`, () => {
  it('lead to equal ledgers, and to one event per payment', async () => {
    const intents = Array.from({ length: 60 }, (_, index) =>
      newIntent({
        orderId: orderIdOf(index),
        method: METHODS[index % METHODS.length],
        amount: 100 + index,
      }),
    );
    const results = await Promise.all(intents.map((intent) => payments.createIntent(intent)));
    await eventually(async () => {
      await payments.hurry();
      const pending = await payments.database.query(
        `SELECT id FROM payments WHERE status = 'PROCESSING'
         UNION SELECT id FROM refunds WHERE status = 'PROCESSING'
         UNION SELECT id FROM payments WHERE notify_at IS NOT NULL
         UNION SELECT id FROM provider_events WHERE processed_at IS NULL
         UNION SELECT gen_random_uuid() FROM graphile_worker.jobs`,
      );
      expect(pending).toEqual([]);
    }, 50_000);
    const { shop, simulator } = await payments.sumLedgers();
    expect(shop).toBe(simulator);
    expect(shop).toBeGreaterThan(0);

    const [repeated] = await payments.database.query<{ count: number }>(
      `SELECT count(*)::int FROM (SELECT envelope->>'subject' FROM events
         WHERE envelope->>'type' IN ('payment.succeeded', 'payment.failed')
         GROUP BY 1 HAVING count(*) <> 1) AS repeated`,
    );
    expect(repeated?.count).toBe(0);
    const notified = new Set(payments.orders.notified);
    results.forEach(({ status }, index) => {
      // The answer to the request was the notice of the others.
      if (status === 'PROCESSING') expect(notified).toContain(intents[index]?.orderId);
    });
  });
});
