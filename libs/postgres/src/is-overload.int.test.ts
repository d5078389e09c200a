import { describe, expect, it } from '@jest/globals';
import { Pool } from 'pg';
import { isOverload } from './is-overload.ts';

describe('an overload', () => {
  it('is a timeout for a connection, wrapped or not', async () => {
    const pool = new Pool({ connectionString: process.env['TEST_POSTGRES_URL'], max: 1 });
    const busy = await pool.connect();
    pool.options.connectionTimeoutMillis = 1;
    const failure: unknown = await pool.connect().catch((error: unknown) => error);
    busy.release();
    await pool.end();
    expect(isOverload(failure)).toBe(true);
    expect(isOverload(new Error('a query failed', { cause: failure }))).toBe(true);
    expect(isOverload(Object.assign(new Error('no transaction'), { code: 'P2028' }))).toBe(true);
  });

  it.each([
    [null],
    ['timeout'],
    [new Error('a bug')],
    [Object.assign(new Error(), { code: 'P2002' })],
  ])('is nothing else: %s', (error) => {
    expect(isOverload(error)).toBe(false);
  });
});
