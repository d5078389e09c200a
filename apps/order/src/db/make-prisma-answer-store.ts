import type { AnswerStore } from '../domain/answer-store.ts';
import type { Database } from './make-database.ts';

type ClaimedRow = { orderId: string; lockedUntil: Date; isNew: boolean };
type KnownRow = { requestHash: Uint8Array; response: unknown; lockedUntil: Date; isFree: boolean };

/**
 * Keeps answers in the order database. Leases are judged by its clock alone. The end of a lease
 * names its holder: whoever takes over gets a later one.
 */
export const makePrismaAnswerStore = (database: Database): AnswerStore => {
  const find: AnswerStore['find'] = async ({ userId, operation, key, requestHash }) => {
    const [row] = await database.$queryRaw<KnownRow[]>`
      SELECT request_hash AS "requestHash", response, locked_until AS "lockedUntil",
        locked_until < clock_timestamp() AS "isFree"
      FROM idempotency_keys
      WHERE user_id = ${userId}::uuid AND operation = ${operation} AND key = ${key}`;
    if (!row) return null;
    if (Buffer.compare(row.requestHash, requestHash) !== 0) return { state: 'CONFLICT' };
    if (row.response !== null) return { state: 'ANSWERED', answer: row.response };
    return row.isFree ? null : { state: 'IN_FLIGHT', lockedUntil: row.lockedUntil };
  };

  return {
    find,

    claim: async (claim) => {
      const { userId, operation, key, requestHash, orderId, leaseMs } = claim;
      const [row] = await database.$queryRaw<ClaimedRow[]>`
        INSERT INTO idempotency_keys AS held
          (user_id, operation, key, request_hash, order_id, locked_until, created_at)
        VALUES (
          ${userId}::uuid, ${operation}, ${key}, ${requestHash}, ${orderId}::uuid,
          clock_timestamp() + make_interval(secs => ${leaseMs / 1000}), clock_timestamp()
        )
        ON CONFLICT (user_id, operation, key) DO UPDATE SET locked_until = excluded.locked_until
        WHERE held.response IS NULL
          AND held.request_hash = excluded.request_hash
          AND held.locked_until < clock_timestamp()
        RETURNING order_id AS "orderId", locked_until AS "lockedUntil", xmax = 0 AS "isNew"`;
      if (row) {
        const lease = { userId, operation, key, lockedUntil: row.lockedUntil };
        return { state: 'CLAIMED', lease, orderId: row.orderId, isNew: row.isNew };
      }
      // It was taken a moment ago; should it be free again by now, the next look claims it.
      return (await find(claim)) ?? { state: 'IN_FLIGHT', lockedUntil: new Date() };
    },

    keep: async ({ userId, operation, key, lockedUntil }, answer) => {
      const kept = await database.$executeRaw`
        UPDATE idempotency_keys SET response = ${JSON.stringify(answer)}::jsonb
        WHERE user_id = ${userId}::uuid AND operation = ${operation} AND key = ${key}
          AND locked_until = ${lockedUntil} AND response IS NULL`;
      return kept === 1;
    },

    release: async ({ userId, operation, key, lockedUntil }) => {
      await database.$executeRaw`
        UPDATE idempotency_keys SET locked_until = clock_timestamp() - interval '1 millisecond'
        WHERE user_id = ${userId}::uuid AND operation = ${operation} AND key = ${key}
          AND locked_until = ${lockedUntil} AND response IS NULL`;
    },

    forget: (before, limit) =>
      database.$executeRaw`
        DELETE FROM idempotency_keys WHERE (user_id, operation, key) IN (
          SELECT user_id, operation, key FROM idempotency_keys
          WHERE created_at < ${before} AND locked_until < clock_timestamp()
          ORDER BY created_at LIMIT ${limit}
          FOR UPDATE SKIP LOCKED
        )`,
  };
};
