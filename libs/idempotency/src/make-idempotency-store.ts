import type { IdempotencyStore } from './idempotency-store.ts';

/** The part of a service's Prisma client that is used here. */
type Database = {
  readonly $queryRawUnsafe: <Rows>(sql: string, ...values: unknown[]) => Promise<Rows>;
  readonly $executeRawUnsafe: (sql: string, ...values: unknown[]) => Promise<number>;
};

type ClaimedRow = { subjectId: string; lockedUntil: Date; isNew: boolean };
type KnownRow = { requestHash: Uint8Array; response: unknown; lockedUntil: Date; isFree: boolean };

const IS_KEY = 'user_id = $1::uuid AND operation = $2 AND key = $3';
const IS_HELD = `${IS_KEY} AND locked_until = $4::timestamptz AND response IS NULL`;

/**
 * The column of `idempotency_keys` with the id of what a request creates: `order_id` in the order
 * database, `subject_id` in the payment database. All other columns are the same in both.
 */
type SubjectColumn = 'order_id' | 'subject_id';

/**
 * Stores keys in a service's table `idempotency_keys`. Leases are measured by the database's clock
 * alone. The end of a lease identifies its holder: a worker that takes the key over gets a later end.
 */
export const makeIdempotencyStore = (
  database: Database,
  subjectColumn: SubjectColumn,
): IdempotencyStore => {
  const find: IdempotencyStore['find'] = async ({ userId, operation, key, requestHash }) => {
    const [row] = await database.$queryRawUnsafe<KnownRow[]>(
      `/* idempotency.find */ SELECT request_hash AS "requestHash", response, locked_until AS "lockedUntil",
         locked_until < clock_timestamp() AS "isFree"
       FROM idempotency_keys WHERE ${IS_KEY}`,
      userId,
      operation,
      key,
    );
    if (!row) return null;
    if (Buffer.compare(row.requestHash, requestHash) !== 0) return { state: 'CONFLICT' };
    if (row.response !== null) return { state: 'COMPLETED', response: row.response };
    return row.isFree ? null : { state: 'IN_FLIGHT', lockedUntil: row.lockedUntil };
  };

  return {
    find,

    claim: async (claim) => {
      const { userId, operation, key, requestHash, subjectId, leaseMs } = claim;
      // One statement, so that the row's lock lets one of any number of callers claim the key.
      const [row] = await database.$queryRawUnsafe<ClaimedRow[]>(
        `/* idempotency.claim */ INSERT INTO idempotency_keys AS held
           (user_id, operation, key, request_hash, ${subjectColumn}, locked_until, created_at)
         VALUES ($1::uuid, $2, $3, $4, $5::uuid,
           clock_timestamp() + make_interval(secs => $6), clock_timestamp())
         ON CONFLICT (user_id, operation, key) DO UPDATE SET locked_until = excluded.locked_until
         WHERE held.response IS NULL
           AND held.request_hash = excluded.request_hash
           AND held.locked_until < clock_timestamp()
         RETURNING ${subjectColumn} AS "subjectId", locked_until AS "lockedUntil",
           xmax = 0 AS "isNew"`,
        userId,
        operation,
        key,
        requestHash,
        subjectId,
        leaseMs / 1_000,
      );
      if (row) {
        const lease = { userId, operation, key, lockedUntil: row.lockedUntil };
        return { state: 'CLAIMED', lease, subjectId: row.subjectId, isNew: row.isNew };
      }
      // Another worker claimed it. If it is free again by now, the caller claims it in its next poll.
      return (await find(claim)) ?? { state: 'IN_FLIGHT', lockedUntil: new Date() };
    },

    saveResponse: async ({ userId, operation, key, lockedUntil }, response) => {
      const saved = await database.$executeRawUnsafe(
        `/* idempotency.save */ UPDATE idempotency_keys SET response = $5::jsonb WHERE ${IS_HELD}`,
        userId,
        operation,
        key,
        lockedUntil,
        JSON.stringify(response),
      );
      return saved === 1;
    },

    release: async ({ userId, operation, key, lockedUntil }) => {
      await database.$executeRawUnsafe(
        `/* idempotency.release */ UPDATE idempotency_keys SET locked_until = clock_timestamp() - interval '1 millisecond'
         WHERE ${IS_HELD}`,
        userId,
        operation,
        key,
        lockedUntil,
      );
    },

    forget: async ({ userId, operation, key, lockedUntil }) => {
      await database.$executeRawUnsafe(
        `/* idempotency.forget */ DELETE FROM idempotency_keys WHERE ${IS_HELD}`,
        userId,
        operation,
        key,
        lockedUntil,
      );
    },

    purge: (before, limit) =>
      database.$executeRawUnsafe(
        `DELETE FROM idempotency_keys WHERE (user_id, operation, key) IN (
           SELECT user_id, operation, key FROM idempotency_keys
           WHERE created_at < $1::timestamptz
             AND (response IS NOT NULL OR locked_until < clock_timestamp())
           ORDER BY created_at LIMIT $2
           FOR UPDATE SKIP LOCKED
         )`,
        before,
        limit,
      ),
  };
};
