import type { Lease } from '@cartograph/idempotency';
import { Prisma } from './generated/client.ts';

/**
 * Selects the idempotency key whose lease is still held and that has no response, as saveResponse of
 * libs/idempotency does; none without a lease.
 */
export const isHeld = (lease: Lease | null): Prisma.Sql => Prisma.sql`
  user_id = ${lease?.userId ?? null}::uuid AND operation = ${lease?.operation ?? null}::text
    AND key = ${lease?.key ?? null}::text
    AND locked_until = ${lease?.lockedUntil ?? null}::timestamptz AND response IS NULL`;
