/** What Prisma calls a wait for a connection, or for a transaction to begin, that took too long. */
const WAITED_IN_VAIN: ReadonlySet<unknown> = new Set(['P2024', 'P2028']);

/** pg's own pool has no code for it. */
const NO_CONNECTION = /timeout exceeded when trying to connect|connection pool timeout/i;

/**
 * Whether an error means only that a service had too much to do to reach its database: whoever
 * tries again in a moment is likely to be served.
 */
export const isOverload = (error: unknown): boolean => {
  if (!(error instanceof Error)) return false;
  const { code } = error as { code?: unknown };
  return WAITED_IN_VAIN.has(code) || NO_CONNECTION.test(error.message) || isOverload(error.cause);
};
