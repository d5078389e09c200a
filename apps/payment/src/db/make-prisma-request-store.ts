import type { RequestStore } from '../domain/idempotency.ts';
import { Prisma } from './generated/client.ts';
import type { Database } from './make-database.ts';

/** Keeps the keys of requests in the payment database. */
export const makePrismaRequestStore = (database: Database): RequestStore => ({
  claim: async ({ subjectId, lockedUntil, requestHash, ...name }) => {
    const now = new Date();
    // One statement decides between any number of callers: the row's lock lets one of them change it.
    const [claimed] = await database.$queryRaw<{ subjectId: string }[]>`
      INSERT INTO idempotency_keys AS kept
        (user_id, operation, key, request_hash, subject_id, locked_until, created_at)
      VALUES (${name.userId}::uuid, ${name.operation}, ${name.key}, ${requestHash},
        ${subjectId}::uuid, ${lockedUntil}::timestamptz, ${now}::timestamptz)
      ON CONFLICT (user_id, operation, key) DO UPDATE SET locked_until = excluded.locked_until
      WHERE kept.response IS NULL AND kept.locked_until <= ${now}::timestamptz
        AND kept.request_hash = excluded.request_hash
      RETURNING subject_id AS "subjectId"`;
    if (claimed) return { kind: 'claimed', subjectId: claimed.subjectId };
    const row = await database.idempotencyKey.findUnique({ where: { userId_operation_key: name } });
    // Freed since it stood in the way.
    if (!row) return { kind: 'in flight', requestHash };
    return row.response === null
      ? { kind: 'in flight', requestHash: row.requestHash }
      : { kind: 'answered', requestHash: row.requestHash, response: row.response };
  },

  keepResponse: async (name, response) => {
    // What JSON makes of dates is what is read back.
    const json = JSON.parse(JSON.stringify(response)) as Prisma.InputJsonObject;
    const { count } = await database.idempotencyKey.updateMany({
      where: { ...name, response: { equals: Prisma.DbNull } },
      data: { response: json },
    });
    if (count === 1) return json;
    const kept = await database.idempotencyKey.findUnique({
      where: { userId_operation_key: name },
    });
    return kept?.response ?? json;
  },

  release: async (name) => {
    await database.idempotencyKey.updateMany({
      where: { ...name, response: { equals: Prisma.DbNull } },
      data: { lockedUntil: new Date(0) },
    });
  },

  forget: async (time) => {
    await database.idempotencyKey.deleteMany({ where: { createdAt: { lt: time } } });
  },
});
