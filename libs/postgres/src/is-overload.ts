import { types } from 'node:util';

/**
 * Prisma's codes of a timeout for a connection, or for a transaction to begin; those of Postgres for a
 * statement (57014) that waited too long, and for a lock (55P03).
 */
const TIMEOUT_CODES: ReadonlySet<unknown> = new Set(['P2024', 'P2028', '57014', '55P03']);

/**
 * No connection could be opened, so nothing was executed: those of the system, of Postgres for too many
 * connections (53300) and for a server that starts or stops (57P03), and of Prisma and its adapter for
 * the same.
 */
const UNREACHABLE_CODES: ReadonlySet<unknown> = new Set([
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENOTFOUND',
  '53300',
  '57P03',
  'P1001',
  'P2037',
  'DatabaseNotReachable',
  'TooManyConnections',
]);

/** pg has no code for these. */
const TIMEOUT =
  /timeout exceeded when trying to connect|connection (?:pool )?timeout|query read timeout/i;

/** An error of pg, or of Prisma: that of a raw statement, P2010, has the real one of its adapter inside. */
type DatabaseError = {
  readonly code?: unknown;
  readonly meta?: {
    readonly driverAdapterError?: {
      readonly cause?: { readonly originalCode?: unknown; readonly kind?: unknown };
    };
  };
};

/**
 * Whether an error means that a service could not reach its database, or that one of them was too busy: a
 * retry is likely to succeed.
 */
export const isOverload = (error: unknown): boolean => {
  // Errors of sockets are of another realm in tests.
  if (!types.isNativeError(error)) return false;
  const { code, meta } = error as DatabaseError;
  const { originalCode, kind } = meta?.driverAdapterError?.cause ?? {};
  const codes = [code, originalCode, kind];
  if (codes.some((each) => TIMEOUT_CODES.has(each) || UNREACHABLE_CODES.has(each))) return true;
  return TIMEOUT.test(error.message) || isOverload(error.cause);
};
