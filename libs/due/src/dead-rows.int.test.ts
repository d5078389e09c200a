import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Client } from 'pg';
import { openDueTable } from '../test/open-due-table.ts';
import { listDeadRows, retryDeadRows } from './dead-rows.ts';

let rows: Awaited<ReturnType<typeof openDueTable>>;
let client: Client;

beforeAll(async () => {
  rows = await openDueTable();
  client = new Client(rows.database.url);
  await client.connect();
});

afterAll(async () => {
  await client.end();
  await rows.close();
});

describe('dead rows', () => {
  it('are listed from every table that has some, with their keys and errors, and retried', async () => {
    const id = await rows.add('dead');
    await rows.add('failing');
    await rows.database.query(
      `CREATE TABLE "Keys" ("user" int, key text, due_at timestamptz(3), due_attempts int,
         due_since timestamptz(3), due_error text, dead_at timestamptz(3), PRIMARY KEY (key, "user"));
       CREATE TABLE others (id int PRIMARY KEY, due_at timestamptz)`,
    );
    await rows.database.query(`INSERT INTO "Keys" VALUES (7, 'k', NULL, 0, NULL, NULL, now())`);
    await rows.change(
      'dead',
      `due_attempts = 9, due_error = E'no luck\\nat x', due_since = now(), dead_at = now()`,
    );
    expect(await listDeadRows(client)).toEqual([
      { table: 'Keys', id: 'k 7', since: expect.any(Date), attempts: 0, lastError: null },
      { table: 'parcels', id, since: expect.any(Date), attempts: 9, lastError: 'no luck\nat x' },
    ]);
    expect(await retryDeadRows(client)).toBe(2);
    expect(await listDeadRows(client)).toEqual([]);
    const { dueIn, ...row } = await rows.read('dead');
    expect(dueIn).toBeLessThanOrEqual(0);
    expect(row).toMatchObject({ attempts: 0, hasSince: false, isDead: false });
    expect(await retryDeadRows(client)).toBe(0);
  });
});
