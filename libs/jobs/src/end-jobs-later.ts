import { setTimeout as pause } from 'node:timers/promises';
import type { Pool, PoolClient } from 'pg';

/**
 * The names of the statements with which graphile-worker writes that a job succeeded or failed, in its
 * pinned release (completeJobs.js and failJobs.js; start-jobs.int.test.ts fails without them).
 */
const ENDS_JOB = /^(complete|fail)_job\//;

/**
 * The statements with which it looks up its tasks (taskIdentifiers.js). It does so once: a failure would
 * be the result for as long as the process runs, and no job would ever be taken.
 */
const LOOKS_UP_TASKS = /_private_tasks as tasks (\(identifier\)|where identifier)/;

/** The pause after the n-th failure is n seconds, up to this. */
const MAX_PAUSE_S = 10;

/**
 * Classes of errors that say that Postgres is not there, or not now, by the first characters of
 * SQLSTATE: connection lost, out of resources, not accepting connections, shut down, system error.
 */
const LOST_CLASSES: ReadonlySet<string> = new Set(['08', '53', '55', '57', '58']);

const isLost = (error: unknown): boolean => {
  const { code } = error as { code?: unknown };
  // Errors of sockets and of pg itself have no SQLSTATE.
  return typeof code !== 'string' || code.length !== 5 || LOST_CLASSES.has(code.slice(0, 2));
};

type Query = (...query: readonly unknown[]) => Promise<unknown>;

type Connect = (...given: readonly unknown[]) => Promise<PoolClient>;

/**
 * Makes a pool for graphile-worker repeat two kinds of statements while the database is lost: those with
 * which it writes how a job ended (the library does not wait for them, so the error of one would end the
 * process), and those with which it looks up its tasks. All others fail as they do: the library tries
 * them again itself.
 * @param onLost receives the error of each failure
 * @returns ends the repeats: call it before the pool ends
 */
export const endJobsLater = (pool: Pool, onLost: (error: unknown) => void): (() => void) => {
  const connect = pool.connect.bind(pool) as unknown as Connect;
  const stopping = new AbortController();
  const { signal } = stopping;

  const repeat = async (statement: unknown): Promise<unknown> => {
    for (let failures = 1; ; failures += 1) {
      try {
        return await (pool.query as unknown as Query)(statement);
      } catch (error) {
        if (!isLost(error)) throw error;
        onLost(error);
        await pause(Math.min(failures, MAX_PAUSE_S) * 1_000, undefined, { signal }).catch(
          () => undefined,
        );
        // The job is done again when its lease has ended: by a process that is not stopping.
        if (signal.aborted) return { rows: [], rowCount: 0 };
      }
    }
  };

  /** A client that connects when it is first used: until then nothing fails. */
  const makeClient = () => {
    let connecting: Promise<PoolClient> | undefined;
    return {
      query: async (...given: readonly unknown[]): Promise<unknown> => {
        const { name = '', text = '' } = (given[0] ?? {}) as { name?: string; text?: string };
        if (ENDS_JOB.test(name) || LOOKS_UP_TASKS.test(text)) return repeat(given[0]);
        connecting ??= connect();
        const client = await connecting;
        return (client.query as unknown as Query).apply(client, [...given]);
      },
      release: (): void => {
        // The query that a failed connection was for has failed.
        connecting?.then(
          (client) => client.release(),
          () => undefined,
        );
      },
    };
  };

  // With a callback the library wants to listen for new jobs: it keeps that connection.
  const connectLater = (...given: readonly unknown[]) =>
    given.length > 0 ? connect(...given) : Promise.resolve(makeClient());
  Object.assign(pool, { connect: connectLater });
  return () => stopping.abort();
};
