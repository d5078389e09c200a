import { afterAll, beforeAll, expect, it } from 'vitest';
import { makeTestDatabase, type TestDatabase } from '@cartograph/testing';
import { makeDatabase, type Database } from '../src/db/make-database.ts';
import { makePrismaKnownAddresses } from '../src/db/make-throttle-store.ts';

let test: TestDatabase;
let database: Database;

beforeAll(async () => {
  test = await makeTestDatabase('user');
  database = makeDatabase({ databaseUrl: test.url, databasePoolSize: 1 });
});

afterAll(async () => {
  await database.close();
  await test.drop();
});

it('an address is known until it expires, and each sign-in from it extends that time', async () => {
  const addresses = makePrismaKnownAddresses(database);
  const at = (minute: number) => new Date(Date.UTC(2026, 0, 31, 12, minute));
  const isKnownAt = (minute: number) => addresses.isKnown('key', at(minute));
  expect(await isKnownAt(0)).toBe(false);
  await addresses.remember('key', at(10));
  expect([await isKnownAt(9), await isKnownAt(10), await isKnownAt(11)]).toEqual([
    true,
    false,
    false,
  ]);
  expect(await addresses.isKnown('another key', at(9))).toBe(false);
  await addresses.remember('key', at(20));
  expect([await isKnownAt(19), await isKnownAt(20)]).toEqual([true, false]);
});
