import { afterAll, beforeAll, expect, it } from 'vitest';
import { makeTestDatabase, type TestDatabase } from '@cartograph/testing';
import type { Pool } from 'pg';
import { makeDatabasePool } from './make-database-pool.ts';
import { readRows } from './read-rows.ts';

let database: TestDatabase;
let pool: Pool;

beforeAll(async () => {
  database = await makeTestDatabase();
  pool = makeDatabasePool({ databaseUrl: database.url, databasePoolSize: 1 });
});

afterAll(async () => {
  await pool.end();
  await database.drop();
});

const ID = 'b3f1c2de-0000-7000-8000-0123456789ab';

it.each([
  ['9223372036854775807::bigint', 9_223_372_036_854_775_807n],
  ['7', 7],
  ["'EUR'::char(3)", 'EUR'],
  [`'${ID.toUpperCase()}'::uuid`, ID],
  ["'2026-03-29 03:00:00.123+02'::timestamptz(3)", new Date('2026-03-29T01:00:00.123Z')],
  ["'2026-11-30 20:04:33+00'::timestamptz", new Date('2026-11-30T20:04:33.000Z')],
  ["'2026-11-30 20:04:33.1+00'::timestamptz", new Date('2026-11-30T20:04:33.100Z')],
  ["'2026-11-30 23:59:59.999999+00'::timestamptz", new Date('2026-11-30T23:59:59.999Z')],
  ["'12026-11-30 00:00:00+00'::timestamptz", new Date(Date.UTC(12_026, 10, 30))],
  ["'0099-11-30 00:00:00+00'::timestamptz", new Date('0099-11-30T00:00:00Z')],
  ["'0044-03-15 00:00:00+00 BC'::timestamptz", new Date('-000043-03-15T00:00:00Z')],
  ['NULL::bigint', null],
  ['NULL::timestamptz', null],
  [`'{"a": [1]}'::jsonb`, { a: [1] }],
])('reads %s as Prisma does', async (value, expected) => {
  for (const timeZone of ['UTC', 'Asia/Kolkata']) {
    await pool.query(`SET TimeZone = '${timeZone}'`);
    const statement = { text: `SELECT ${value} AS value WHERE $1`, values: [true] };
    expect(await readRows(pool, statement)).toEqual([{ value: expected }]);
  }
});

it('prepares a statement that begins with its name', async () => {
  await readRows(pool, { text: '/* test.read */ SELECT 1', values: [] });
  const text = 'SELECT name FROM pg_prepared_statements WHERE name = $1';
  expect(await readRows(pool, { text, values: ['test.read'] })).toEqual([{ name: 'test.read' }]);
});

it('reads a date that has no time as Prisma does: as one that is not valid', async () => {
  const text = "SELECT '-infinity'::timestamptz AS past, 'infinity'::timestamptz AS future";
  const [row] = await readRows<Record<string, Date>>(pool, { text, values: [] });
  expect(Object.values(row ?? {}).map(Number)).toEqual([NaN, NaN]);
});
