import { makeTestDatabase } from '@cartograph/testing';
import { openPool } from '@cartograph/postgres';

/** A database with a table of due rows, `parcels`, and its pool. */
export const openDueTable = async () => {
  const database = await makeTestDatabase();
  await database.query(
    `CREATE TABLE parcels (
       parcel uuid PRIMARY KEY DEFAULT gen_random_uuid(), name text NOT NULL,
       due_at timestamptz(3), due_attempts int NOT NULL DEFAULT 0, due_since timestamptz(3),
       due_error text, dead_at timestamptz(3))`,
  );
  await database.query(
    'CREATE INDEX parcels_due_idx ON parcels (due_at) WHERE due_at IS NOT NULL AND dead_at IS NULL',
  );
  await database.query(
    'CREATE INDEX parcels_dead_idx ON parcels (dead_at) WHERE dead_at IS NOT NULL',
  );
  // A test may end connections, as a restart of the database does.
  const lost: Error[] = [];
  const pool = openPool({
    name: 'test',
    databaseUrl: database.url,
    max: 6,
    onLost: (error) => void lost.push(error),
  });
  return {
    database,
    pool,
    lost,
    /** Adds a row that was due `secondsAgo`. @returns its id */
    add: async (name: string, secondsAgo = 1): Promise<string> => {
      const [row] = await database.query<{ id: string }>(
        `INSERT INTO parcels (name, due_at) VALUES ($1, now() - make_interval(secs => $2))
         RETURNING parcel AS id`,
        [name, secondsAgo],
      );
      return row?.id ?? '';
    },
    /** Changes the row with this name. */
    change: (name: string, set: string) =>
      database.query(`UPDATE parcels SET ${set} WHERE name = $1`, [name]),
    /** The row with this name; `dueIn` is in seconds. */
    read: async (name: string) => {
      const [row] = await database.query<{
        dueIn: number | null;
        attempts: number;
        hasSince: boolean;
        error: string | null;
        isDead: boolean;
      }>(
        `SELECT extract(epoch FROM due_at - now())::float8 AS "dueIn", due_attempts AS attempts,
           due_since IS NOT NULL AS "hasSince", due_error AS error, dead_at IS NOT NULL AS "isDead"
         FROM parcels WHERE name = $1`,
        [name],
      );
      if (!row) throw new Error(`no row ${name}`);
      return row;
    },
    close: async () => {
      await pool.end();
      await database.drop();
    },
  };
};
