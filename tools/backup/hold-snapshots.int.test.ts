import { eventually, makeTestDatabase, type TestDatabase } from '@cartograph/testing';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { withSnapshots } from './hold-snapshots.ts';

let [databases, clients]: [TestDatabase[], pg.Client[]] = [[], []];

const connect = async ({ url }: TestDatabase): Promise<pg.Client> => {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  clients.push(client);
  return client;
};

beforeEach(async () => {
  databases = await Promise.all([makeTestDatabase('user'), makeTestDatabase('product')]);
  for (const database of databases) await database.query('CREATE TABLE notes (note text)');
});

afterEach(async () => {
  await Promise.all(clients.map((client) => client.end()));
  await Promise.all(databases.map((database) => database.drop()));
  clients = [];
});

const WAITING = `SELECT 1 FROM pg_stat_activity
  WHERE datname = current_database() AND wait_event_type = 'Lock'`;

describe('snapshots', () => {
  it('wait for the vacuum of a table without stopping writers of any database', async () => {
    const [vacuumed, other] = databases as [TestDatabase, TestDatabase];
    const vacuum = await connect(vacuumed);
    // The lock of VACUUM, which is one of its own for as long as it runs.
    await vacuum.query('BEGIN; LOCK TABLE notes IN SHARE UPDATE EXCLUSIVE MODE');
    const taken = withSnapshots(
      [
        { service: 'user', databaseUrl: vacuumed.url },
        { service: 'product', databaseUrl: other.url },
      ],
      async ({ snapshots }) => snapshots.length,
    );
    await eventually(async () => expect(await vacuumed.query(WAITING)).toHaveLength(1));
    for (const database of databases) {
      const writer = await connect(database);
      await writer.query("SET lock_timeout = '100ms'; INSERT INTO notes VALUES ('written')");
    }
    await vacuum.query('COMMIT');
    expect(await taken).toBe(2);
  });
});
