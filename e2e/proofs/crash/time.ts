import { setTimeout as sleep } from 'node:timers/promises';
import type { World } from '../world/open-world.ts';

/**
 * All durable work but what is done by the clock, which comes again anyway, and the watch over
 * declines, which goes on for hours.
 */
const IS_WORK = "task_identifier NOT LIKE 'forget\\_%' AND task_identifier <> 'watch_decline'";

/** What is due later than this waits for the end of an order, not for its next step. */
const SOON = "interval '60 seconds'";

const QUIET_MS = 200;
const LONGEST_MS = 90_000;

type Job = {
  readonly task: string;
  readonly isHeld: boolean;
  readonly isDue: boolean;
  /** Out of attempts: nobody will ever do it. */
  readonly isDead: boolean;
};

const readJobs = async (world: World): Promise<Job[]> => {
  const ofBoth = await Promise.all(
    (['order', 'payment'] as const).map((service) =>
      world.databases[service].query<Job>(
        `SELECT task_identifier AS task, locked_at IS NOT NULL AS "isHeld", run_at <= now() AS "isDue",
           attempts >= max_attempts AND locked_at IS NULL AS "isDead"
         FROM graphile_worker.jobs WHERE ${IS_WORK} AND run_at < now() + ${SOON}`,
      ),
    ),
  );
  return ofBoth.flat();
};

/** Jobs that should be done by now and are not: they are due, a worker holds them, or they died. */
export const findLateJobs = async (world: World): Promise<string[]> =>
  (await readJobs(world))
    .filter((job) => job.isHeld || job.isDue || job.isDead)
    .map(({ task, isHeld, isDead }) => `${task} is ${isHeld ? 'held' : isDead ? 'dead' : 'due'}`);

/** Takes dead jobs away, so that the next run is not blamed for them. */
export const buryDeadJobs = async (world: World): Promise<void> => {
  for (const service of ['order', 'payment'] as const) {
    await world.databases[service].query(
      `SELECT graphile_worker.complete_jobs(array_agg(id)) FROM graphile_worker.jobs
       WHERE attempts >= max_attempts AND locked_at IS NULL`,
    );
  }
};

/** Makes all that is planned for soon due now, and tells the workers. */
const hurry = async (world: World): Promise<void> => {
  for (const service of ['order', 'payment'] as const) {
    await world.databases[service].query(
      `SELECT graphile_worker.reschedule_jobs(array_agg(id), run_at => now())
       FROM graphile_worker.jobs WHERE ${IS_WORK} AND locked_at IS NULL
       AND run_at > now() AND run_at < now() + ${SOON}`,
    );
    await world.databases[service].query(`SELECT pg_notify('jobs:insert', '{"count":1}')`);
  }
};

/**
 * Lets time pass until no work is left, or `isOver`. What is planned for later is done at once, but
 * for what the provider has not decided: that takes its time.
 * @returns what was not done in the end
 */
export const passTime = async (
  world: World,
  isOver: () => boolean = () => false,
  isAwaited: () => Promise<boolean> = async () => false,
): Promise<string[]> => {
  const deadline = Date.now() + LONGEST_MS;
  for (let quiet = 0; quiet < 2;) {
    if (isOver()) return [];
    const jobs = (await readJobs(world)).filter(({ isDead }) => !isDead);
    quiet = jobs.length === 0 && !(await isAwaited()) ? quiet + 1 : 0;
    if (Date.now() > deadline) return jobs.map(({ task }) => `${task} is never done`);
    const isDeciding = jobs.some(({ task, isDue }) => task === 'deliver_webhook' && !isDue);
    if (jobs.length > 0 && !isDeciding && !isOver()) await hurry(world);
    await sleep(QUIET_MS);
  }
  return [];
};

/** Waits until all events so far are carried and consumed, so that a story has only its own. */
export const settleEvents = async (world: World): Promise<void> => {
  const deadline = Date.now() + LONGEST_MS;
  for (;;) {
    const counts = await Promise.all(
      Object.values(world.databases).map((database) =>
        database.query<{ count: number }>(
          `SELECT (SELECT count(*) FROM events WHERE published_at IS NULL)::int
             + (SELECT count(*) FROM event_inbox WHERE consumed_at IS NULL)::int AS count`,
        ),
      ),
    );
    if (counts.flat().every(({ count }) => count === 0)) return;
    if (Date.now() > deadline) throw new Error('events are never delivered');
    await sleep(QUIET_MS);
  }
};

/** Lets the time of an order's payment be over, and that of the job that looks at it. */
export const endOrder = async (world: World, orderId: string, agoMs: number): Promise<void> => {
  const { order } = world.databases;
  await order.query(
    `UPDATE orders SET reserved_until = now() - make_interval(secs => $2) WHERE id = $1::uuid`,
    [orderId, agoMs / 1_000],
  );
  await order.query(
    `SELECT graphile_worker.reschedule_jobs(array_agg(id), run_at => now())
     FROM graphile_worker._private_jobs WHERE payload->>'orderId' = $1`,
    [orderId],
  );
  await order.query(`SELECT pg_notify('jobs:insert', '{"count":1}')`);
};

/** Lets the time be over in which requests that hold stock should have made an order of it. */
export const endHoldClaims = (world: World): Promise<object[]> =>
  world.databases.order.query(
    "UPDATE stock_holds SET renewed_at = now() - interval '31 seconds' WHERE placed_at IS NULL",
  );

/** Lets the time of a hold be over. */
export const endHolds = (world: World, products: readonly string[]): Promise<object[]> =>
  world.databases.product.query(
    `UPDATE reservations SET expires_at = now() WHERE status = 'HELD' AND order_id IN (
       SELECT order_id FROM reservation_lines WHERE product_id = ANY($1::uuid[]))`,
    [products],
  );
