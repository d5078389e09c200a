import { randomBytes } from 'node:crypto';
import { Client, Pool } from 'pg';

/** A database that one test file uses. */
export type TestDatabase = {
  readonly url: string;
  /** Runs SQL as the owner. */
  readonly query: <Row extends object>(sql: string, values?: unknown[]) => Promise<Row[]>;
  /** Removes it. @throws when connections to it are left open */
  readonly drop: () => Promise<void>;
};

const adminUrl = (): string => {
  const url = process.env['TEST_POSTGRES_URL'];
  if (!url) throw new Error('TEST_POSTGRES_URL is not set: run tests with `npm test`');
  return url;
};

/** Postgres ends a connection shortly after its client has. */
const LEAK_GRACE_MS = 5_000;

const countConnections = async (admin: Client, name: string): Promise<number> => {
  const { rows } = await admin.query<{ count: number }>(
    'SELECT count(*)::int AS count FROM pg_stat_activity WHERE datname = $1',
    [name],
  );
  return rows[0]?.count ?? 0;
};

/** Clones the migrated template of a service; without one, the database is empty. */
export const makeTestDatabase = async (service?: string): Promise<TestDatabase> => {
  const name = `test_${service ?? 'empty'}_${randomBytes(6).toString('hex')}`;
  const admin = new Client(adminUrl());
  await admin.connect();
  const template = service === undefined ? 'template1' : `template_${service}`;
  await admin.query(`CREATE DATABASE ${name} TEMPLATE ${template}`);
  const url = new URL(adminUrl());
  // Tests add parameters of their own.
  url.search = '';
  url.pathname = `/${name}`;
  // One connection, which runs concurrent queries one after another.
  const own = new Pool({ connectionString: url.href, max: 1, idleTimeoutMillis: 0 });
  own.on('error', () => undefined);
  return {
    url: url.href,
    query: async <Row extends object>(sql: string, values: unknown[] = []) =>
      (await own.query<Row>(sql, values)).rows,
    drop: async () => {
      await own.end();
      const deadline = Date.now() + LEAK_GRACE_MS;
      let open = await countConnections(admin, name);
      while (open > 0 && Date.now() < deadline) {
        await new Promise((resolve) => setTimeout(resolve, 20));
        open = await countConnections(admin, name);
      }
      await admin.query(`DROP DATABASE ${name} WITH (FORCE)`);
      await admin.end();
      if (open > 0) throw new Error(`${open} connections to the test database were left open`);
    },
  };
};
