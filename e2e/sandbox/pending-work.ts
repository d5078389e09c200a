import type { TestDatabase } from '@cartograph/testing';
import type { Sandbox } from './open-sandbox.ts';

/** What must still happen: a job of graphile-worker, or a row with a `due_at`. */
export type PendingWork = {
  readonly kind: WorkKind;
  /** Which job or row it is: `settle_order`, `orders`. */
  readonly name: string;
  /** `waits`: for its time. `held`: by a worker, or after a failure. */
  readonly state: 'waits' | 'due' | 'held' | 'dead-lettered';
  /** Whether it is due within SOON. */
  readonly isSoon: boolean;
};

/** Work that is due later waits for the end of an order, not for its next step. */
const SOON = "interval '60 seconds'";

/** The kind of each job, by its task. Periodic tasks, whose names begin with `forget_`, are no work. */
const KIND_OF_TASK = {
  resolve_order: 'check order',
  settle_order: 'finish order',
  refund_payment: 'finish order',
  ask_provider: 'check payment',
  watch_decline: 'check decline',
  tell_order: 'finish payment',
  request_refund: 'finish payment',
  process_event: 'finish payment',
  repay_debt: 'repay debt',
  deliver_webhook: 'deliver webhook',
} as const;

/** Work by its effect. A decline is checked for hours, a debt is repaid after a minute or more. */
export type WorkKind = (typeof KIND_OF_TASK)[keyof typeof KIND_OF_TASK] | 'free stock' | 'other';

const KIND_OF_JOB = `CASE task_identifier ${Object.entries(KIND_OF_TASK)
  .map(([task, kind]) => `WHEN '${task}' THEN '${kind}'`)
  .join(' ')} ELSE 'other' END`;

/** The kind of a row, by its table and its state. */
const kindOfRow = (table: string): string => {
  switch (table) {
    case 'orders':
      return `CASE status WHEN 'PENDING' THEN 'check order' ELSE 'finish order' END`;
    case 'payments':
      return `CASE WHEN status = 'PROCESSING' THEN 'check payment'
        WHEN status = 'FAILED' AND to_jsonb(payments)->>'notify_at' IS NULL THEN 'check decline'
        ELSE 'finish payment' END`;
    case 'refunds':
    case 'provider_events':
      return "'finish payment'";
    case 'refund_debts':
      return "'repay debt'";
    case 'idempotency_keys':
    case 'stock_holds':
    case 'reservations':
      return "'free stock'";
    default:
      return "'other'";
  }
};

/** Where a database stores work. */
type Store = {
  readonly hasJobs: boolean;
  readonly hasInbox: boolean;
  /** The columns that say when an event was published. */
  readonly publishedColumns: readonly string[];
  /** The tables with a `due_at`. */
  readonly tables: readonly string[];
  /** Those of them whose rows can be dead-lettered. */
  readonly deadTables: readonly string[];
};

const stores = new WeakMap<TestDatabase, Promise<Store>>();

const tablesWith = (column: string): string => `ARRAY(
  SELECT table_name::text FROM information_schema.columns
  WHERE table_schema = 'public' AND column_name = '${column}' ORDER BY 1)`;

const readStore = async (database: TestDatabase): Promise<Store> => {
  const [row] = await database.query<Store>(
    `SELECT to_regclass('graphile_worker.jobs') IS NOT NULL AS "hasJobs",
       to_regclass('event_inbox') IS NOT NULL AS "hasInbox",
       ARRAY(SELECT column_name::text FROM information_schema.columns
         WHERE table_name = 'events' AND column_name LIKE '%published_at') AS "publishedColumns",
       ${tablesWith('due_at')} AS tables, ${tablesWith('dead_at')} AS "deadTables"`,
  );
  if (!row) throw new Error('a query returned no row');
  return row;
};

/** Finds out once where a database stores work. Its service must have started. */
export const storeOf = (database: TestDatabase): Promise<Store> => {
  const known = stores.get(database) ?? readStore(database);
  stores.set(database, known);
  return known;
};

/** Does something with each database, and with where it stores work. */
export const inEachDatabase = async <Row>(
  { databases }: Pick<Sandbox, 'databases'>,
  work: (database: TestDatabase, store: Store) => Promise<readonly Row[]>,
): Promise<Row[]> => {
  const all = Object.values(databases).map(async (database) =>
    work(database, await storeOf(database)),
  );
  return (await Promise.all(all)).flat();
};

/** A row that a sweeper holds, or whose last attempt failed, has attempts and a time in the future. */
const IS_HELD_ROW = 'due_at > now() AND due_attempts > 0';

const jobsQuery = `SELECT task_identifier AS name, ${KIND_OF_JOB} AS kind,
    CASE WHEN locked_at IS NOT NULL THEN 'held' WHEN attempts >= max_attempts THEN 'dead-lettered'
      WHEN run_at <= now() THEN 'due' ELSE 'waits' END AS state,
    run_at < now() + ${SOON} AS "isSoon"
  FROM graphile_worker.jobs WHERE NOT starts_with(task_identifier, 'forget_')`;

const isDead = (table: string): string => `to_jsonb(${table})->>'dead_at' IS NOT NULL`;

const rowsQuery = (table: string): string =>
  `SELECT '${table}' AS name, ${kindOfRow(table)} AS kind,
     CASE WHEN ${isDead(table)} THEN 'dead-lettered' WHEN due_at <= now() THEN 'due'
       WHEN ${IS_HELD_ROW} THEN 'held' ELSE 'waits' END AS state,
     due_at < now() + ${SOON} AS "isSoon"
   FROM ${table} WHERE due_at IS NOT NULL`;

/** All work of the services, whenever it is due. */
export const readPendingWork = (sandbox: Pick<Sandbox, 'databases'>): Promise<PendingWork[]> =>
  inEachDatabase(sandbox, async (database, { hasJobs, tables }) => {
    const parts = [...(hasJobs ? [jobsQuery] : []), ...tables.map(rowsQuery)];
    return parts.length === 0 ? [] : database.query<PendingWork>(parts.join('\nUNION ALL\n'));
  });

/** Tells the workers of a service that there are jobs to run. Sweepers poll every second. */
const NOTIFY_WORKERS = `SELECT pg_notify('jobs:insert', '{"count":1}')`;

/**
 * Changes when work is done, but for what is held or dead-lettered.
 * @param about only work that names one of these ids; all work when left out
 */
export const reschedule = async (
  sandbox: Sandbox,
  kinds: readonly WorkKind[],
  at: 'now' | 'in an hour',
  about: readonly string[] | null = null,
): Promise<void> => {
  const time = at === 'now' ? 'now()' : "now() + interval '1 hour'";
  const isAbout = (text: string): string =>
    `($2::text[] IS NULL OR EXISTS (
       SELECT FROM unnest($2::text[]) AS name WHERE strpos(${text}, name) > 0))`;
  await inEachDatabase(sandbox, async (database, { hasJobs, tables }) => {
    if (hasJobs) {
      await database.query(
        `SELECT graphile_worker.reschedule_jobs(array_agg(id), run_at => ${time}, attempts => 0)
         FROM graphile_worker.jobs JOIN graphile_worker._private_jobs AS private USING (id)
         WHERE jobs.attempts < jobs.max_attempts
           AND ${KIND_OF_JOB.replaceAll('task_identifier', 'jobs.task_identifier')} = ANY($1)
           AND ${isAbout('private.payload::text')}`,
        [kinds, about],
      );
      if (at === 'now') await database.query(NOTIFY_WORKERS);
    }
    for (const table of tables) {
      await database.query(
        `UPDATE ${table} SET due_at = ${time}, due_attempts = 0
         WHERE due_at ${at === 'now' ? '> now()' : 'IS NOT NULL'} AND NOT (${IS_HELD_ROW})
           AND NOT ${isDead(table)} AND ${kindOfRow(table)} = ANY($1)
           AND ${isAbout(`to_jsonb(${table})::text`)}`,
        [kinds, about],
      );
    }
    return [];
  });
};

/** Makes all work that is due soon due now, but for what is held. */
export const hurry = async (sandbox: Sandbox): Promise<void> => {
  await inEachDatabase(sandbox, async (database, { hasJobs, tables }) => {
    if (hasJobs) {
      await database.query(
        `SELECT graphile_worker.reschedule_jobs(array_agg(id), run_at => now())
         FROM graphile_worker.jobs WHERE NOT starts_with(task_identifier, 'forget_')
         AND locked_at IS NULL AND run_at > now() AND run_at < now() + ${SOON}`,
      );
      await database.query(NOTIFY_WORKERS);
    }
    for (const table of tables) {
      await database.query(
        `UPDATE ${table} SET due_at = now()
         WHERE due_attempts = 0 AND due_at > now() AND due_at < now() + ${SOON}`,
      );
    }
    return [];
  });
};

/** Takes dead-lettered work away, so that the next run does not report it. */
export const removeDeadWork = async (sandbox: Sandbox): Promise<void> => {
  await inEachDatabase(sandbox, async (database, { hasJobs, deadTables }) => {
    if (hasJobs) {
      await database.query(
        `SELECT graphile_worker.complete_jobs(array_agg(id)) FROM graphile_worker.jobs
         WHERE attempts >= max_attempts AND locked_at IS NULL`,
      );
    }
    for (const table of deadTables) {
      // A row may not be without work before it has ended.
      await database.query(
        `UPDATE ${table} SET dead_at = NULL, due_at = now() + interval '100 years'
         WHERE dead_at IS NOT NULL`,
      );
    }
    return [];
  });
};
