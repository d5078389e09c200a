import { eventually, makeTestDatabase, type TestDatabase } from '@cartograph/testing';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { withSnapshots } from './hold-snapshots.ts';

let database: TestDatabase;
const clients: pg.Client[] = [];

const connect = async (): Promise<pg.Client> => {
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  clients.push(client);
  return client;
};

beforeEach(async () => {
  database = await makeTestDatabase('user');
  await database.query('CREATE TABLE notes (note text)');
});

afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.end()));
  await database.drop();
});

describe('a snapshot', () => {
  it('waits for the vacuum of a table without stopping writers', async () => {
    const vacuum = await connect();
    // The lock of VACUUM, which is one of its own only for as long as it runs.
    await vacuum.query('BEGIN; LOCK TABLE notes IN SHARE UPDATE EXCLUSIVE MODE');
    const taken = withSnapshots(
      [{ service: 'user', databaseUrl: database.url }],
      async (held) => held.snapshots.length,
    );
    await eventually(async () => {
      const waiting = await database.query(
        'SELECT 1 FROM pg_locks JOIN pg_database d ON d.oid = database WHERE NOT granted AND datname = current_database()',
      );
      expect(waiting.length).toBeGreaterThan(0);
    });
    const writer = await connect();
    await writer.query("SET lock_timeout = '100ms'; INSERT INTO notes VALUES ('written')");
    await vacuum.query('COMMIT');
    expect(await taken).toBe(1);
  });
});
