import { openPool } from '@cartograph/postgres';
import type { Pool } from 'pg';

/**
 * Delivery holds a lock on the outbox while a publisher of its own waits for another. A change of the
 * table that comes between the two would wait for the first and hold up the second, for ever; what
 * waits for longer than this gives way, and delivery begins anew.
 */
const LOCK_TIMEOUT_MS = 2_000;

/**
 * The connections that events are published and consumed by.
 * @param onLost is told of a connection that is gone
 */
export const openEventPool = (
  databaseUrl: string,
  max: number,
  onLost: (error: Error) => void,
): Pool => openPool({ databaseUrl, max, lockTimeoutMs: LOCK_TIMEOUT_MS, onLost });
