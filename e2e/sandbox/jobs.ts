import { eventually, type TestDatabase } from '@cartograph/testing';
import type { Sandbox } from './open-sandbox.ts';

/** The databases whose services run jobs. */
export const jobDatabasesOf = ({ databases }: Sandbox): readonly TestDatabase[] => [
  databases.order,
  databases.payment,
];

/** Tells the workers of a service that there are jobs to run. */
export const notifyWorkers = (database: TestDatabase): Promise<object[]> =>
  database.query(`SELECT pg_notify('jobs:insert', '{"count":1}')`);

/**
 * Reschedules jobs with these tasks.
 * @param about only jobs whose payload contains one of these ids; all jobs when left out
 */
export const rescheduleJobs = async (
  sandbox: Sandbox,
  tasks: readonly string[],
  at: 'now' | 'in an hour',
  about: readonly string[] | null = null,
): Promise<void> => {
  const runAt = at === 'now' ? 'now()' : "now() + interval '1 hour'";
  for (const database of jobDatabasesOf(sandbox)) {
    await database.query(
      `SELECT graphile_worker.reschedule_jobs(array_agg(id), run_at => ${runAt}, attempts => 0)
       FROM graphile_worker.jobs JOIN graphile_worker._private_jobs AS private USING (id)
       WHERE jobs.task_identifier = ANY($1) AND ($2::text[] IS NULL OR EXISTS (
         SELECT FROM unnest($2::text[]) AS name WHERE strpos(private.payload::text, name) > 0
       ))`,
      [tasks, about],
    );
    if (at === 'now') await notifyWorkers(database);
  }
};

/** Moves the time until which orders are reserved into the past. */
export const expireOrders = async (
  sandbox: Sandbox,
  ids: readonly string[],
  agoMs: number,
): Promise<void> => {
  await sandbox.databases.order.query(
    `UPDATE orders SET reserved_until = now() - make_interval(secs => $2)
     WHERE id = ANY($1::uuid[])`,
    [ids, agoMs / 1_000],
  );
};

/** Ends the holds of these orders, or of all orders of these products. */
export const expireHolds = async (
  { databases }: Sandbox,
  of: { readonly orders?: readonly string[]; readonly products?: readonly string[] },
): Promise<void> => {
  await databases.product.query(
    `UPDATE reservations SET expires_at = now() WHERE status = 'HELD' AND order_id IN (
       SELECT order_id FROM reservation_lines
       WHERE product_id = ANY($1::uuid[]) OR order_id = ANY($2::uuid[]))`,
    [of.products ?? [], of.orders ?? []],
  );
};

/** Makes the simulator settle now what it was to settle later. @param orderId all orders if empty */
export const settleCharges = async ({ databases }: Sandbox, orderId = ''): Promise<void> => {
  for (const time of ['succeeds_at', 'declines_at']) {
    await databases.payment.query(
      `UPDATE simulator_charges SET ${time} = now()
       WHERE ${time} > now() AND starts_with(idempotency_key, $1)`,
      [orderId],
    );
  }
};

/**
 * Waits until nothing is found.
 * @param push called immediately, and then about every second
 */
export const untilNone = async (
  find: () => Promise<readonly unknown[]>,
  push: () => Promise<unknown>,
  timeoutMs = 120_000,
): Promise<void> => {
  let tries = 0;
  await eventually(async () => {
    if (tries++ % 20 === 0) await push();
    const left = await find();
    if (left.length > 0) throw new Error(`left: ${JSON.stringify(left.slice(0, 20))}`);
  }, timeoutMs);
};

const TASKS = [
  'resolve_order',
  'settle_order',
  'refund_payment',
  'ask_provider',
  'tell_order',
  'request_refund',
  'process_event',
  'deliver_webhook',
];

/** Runs all jobs now, until none is left and no payment or refund is pending. */
export const drain = async (sandbox: Sandbox): Promise<void> => {
  const { order, payment } = sandbox.databases;

  // Checks of declines continue for hours: only those that are due must run.
  const jobs = `SELECT task_identifier FROM graphile_worker.jobs WHERE task_identifier = ANY($1)
    OR (task_identifier = 'watch_decline' AND run_at <= now())`;
  const pending = `SELECT id FROM payments WHERE status = 'PROCESSING'
    UNION ALL SELECT id FROM refunds WHERE status = 'PROCESSING'`;
  const find = async () => {
    const left = await Promise.all([
      order.query(jobs, [TASKS]),
      payment.query(jobs, [TASKS]),
      payment.query(pending),
    ]);
    return left.flat();
  };
  await untilNone(find, () => rescheduleJobs(sandbox, TASKS, 'now'));
};

/** Waits until all events so far are published and consumed. */
export const deliverEvents = ({ databases }: Sandbox): Promise<void> =>
  untilNone(
    async () => {
      const left = Object.values(databases).map((database) =>
        database.query(
          `SELECT 1 FROM events WHERE published_at IS NULL
           UNION ALL SELECT 1 FROM event_inbox WHERE consumed_at IS NULL`,
        ),
      );
      return (await Promise.all(left)).flat();
    },
    async () => undefined,
  );
