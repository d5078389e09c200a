import { makeTestDatabase, type TestDatabase } from '@cartograph/testing';
import { Client } from 'pg';
import type { Clients } from '../../tools/backup/records.ts';
import { restoreDatabase } from '../../tools/backup/restore-shop.ts';
import type { ServiceDatabase } from '../../tools/migrate/database-urls.ts';
import type { ServiceName } from '../sandbox/service-process.ts';

type Databases = Readonly<Record<ServiceName, TestDatabase>>;

/** The addresses of databases, as the commands take them. */
export const addressesOf = (databases: Partial<Databases>): readonly ServiceDatabase[] =>
  Object.entries(databases).map(([service, { url }]) => ({
    service: service as ServiceName,
    databaseUrl: url,
  }));

/** Makes empty databases, migrated, and restores a backup into each. @param folderOf the backup of a service */
export const restoreDatabases = async (
  services: readonly ServiceName[],
  folderOf: (service: ServiceName) => string,
): Promise<Databases> => {
  const restored = services.map(async (service) => {
    const database = await makeTestDatabase(service);
    await restoreDatabase({ service, databaseUrl: database.url }, folderOf(service));
    return [service, database] as const;
  });
  return Object.fromEntries(await Promise.all(restored)) as Databases;
};

/** Runs `use` with a connection to each of the databases that are compared. */
export const withClients = async <Result>(
  databases: Databases,
  use: (clients: Clients) => Promise<Result>,
): Promise<Result> => {
  const clients = {
    order: new Client(databases.order.url),
    payment: new Client(databases.payment.url),
    product: new Client(databases.product.url),
  };
  try {
    await Promise.all(Object.values(clients).map((client) => client.connect()));
    return await use(clients);
  } finally {
    await Promise.all(Object.values(clients).map((client) => client.end()));
  }
};

/** Parents before their children. */
const PROVIDER_TABLES = ['simulator_charges', 'simulator_refunds', 'simulator_calls'];

/**
 * Gives a restored payment database the charges and refunds that the simulated provider has now: a
 * provider is another company, and forgets nothing when the shop does.
 */
export const copyProvider = async (from: TestDatabase, to: TestDatabase): Promise<void> => {
  await to.query(`TRUNCATE ${PROVIDER_TABLES.join(', ')}`);
  for (const table of PROVIDER_TABLES) {
    const [found] = await from.query<{ rows: object[] | null }>(
      `SELECT jsonb_agg(to_jsonb(${table})) AS rows FROM ${table}`,
    );
    await to.query(
      `INSERT INTO ${table} SELECT * FROM jsonb_populate_recordset(NULL::${table}, $1::jsonb)`,
      [JSON.stringify(found?.rows ?? [])],
    );
  }
};
