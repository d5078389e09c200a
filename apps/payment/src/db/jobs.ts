import { addJob, type Transaction } from '@cartograph/jobs';

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
 * Stores a job of this service; see addJob. At most one job of a name and an id waits at a time, at
 * the time of the first.
 */
export const planJob = (
  tx: Transaction,
  name: JobName,
  id: string,
  runAt = new Date(),
  restSeconds?: number,
): Promise<void> =>
  addJob(tx, { name, payload: { id }, runAt, key: `${KEY_PREFIXES[name]}:${id}`, restSeconds });
