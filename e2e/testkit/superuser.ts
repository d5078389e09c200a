import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parseEnv } from 'node:util';
import pg from 'pg';
import type { Shop } from './start-shop.ts';

/** Connects to the Postgres of a shop as its superuser; the caller ends the connection. */
export const connectAsSuperuser = async (
  { env, ports }: Shop,
  database = 'postgres',
): Promise<pg.Client> => {
  const file = path.join(env['CARTOGRAPH_STATE_DIR'] ?? '', 'dev.env');
  const client = new pg.Client({
    host: '127.0.0.1',
    port: ports.postgres,
    user: 'postgres',
    password: parseEnv(readFileSync(file, 'utf8'))['POSTGRES_SUPERUSER_PASSWORD'] ?? '',
    database,
  });
  await client.connect();
  return client;
};

/** Executes statements as the superuser of the Postgres of a shop, one after the other. */
export const asSuperuser = async (shop: Shop, ...statements: readonly string[]) => {
  const client = await connectAsSuperuser(shop);
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
};
