import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeTestDatabase, type TestDatabase } from '@cartograph/testing';

let database: TestDatabase;

beforeAll(async () => {
  database = await makeTestDatabase('payment');
  await database.query(`
    INSERT INTO payments (id, order_id, attempt, user_id, amount_cents, currency, provider, method,
      created_at, updated_at, due_at)
    VALUES (gen_random_uuid(), gen_random_uuid(), 1, gen_random_uuid(), 1000, 'EUR', 'simulator',
      'x', now(), now(), now())`);
  await database.query(`
    INSERT INTO refunds (id, payment_id, amount_cents, reason, key, requested_by, created_at,
      updated_at, due_at)
    SELECT gen_random_uuid(), id, 1000, 'x', 'x', 'order', now(), now(), now() FROM payments`);
  await database.query(`
    INSERT INTO provider_events (id, provider, event_id, received_at, due_at)
    VALUES (gen_random_uuid(), 'stripe', 'x', now(), now())`);
});

afterAll(() => database.drop());

/** What the API can't show: an amount that JSON rounds, and years that are not four digits. */
const NOT_SHOWN = [
  'amount_cents = 9007199254740992',
  ...['created_at', 'updated_at'].flatMap((column) => [
    `${column} = '0001-12-31 23:59:59.999+00 BC'`,
    `${column} = '10000-01-01 00:00:00+00'`,
  ]),
];

describe('the payment database', () => {
  it.each([
    ['refunds', 'amount_cents = 0', 'refunds_amount_cents_check'],
    ['refunds', "status = 'FAILED'", 'refunds_failure_check'],
    ['refunds', "failure_code = 'x'", 'refunds_failure_check'],
    ['refunds', 'due_at = NULL', 'refunds_due_check'],
    ['payments', 'notify_at = now()', 'payments_notify_check'],
    ['provider_events', 'due_at = NULL', 'provider_events_due_check'],
    ...['payments', 'refunds'].flatMap((table) =>
      NOT_SHOWN.map((change): [string, string, string] => [table, change, `${table}_shown_check`]),
    ),
  ])('refuses in %s: %s', async (table, change, constraint) => {
    await expect(database.query(`UPDATE ${table} SET ${change}`)).rejects.toMatchObject({
      constraint,
    });
  });
});
