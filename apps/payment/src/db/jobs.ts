import type { Prisma } from './generated/client.ts';

/** The durable work of the payment service, and what the key of each job begins with. */
const KEY_PREFIXES = {
  /** Finds out what a provider made of a charge. */
  ask_provider: 'ask',
  /** Asks about a decline again. */
  watch_decline: 'watch',
  /** Tells the order service that a payment is decided. */
  tell_order: 'tell',
  /** Gives money back. */
  request_refund: 'refund',
  /** Acts on what a provider told by webhook. */
  process_event: 'event',
} as const;

/** A piece of durable work; it is told the id of what it is about. */
export type JobName = keyof typeof KEY_PREFIXES;

/**
 * Stores a job in the transaction of its cause: both are there, or neither. Of the jobs of one name
 * and id one waits at a time, at the time of the first.
 */
export const planJob = async (
  tx: Prisma.TransactionClient,
  name: JobName,
  id: string,
  runAt = new Date(),
): Promise<void> => {
  await tx.$executeRaw`
    SELECT graphile_worker.add_job(
      identifier => ${name}::text,
      payload => json_build_object('id', ${id}::text),
      run_at => ${runAt}::timestamptz,
      job_key => ${`${KEY_PREFIXES[name]}:${id}`}::text,
      job_key_mode => 'preserve_run_at'
    )`;
};
