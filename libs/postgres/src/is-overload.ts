/**
 * Prisma's codes of a timeout for a connection, or for a transaction to begin; those of Postgres for a
 * statement (57014) that waited too long, and for a lock (55P03).
 */
const TIMEOUT_CODES: ReadonlySet<unknown> = new Set(['P2024', 'P2028', '57014', '55P03']);

/** pg has no code for these. */
const TIMEOUT =
  /timeout exceeded when trying to connect|connection (?:pool )?timeout|query read timeout/i;

/**
 * Whether an error means that a service was too busy to reach its database: a retry is likely to
 * succeed.
 */
export const isOverload = (error: unknown): boolean => {
  if (!(error instanceof Error)) return false;
  const { code } = error as { code?: unknown };
  return TIMEOUT_CODES.has(code) || TIMEOUT.test(error.message) || isOverload(error.cause);
};
