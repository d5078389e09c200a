/** Prisma's codes of a timeout for a connection, or for a transaction to begin. */
const TIMEOUT_CODES: ReadonlySet<unknown> = new Set(['P2024', 'P2028']);

/** pg's pool has no code for it. */
const NO_CONNECTION = /timeout exceeded when trying to connect|connection pool timeout/i;

/**
 * Whether an error means that a service was too busy to reach its database: a retry is likely to
 * succeed.
 */
export const isOverload = (error: unknown): boolean => {
  if (!(error instanceof Error)) return false;
  const { code } = error as { code?: unknown };
  return TIMEOUT_CODES.has(code) || NO_CONNECTION.test(error.message) || isOverload(error.cause);
};
