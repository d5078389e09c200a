import { Prisma } from './generated/client.ts';

/** The step of an order is done, so that its failures do not count for the next one. */
export const RESET_FAILURES = Prisma.raw(
  'due_attempts = 0, due_since = NULL, due_error = NULL, dead_at = NULL',
);

/** `ms` milliseconds from now, by the database's clock. */
export const dueIn = (ms: number): Prisma.Sql =>
  Prisma.sql`now() + make_interval(secs => ${ms / 1_000}::float8)`;
