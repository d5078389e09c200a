import { addJob, type Transaction } from '@cartograph/jobs';

/** The durable work of the payment service, and what the key of each job begins with. */
const KEY_PREFIXES = {
  /** Queries the provider for the outcome of a charge. */
  ask_provider: 'ask',
  /** Checks a decline again. */
  watch_decline: 'watch',
  /** Notifies the order service that a payment is settled. */
  tell_order: 'tell',
  /** Refunds again what is owed and not covered by a refund. */
  repay_debt: 'repay',
  /** Requests a refund. */
  request_refund: 'refund',
  /** Processes a webhook event. */
  process_event: 'event',
} as const;

/** The name of a job; its payload is the id of what it is about. */
export type JobName = keyof typeof KEY_PREFIXES;

/**
 * A poll schedules the next one. If the clock of this process is behind the database's, that one would
 * be due immediately, and polls would never pause.
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
