import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeTestDatabase, type TestDatabase } from '@cartograph/testing';
import { runMigrations } from 'graphile-worker';

const MIGRATIONS = path.resolve(import.meta.dirname, '../../../prisma/payment/migrations');
const DUE_ROWS = '20261201103000_due_rows';

const sqlOf = (name: string) => readFileSync(path.join(MIGRATIONS, name, 'migration.sql'), 'utf8');

let database: TestDatabase;

/** The database as it was before payments had due rows. */
beforeEach(async () => {
  database = await makeTestDatabase();
  const names = readdirSync(MIGRATIONS, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name < DUE_ROWS)
    .map(({ name }) => name)
    .sort();
  for (const name of names) await database.query(sqlOf(name));
});

afterEach(() => database.drop());

const migrate = async () => {
  await database.query('BEGIN');
  await database.query(sqlOf(DUE_ROWS));
  await database.query('COMMIT');
};

const insertPayment = async (status: string, fields: Record<string, string> = {}) => {
  const id = randomUUID();
  const columns = Object.keys(fields).map((name) => `, ${name}`);
  const values = Object.values(fields).map((value) => `, ${value}`);
  await database.query(
    `INSERT INTO payments (id, order_id, attempt, user_id, amount_cents, currency, provider, method,
       created_at, status${columns.join('')})
     VALUES ($1, gen_random_uuid(), 1, gen_random_uuid(), 1000, 'EUR', 'simulator', 'x', now(),
       $2::payment_status${values.join('')})`,
    [id, status],
  );
  return id;
};

const NOW = { updated_at: 'now()' };
const CAPTURED = { ...NOW, captured_at: 'now()' };
const DECLINED = { ...NOW, failure_code: "'no'" };

const insertRefund = async (paymentId: string) => {
  const id = randomUUID();
  await database.query(
    `INSERT INTO refunds (id, payment_id, amount_cents, reason, key, requested_by, created_at,
       updated_at)
     VALUES ($1, $2, 1000, 'x', $3, 'order', now(), now())`,
    [id, paymentId, `request:${id}`],
  );
  return id;
};

const insertDebt = (paymentId: string) =>
  database.query("INSERT INTO refund_debts VALUES ($1, 'x', 'order', now())", [paymentId]);

const insertEvent = async (processedAt = 'NULL') => {
  const id = randomUUID();
  await database.query(
    `INSERT INTO provider_events (id, provider, event_id, received_at, processed_at)
     VALUES ($1, 'simulator', $2, now(), ${processedAt})`,
    [id, `evt_${id}`],
  );
  return id;
};

/** Adds a job due in some minutes, then changes its row. */
const addJob = async (task: string, id: string, minutes: number, change = 'attempts = 0') => {
  const [job] = await database.query<{ id: string }>(
    `SELECT id::text FROM graphile_worker.add_job($1, json_build_object('id', $2::text),
       run_at => now() + make_interval(mins => $3))`,
    [task, id, minutes],
  );
  await database.query(`UPDATE graphile_worker._private_jobs SET ${change} WHERE id = $1`, [
    job?.id,
  ]);
};

const DEAD = "attempts = max_attempts, last_error = 'no luck'";

const dueOf = async (table: string, id: string, key = 'id') => {
  const [row] = await database.query<Record<string, unknown>>(
    `SELECT round(extract(epoch FROM due_at - now()) / 60)::int AS minutes, due_attempts AS attempts,
       due_error AS error, dead_at IS NOT NULL AS "isDead"
       ${table === 'payments' ? ', notify_at IS NOT NULL AS notifies' : ''}
     FROM ${table} WHERE ${key} = $1`,
    [id],
  );
  return row;
};

const due = (minutes: number | null, fields: object = {}) => ({
  minutes,
  attempts: 0,
  error: null,
  isDead: false,
  ...fields,
});
const payment = (minutes: number | null, fields: object = {}) =>
  due(minutes, { notifies: false, ...fields });

describe('the migration of jobs to due rows', () => {
  it('makes rows due by their own state in a database without jobs', async () => {
    const pending = await insertPayment('PROCESSING', NOW);
    const declined = await insertPayment('FAILED', DECLINED);
    const long = "now() - interval '7 hours'";
    const declinedLongAgo = await insertPayment('FAILED', { ...DECLINED, updated_at: long });
    const paid = await insertPayment('SUCCEEDED', CAPTURED);
    const refund = await insertRefund(paid);
    await insertDebt(paid);
    const events = [await insertEvent(), await insertEvent('now()')];
    await migrate();
    expect(await dueOf('payments', pending)).toEqual(payment(0));
    expect(await dueOf('payments', declined)).toEqual(payment(0));
    expect(await dueOf('payments', declinedLongAgo)).toEqual(payment(null));
    expect(await dueOf('payments', paid)).toEqual(payment(null));
    expect(await dueOf('refunds', refund)).toEqual(due(0));
    expect(await dueOf('refund_debts', paid, 'payment_id')).toEqual(due(0));
    expect(await dueOf('provider_events', events[0] ?? '')).toEqual(due(0));
    expect(await dueOf('provider_events', events[1] ?? '')).toEqual(due(null));
  });

  it('takes the times and failures of the jobs, and deletes them', async () => {
    await runMigrations({ connectionString: database.url });
    const pending = await insertPayment('PROCESSING', NOW);
    await addJob('ask_provider', pending, 15, "attempts = 2, last_error = 'once'");
    const untold = await insertPayment('SUCCEEDED', CAPTURED);
    await addJob('tell_order', untold, 1);
    await addJob('ask_provider', untold, 15);
    const declined = await insertPayment('FAILED', DECLINED);
    await addJob('tell_order', declined, 2);
    await addJob('watch_decline', declined, 10);
    const watched = await insertPayment('FAILED', DECLINED);
    await addJob('watch_decline', watched, 50);
    const paid = await insertPayment('SUCCEEDED', CAPTURED);
    const refund = await insertRefund(paid);
    await addJob('request_refund', refund, 20);
    await insertDebt(paid);
    await addJob('repay_debt', paid, 7);
    const held = await insertEvent();
    await addJob('process_event', held, -5, "attempts = 1, locked_at = now(), locked_by = 'w'");
    await addJob('deliver_webhook', randomUUID(), 5);
    await migrate();
    expect(await dueOf('payments', pending)).toEqual(payment(15, { attempts: 2, error: 'once' }));
    expect(await dueOf('payments', untold)).toEqual(payment(1, { notifies: true }));
    expect(await dueOf('payments', declined)).toEqual(payment(2, { notifies: true }));
    expect(await dueOf('payments', watched)).toEqual(payment(50));
    expect(await dueOf('refunds', refund)).toEqual(due(20));
    expect(await dueOf('refund_debts', paid, 'payment_id')).toEqual(due(7));
    expect(await dueOf('provider_events', held)).toEqual(due(-5, { attempts: 1 }));
    expect(
      await database.query('SELECT task_identifier AS task FROM graphile_worker.jobs'),
    ).toEqual([{ task: 'deliver_webhook' }]);
  });

  it('keeps what was dead-lettered dead, unless the row has other work', async () => {
    await runMigrations({ connectionString: database.url });
    const dead = { attempts: 3, error: 'no luck', isDead: true };
    const pending = await insertPayment('PROCESSING', NOW);
    await addJob('ask_provider', pending, 0, DEAD);
    const untold = await insertPayment('SUCCEEDED', CAPTURED);
    await addJob('tell_order', untold, 0, DEAD);
    const watched = await insertPayment('FAILED', DECLINED);
    await addJob('tell_order', watched, 0, DEAD);
    await addJob('watch_decline', watched, 10);
    // The key of this job was taken over by the next one while it ran.
    const held = await insertPayment('PROCESSING', NOW);
    await addJob('ask_provider', held, 0, `${DEAD}, locked_at = now(), locked_by = 'w'`);
    const refund = await insertRefund(untold);
    await addJob('request_refund', refund, 0, DEAD);
    await insertDebt(untold);
    await addJob('repay_debt', untold, 0, DEAD);
    const event = await insertEvent();
    await addJob('process_event', event, 0, DEAD);
    await migrate();
    expect(await dueOf('payments', pending)).toEqual(payment(0, dead));
    expect(await dueOf('payments', untold)).toEqual(payment(0, { ...dead, notifies: true }));
    const alive = { attempts: 3, error: 'no luck' };
    expect(await dueOf('payments', watched)).toEqual(payment(0, { ...alive, notifies: true }));
    expect(await dueOf('payments', held)).toEqual(payment(0, alive));
    expect(await dueOf('refunds', refund)).toEqual(due(0, dead));
    expect(await dueOf('refund_debts', untold, 'payment_id')).toEqual(due(0, dead));
    expect(await dueOf('provider_events', event)).toEqual(due(0, dead));
  });

  it('leaves a row that an older version stored and no check allows as it is', async () => {
    await database.query('ALTER TABLE payments DROP CONSTRAINT payments_currency_check');
    const unknown = await insertPayment('PROCESSING', NOW);
    await database.query("UPDATE payments SET currency = 'XXX' WHERE id = $1", [unknown]);
    await database.query(
      "ALTER TABLE payments ADD CONSTRAINT known CHECK (currency <> 'XXX') NOT VALID",
    );
    const pending = await insertPayment('PROCESSING', NOW);
    await migrate();
    expect(await dueOf('payments', unknown)).toEqual(payment(null));
    expect(await dueOf('payments', pending)).toEqual(payment(0));
  });
});
