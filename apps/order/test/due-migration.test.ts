import { readdir, readFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startJobs } from '@cartograph/jobs';
import { makeTestDatabase, testInfrastructure, type TestDatabase } from '@cartograph/testing';

const MIGRATIONS = new URL('../../../prisma/order/migrations/', import.meta.url);
const MIGRATION = '20261201101000_due_orders';

const readMigration = (name: string) =>
  readFile(new URL(`${name}/migration.sql`, MIGRATIONS), 'utf8');

let database: TestDatabase;

/** A database as it was before orders had a time at which they are due. */
beforeEach(async () => {
  database = await makeTestDatabase();
  const names = (await readdir(MIGRATIONS)).filter((name) => /^\d/.test(name)).toSorted();
  for (const name of names.filter((other) => other < MIGRATION)) {
    await database.query(await readMigration(name));
  }
});

afterEach(() => database.drop());

const migrate = async () => database.query(await readMigration(MIGRATION));

/** Workers make the tables of the jobs; none runs. */
const makeJobTables = async () => {
  const { log } = testInfrastructure();
  const tasks = { nothing: async () => {} };
  const stop = await startJobs({ databaseUrl: database.url, log, tasks, concurrency: 1 });
  await stop();
};

const addJob = (name: string, orderId: string, change = '') =>
  database
    .query(
      `WITH job AS (SELECT graphile_worker.add_job($1, json_build_object('orderId', $2::text, 'attempt', 1)) AS it)
     SELECT (it).id FROM job`,
      [name, orderId],
    )
    .then(async () => {
      if (change) await database.query(`UPDATE graphile_worker._private_jobs SET ${change}`);
    });

type Line = readonly [event: string, reason?: string];

/** Adds an order with its history. @returns its id */
const addOrder = async (status: string, lines: readonly Line[]): Promise<string> => {
  const isCancelled = status === 'CANCELLED';
  const reason = lines.find(([event]) => event === 'CANCELLED')?.[1] ?? null;
  const [order] = await database.query<{ id: string }>(
    `INSERT INTO orders (id, user_id, status, total_cents, currency, cancel_reason, cancelled_at,
       reserved_until, created_at, updated_at)
     VALUES (gen_random_uuid(), gen_random_uuid(), $1::order_status, 1, 'EUR', $2, $3,
       now() + interval '10 minutes', now(), now()) RETURNING id`,
    [status, isCancelled ? reason : null, isCancelled ? new Date() : null],
  );
  for (const [event, why] of lines) {
    await database.query(
      `INSERT INTO order_history (order_id, at, event, to_status, actor, reason)
       VALUES ($1, now(), $2::order_event_type, 'PENDING', 'SHOP', $3)`,
      [order?.id, event, why],
    );
  }
  return order?.id ?? '';
};

const rowOf = async (id: string) => {
  const [row] = await database.query<{ seconds: number | null }>(
    `SELECT extract(epoch FROM due_at - now())::float AS seconds,
       payment_started_at IS NOT NULL AS started, payment_outcome AS outcome,
       stock_settled_at IS NOT NULL AS settled, refund_owed_at IS NOT NULL AS owed,
       refunded_at IS NOT NULL AS refunded, dead_at FROM orders WHERE id = $1`,
    [id],
  );
  const seconds = row?.seconds ?? null;
  const due = seconds === null ? 'never' : seconds <= 0 ? 'now' : 'at its expiry';
  if (due === 'at its expiry') expect(Math.round(seconds! / 30)).toBe(21);
  return { ...row, seconds: undefined, due };
};

const state = (fields: object) => ({
  started: false,
  outcome: null,
  settled: false,
  owed: false,
  refunded: false,
  dead_at: null,
  ...fields,
});

const STARTED: Line = ['PAYMENT_STARTED'];
const PAID: Line = ['PAYMENT_DECIDED', 'SUCCEEDED'];
const DECLINED: Line = ['PAYMENT_DECIDED', 'card_declined'];
const SETTLED: Line = ['STOCK_SETTLED', 'COMMITTED'];
const cancelledFor = (reason: string): Line => ['CANCELLED', reason];
const REFUND: Line = ['REFUND_REQUESTED', 'EXPIRED'];

describe('an order from before due rows', () => {
  it.each<[string, string, readonly Line[], object]>([
    ['without a payment waits for its expiry', 'PENDING', [], { due: 'at its expiry' }],
    ['with a started payment is checked', 'PENDING', [STARTED], { started: true, due: 'now' }],
    [
      'that was paid is settled',
      'CONFIRMED',
      [STARTED, PAID, ['CONFIRMED']],
      { started: true, outcome: 'SUCCEEDED', due: 'now' },
    ],
    [
      'that was paid and settled is done',
      'CONFIRMED',
      [STARTED, PAID, ['CONFIRMED'], SETTLED],
      { started: true, outcome: 'SUCCEEDED', settled: true, due: 'never' },
    ],
    [
      'from before the history was written is settled again',
      'CONFIRMED',
      [['CONFIRMED']],
      { outcome: 'SUCCEEDED', due: 'now' },
    ],
    [
      'that was declined and settled is done',
      'CANCELLED',
      [STARTED, DECLINED, cancelledFor('PAYMENT_FAILED'), SETTLED],
      { started: true, outcome: 'card_declined', settled: true, due: 'never' },
    ],
    [
      'that expired without a payment is released',
      'CANCELLED',
      [cancelledFor('EXPIRED')],
      { due: 'now' },
    ],
    [
      'that was cancelled during its payment is checked',
      'CANCELLED',
      [STARTED, cancelledFor('CUSTOMER_REQUEST'), SETTLED],
      { started: true, settled: true, due: 'now' },
    ],
  ])('%s', async (_what, status, lines, expected) => {
    const id = await addOrder(status, lines);
    await migrate();
    expect(await rowOf(id)).toEqual(state(expected));
  });

  const REFUNDED = [STARTED, cancelledFor('EXPIRED'), SETTLED, PAID, REFUND];
  const owed = { started: true, outcome: 'SUCCEEDED', settled: true, owed: true };

  it.each([
    ['queued', ''],
    ['dead-lettered', 'attempts = max_attempts'],
    ['of a worker that was stopped', "locked_at = now(), locked_by = 'it'"],
  ])('with a refund whose job is %s is refunded now; the job is gone', async (_how, change) => {
    await makeJobTables();
    const [open, done] = [
      await addOrder('CANCELLED', REFUNDED),
      await addOrder('CANCELLED', REFUNDED),
    ];
    for (const name of ['settle_order', 'resolve_order']) await addJob(name, done);
    await addJob('refund_payment', open, change);
    await database.query("SELECT graphile_worker.add_job('forget_answers')");
    await migrate();
    expect(await rowOf(open)).toEqual(state({ ...owed, due: 'now' }));
    expect(await rowOf(done)).toEqual(state({ ...owed, refunded: true, due: 'never' }));
    const jobs = await database.query(
      `SELECT identifier FROM graphile_worker._private_jobs job
       JOIN graphile_worker._private_tasks task ON task.id = job.task_id`,
    );
    expect(jobs).toEqual([{ identifier: 'forget_answers' }]);
  });

  it('with a refund is refunded again where there are no tables of jobs', async () => {
    const id = await addOrder('CANCELLED', REFUNDED);
    await migrate();
    expect(await rowOf(id)).toEqual(state({ ...owed, due: 'now' }));
  });

  it('that an older check refuses is left as it is; all others are migrated', async () => {
    await database.query('ALTER TABLE orders DROP CONSTRAINT orders_currency_check');
    const [bad, good] = [await addOrder('PENDING', []), await addOrder('PENDING', [])];
    await database.query("UPDATE orders SET currency = 'ERU' WHERE id = $1", [bad]);
    await database.query(
      "ALTER TABLE orders ADD CONSTRAINT orders_currency_check CHECK (currency = 'EUR') NOT VALID",
    );
    await migrate();
    expect(await rowOf(bad)).toMatchObject({ due: 'never' });
    expect(await rowOf(good)).toMatchObject({ due: 'at its expiry' });
    const [check] = await database.query(
      "SELECT convalidated FROM pg_constraint WHERE conname = 'orders_due_check'",
    );
    expect(check).toEqual({ convalidated: false });
    await expect(
      database.query('UPDATE orders SET due_at = NULL WHERE id = $1', [good]),
    ).rejects.toMatchObject({ constraint: 'orders_due_check' });
  });
});

describe('the index of due orders', () => {
  it('is what the sweeper reads', async () => {
    await migrate();
    await database.query(
      `INSERT INTO orders (id, user_id, status, total_cents, currency, cancel_reason, cancelled_at,
         reserved_until, created_at, updated_at, stock_settled_at)
       SELECT gen_random_uuid(), gen_random_uuid(), 'CANCELLED', 1, 'EUR', 'EXPIRED', now(), now(),
         now(), now(), now() FROM generate_series(1, 5000)`,
    );
    await database.query('ANALYZE orders');
    const plan = await database.query<{ 'QUERY PLAN': string }>(
      `EXPLAIN SELECT id FROM orders WHERE due_at <= now() AND dead_at IS NULL
         AND (status <> 'PENDING' AND stock_settled_at IS NULL)
       ORDER BY due_at LIMIT 4 FOR NO KEY UPDATE SKIP LOCKED`,
    );
    expect(plan.map((line) => line['QUERY PLAN']).join('\n')).toContain(
      'Index Scan using orders_due_idx',
    );
  });
});
