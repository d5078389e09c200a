import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@cartograph/testing';
import { newIntent, openPayments, type Payments } from './open-payments.ts';

/** Replay a run with SIMULATOR_SEED=<the seed it printed>. */
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

/** The simulator draws by the keys of charges: they follow from the seed as well. */
const orderIdOf = (index: number): string => {
  const hex = createHash('sha256').update(`${seed}\n${index}`).digest('hex');
  return hex.replace(/^(.{8})(.{4})(.{3})(.{3})(.{12}).*$/, '$1-$2-4$3-8$4-$5');
};

let payments: Payments;

beforeAll(async () => {
  payments = await openPayments({
    SIMULATOR_SEED: seed,
    PROVIDER_TIMEOUT_MS: '500',
    SIMULATOR_WEBHOOK_DUPLICATES: '5',
    SIMULATOR_WEBHOOK_DROP: '0.2',
    SIMULATOR_WEBHOOK_REORDER: '0.5',
  });
});

afterAll(() => payments.close());

describe(`webhooks that come five times, in any order, or not at all (SIMULATOR_SEED=${seed})`, () => {
  it('lead to the same books on both sides, and tell the world once', async () => {
    const intents = Array.from({ length: 60 }, (_, index) =>
      newIntent({
        orderId: orderIdOf(index),
        method: METHODS[index % METHODS.length],
        amount: 100 + index,
      }),
    );
    await Promise.all(intents.map((intent) => payments.createIntent(intent)));
    await eventually(async () => {
      await payments.hurryJobs();
      const undone = await payments.database.query(
        `SELECT id FROM payments WHERE status = 'PROCESSING'
         UNION SELECT id FROM refunds WHERE status = 'PROCESSING'
         UNION SELECT gen_random_uuid() FROM graphile_worker.jobs
           WHERE task_identifier <> 'watch_decline'`,
      );
      expect(undone).toEqual([]);
    }, 50_000);
    const { ours, theirs } = await payments.sumBooks();
    expect(ours).toBe(theirs);
    expect(ours).toBeGreaterThan(0);

    const [twice] = await payments.database.query<{ count: number }>(
      `SELECT count(*)::int FROM (SELECT envelope->>'subject' FROM events
         WHERE envelope->>'type' IN ('payment.succeeded', 'payment.failed')
         GROUP BY 1 HAVING count(*) <> 1) AS repeated`,
    );
    expect(twice?.count).toBe(0);
    const told = new Set(payments.orders.told);
    for (const { orderId } of intents) expect(told).toContain(orderId);
  });
});
