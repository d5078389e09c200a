import { CommandFailure, EXIT } from '@cartograph/command';
import pg from 'pg';
import { messageOf } from '../migrate/apply-migrations.ts';
import type { ServiceDatabase } from '../migrate/database-urls.ts';

const CONNECT_TIMEOUT_MS = 10_000;
const KEEP_ALIVE_MS = 30_000;

/**
 * Connects to a database.
 * @throws CommandFailure with the service and the reason; the address has a password, and is not in it
 */
export const connect = async ({ service, databaseUrl }: ServiceDatabase): Promise<pg.Client> => {
  const client = new pg.Client({
    connectionString: databaseUrl,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    // It waits while other databases are read or loaded: a firewall must not take it for dead.
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEP_ALIVE_MS,
  });
  // The next query reports a connection that is lost.
  client.on('error', () => {});
  try {
    await client.connect();
    return client;
  } catch (error) {
    // A connection that was refused late, such as by a wrong password, is still open.
    await client.end().catch(() => {});
    throw new CommandFailure(EXIT.stopped, `${service}: ${messageOf(error)}`, { cause: error });
  }
};

/** The codes of errors of the system (ENOSPC), of zlib (Z_DATA_ERROR), and of a stream that was cut. */
const ENVIRONMENT_ERROR = /^(?:E[A-Z0-9]+|Z_[A-Z_]+|ERR_STREAM_PREMATURE_CLOSE)$/;

/** What pg says without a code. */
const LOST_CONNECTION = /^(?:Connection terminated|Query read timeout|Client has encountered)/;

/** Whether an error comes from a database, a file or a network, which the operator can mend. */
const isEnvironmental = (error: unknown): boolean => {
  if (error instanceof pg.DatabaseError) return true;
  const { code, message } = error as { readonly code?: unknown; readonly message?: string };
  return ENVIRONMENT_ERROR.test(String(code)) || LOST_CONNECTION.test(message ?? '');
};

/**
 * Runs work on databases and files.
 * @param describe makes the sentence of the reason
 * @throws CommandFailure for an error of a database, a file or a network; a bug as it is
 */
export const orFailure = async <Result>(
  work: () => Promise<Result>,
  describe: (reason: string) => string = (reason) => reason,
): Promise<Result> => {
  try {
    return await work();
  } catch (error) {
    const exitCode = error instanceof CommandFailure ? error.exitCode : EXIT.stopped;
    if (!(error instanceof CommandFailure) && !isEnvironmental(error)) throw error;
    throw new CommandFailure(exitCode, describe(messageOf(error)), { cause: error });
  }
};
