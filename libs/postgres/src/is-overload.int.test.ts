import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { Pool } from 'pg';
import { isOverload } from './is-overload.ts';
import { makeDatabasePool, type StatementLimits } from './make-database-pool.ts';

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

  it('is a server that does not complete a connection in time', async () => {
    // It accepts connections, and says nothing.
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const pool = new Pool({ host: '127.0.0.1', port, connectionTimeoutMillis: 50 });
    const failure: unknown = await pool.connect().catch((error: unknown) => error);
    await pool.end();
    server.close();
    expect(failure).toMatchObject({ message: expect.stringContaining('connection timeout') });
    expect(isOverload(failure)).toBe(true);
  });

  it('is a server that refuses connections, to pg and to Prisma', async () => {
    // The port of a server that has closed.
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    server.close();
    await once(server, 'close');
    const pool = new Pool({ host: '127.0.0.1', port });
    const failure: unknown = await pool.connect().catch((error: unknown) => error);
    await pool.end();
    expect(failure).toMatchObject({ code: 'ECONNREFUSED' });
    expect(isOverload(failure)).toBe(true);
    for (const code of ['53300', '57P03', 'P1001', 'P2037'])
      expect(isOverload(Object.assign(new Error('no connection'), { code }))).toBe(true);
    // As Prisma reports them of a raw statement.
    const raw = (cause: object) =>
      Object.assign(new Error(), { code: 'P2010', meta: { driverAdapterError: { cause } } });
    expect(isOverload(raw({ kind: 'DatabaseNotReachable' }))).toBe(true);
    expect(isOverload(raw({ kind: 'TooManyConnections', originalCode: '53300' }))).toBe(true);
    expect(isOverload(raw({ kind: 'postgres', originalCode: '57P03' }))).toBe(true);
    expect(isOverload(raw({ kind: 'postgres', originalCode: '42601' }))).toBe(false);
  });

  it('is a statement that waited too long, for a lock or in all', async () => {
    const databaseUrl = process.env['TEST_POSTGRES_URL'] ?? '';
    const wait = async (limits: StatementLimits, sql: string): Promise<unknown> => {
      const pool = makeDatabasePool({ databaseUrl, databasePoolSize: 2 }, () => {}, limits);
      const holder = await pool.connect();
      await holder.query('BEGIN');
      await holder.query('SELECT pg_advisory_xact_lock(7)');
      const failure: unknown = await pool.query(sql).catch((error: unknown) => error);
      await holder.query('ROLLBACK');
      holder.release();
      await pool.end();
      return failure;
    };
    const lock = 'SELECT pg_advisory_xact_lock(7)';
    expect(isOverload(await wait({ lockTimeoutMs: 50 }, lock))).toBe(true);
    expect(isOverload(await wait({ queryTimeoutMs: 300 }, lock))).toBe(true);
    const byPostgres = `SET statement_timeout = 50; ${lock}`;
    expect(isOverload(await wait({}, byPostgres))).toBe(true);
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
