import type { Prisma } from './generated/client.ts';

/** The durable work of the payment service, and what the key of each job begins with. */
const KEY_PREFIXES = {
  /** Finds out what a provider made of a charge. */
  ask_provider: 'ask',
  /** Asks about a decline again. */
  watch_decline: 'watch',
  /** Tells the order service that a payment is decided. */
  tell_order: 'tell',
  /** Gives back again what is owed and not on its way. */
  repay_debt: 'repay',
  /** Gives money back. */
  request_refund: 'refund',
  /** Acts on what a provider told by webhook. */
  process_event: 'event',
} as const;

/** A piece of durable work; it is told the id of what it is about. */
export type JobName = keyof typeof KEY_PREFIXES;

/**
 * A poll plans the next one. If our clock is behind the database's, that one may be due at once,
 * and so on in a circle.
 */
export const POLL_REST_SECONDS = 1;

/**
 * Stores a job in the transaction of its cause: both are there, or neither. Of the jobs of one name
 * and id one waits at a time, at the time of the first.
 * @param restSeconds before which it is not due, whatever `runAt` says: by the database's clock,
 *   as workers take jobs
 */
export const planJob = async (
  tx: Prisma.TransactionClient,
  name: JobName,
  id: string,
  runAt = new Date(),
  restSeconds: number | null = null,
): Promise<void> => {
  await tx.$executeRaw`
    SELECT graphile_worker.add_job(
      identifier => ${name}::text,
      payload => json_build_object('id', ${id}::text),
      -- Without a rest the second is null, which is never the greatest.
      run_at => greatest(${runAt}::timestamptz, now() + make_interval(secs => ${restSeconds}::float8)),
      job_key => ${`${KEY_PREFIXES[name]}:${id}`}::text,
      job_key_mode => 'preserve_run_at'
    )`;
};
