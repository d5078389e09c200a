import { setTimeout as sleep } from 'node:timers/promises';
import { CommandFailure, EXIT } from '@cartograph/command';
import pg from 'pg';
import type { ServiceDatabase } from '../migrate/database-urls.ts';
import type { ServiceName } from '../services.ts';
import { connect } from './connect.ts';
import { listTables } from './list-tables.ts';

/**
 * How long the tables are waited for. Writers that come meanwhile wait too. It is shorter than
 * Postgres's deadlock_timeout (1 s): where a writer and this would wait for each other, this gives up,
 * and the writer never fails.
 */
const LOCK_TIMEOUT_MS = 500;

/**
 * How long an autovacuum is waited for. After its deadlock_timeout Postgres cancels one that others wait for, so
 * this is longer than that.
 */
const VACUUM_TIMEOUT_MS = 5_000;

const TRIES = 20;
const MAX_PAUSE_MS = 1_000;

/** Postgres: the lock was not granted in time, or a deadlock was found. */
const LOCK_FAILURES = ['55P03', '40P01'];

/** A database as it is at one moment, for as long as the connection is in its transaction. */
export type Snapshot = {
  readonly service: ServiceName;
  readonly client: pg.Client;
  /** Its name, for other connections: `pg_dump --snapshot`. */
  readonly name: string;
};

export type HeldSnapshots = {
  readonly snapshots: readonly Snapshot[];
  /** The moment that they show. */
  readonly at: Date;
  /** For how long writers had to wait. */
  readonly pausedMs: number;
};

type LockMode = 'SHARE UPDATE EXCLUSIVE' | 'SHARE';

/** Locks all tables of a database, within `timeoutMs` for each. */
const lockTables = async (client: pg.Client, mode: LockMode, timeoutMs: number): Promise<void> => {
  const tables = (await listTables(client)).map(({ name }) => pg.escapeIdentifier(name)).join(', ');
  if (tables === '') return;
  await client.query(`SET LOCAL lock_timeout = ${timeoutMs}; LOCK TABLE ${tables} IN ${mode} MODE`);
};

/** Waits for all of them, also when one has failed: they are rolled back after it. */
const lockEach = async (
  lockers: readonly pg.Client[],
  lock: (client: pg.Client) => Promise<unknown>,
): Promise<void> => {
  const results = await Promise.allSettled(lockers.map(lock));
  const failed = results.find((result) => result.status === 'rejected');
  if (failed) throw failed.reason;
};

const isLockFailure = (error: unknown): boolean =>
  error instanceof pg.DatabaseError && LOCK_FAILURES.includes(error.code ?? '');

/**
 * Locks all tables of all databases.
 * @returns since when writers wait
 * @throws the first error, when all attempts have ended
 */
const lockAll = async (lockers: readonly pg.Client[]): Promise<number> => {
  for (let tries = 1; ; tries += 1) {
    try {
      await lockEach(lockers, (client) => client.query('BEGIN'));
      // It stops vacuums, and no writer. A vacuum would keep the next lock from being granted for as long as it
      // runs, while writers wait in all databases.
      await lockEach(lockers, (client) =>
        lockTables(client, 'SHARE UPDATE EXCLUSIVE', VACUUM_TIMEOUT_MS),
      );
      const startedAt = performance.now();
      await lockEach(lockers, (client) => lockTables(client, 'SHARE', LOCK_TIMEOUT_MS));
      return startedAt;
    } catch (error) {
      await unlockAll(lockers);
      if (!isLockFailure(error)) throw error;
      if (tries === TRIES) {
        throw new CommandFailure(
          EXIT.stopped,
          'Some transaction or VACUUM takes too long: no moment was found in which none does. Try again.',
        );
      }
    }
    await sleep(Math.random() * MAX_PAUSE_MS);
  }
};

const unlockAll = async (lockers: readonly pg.Client[]): Promise<void> => {
  await Promise.all(lockers.map((client) => client.query('ROLLBACK')));
};

/**
 * Runs `use` with snapshots of all databases that show one moment: writers are stopped for some
 * milliseconds, while the snapshots are taken, and not while they are read. So no database has an
 * effect whose cause another one lacks: what was in progress between two services looks as if their
 * processes had been killed, and is completed as after a crash.
 */
export const withSnapshots = async <Result>(
  databases: readonly ServiceDatabase[],
  use: (held: HeldSnapshots) => Promise<Result>,
): Promise<Result> => {
  const closers: (() => Promise<void>)[] = [];
  const open = async (): Promise<readonly pg.Client[]> => {
    const opening = databases.map(async (database) => {
      const client = await connect(database);
      closers.push(() => client.end().catch(() => {}));
      return client;
    });
    // One that connects after another has failed must be closed as well.
    await Promise.allSettled(opening);
    return Promise.all(opening);
  };
  try {
    const [lockers, readers] = [await open(), await open()];
    const startedAt = await lockAll(lockers);
    const snapshots = await Promise.all(
      readers.map(async (client, index): Promise<Snapshot> => {
        await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
        const { rows } = await client.query<{ name: string }>(
          'SELECT pg_export_snapshot() AS name',
        );
        const { service } = databases[index] as ServiceDatabase;
        return { service, client, name: rows[0]?.name ?? '' };
      }),
    );
    const at = new Date();
    await unlockAll(lockers);
    return await use({ snapshots, at, pausedMs: performance.now() - startedAt });
  } finally {
    await Promise.all(closers.map((close) => close()));
  }
};
