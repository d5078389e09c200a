import { CommandFailure, EXIT, readShopEnvironment } from '@cartograph/command';
import { ConfigError, parseEnv, postgresUrl } from '@cartograph/config';
import { z } from 'zod';
import { makeDatabase, type Database } from '../db/make-database.ts';
import { BATCH_TIMEOUTS } from '../db/make-prisma-catalogue-import.ts';
import { lowStockThreshold } from '../domain/low-stock.ts';

const catalogueEnv = z.object({
  PRODUCT_DATABASE_URL: postgresUrl(),
  STOCK_LOW_THRESHOLD: lowStockThreshold,
});

/**
 * The variables that the commands share with the product service, from the environment and .env.
 * Without PRODUCT_DATABASE_URL they are those of the shop of `npm start`.
 * @throws CommandFailure when one is missing or not valid
 */
export const readCatalogueSettings = (): {
  readonly databaseUrl: string;
  readonly lowStock: number;
} => {
  try {
    // The database may be any: the rules of production are for processes that serve requests.
    const env = readShopEnvironment('PRODUCT_DATABASE_URL', process.env);
    const values = parseEnv(catalogueEnv, { NODE_ENV: 'development', ...env });
    return { databaseUrl: values.PRODUCT_DATABASE_URL, lowStock: values.STOCK_LOW_THRESHOLD };
  } catch (error) {
    if (!(error instanceof ConfigError || error instanceof CommandFailure)) throw error;
    throw new CommandFailure(EXIT.usage, error.message);
  }
};

/** @throws CommandFailure when the database can't be reached or is not migrated */
const checkDatabase = async (database: Database, url: string): Promise<void> => {
  const { host } = new URL(url);
  const fail = (state: string): never => {
    throw new CommandFailure(EXIT.stopped, `The product database at ${host} ${state}`);
  };
  const [row] = await database.$queryRaw<{ ready: boolean }[]>`
    SELECT to_regclass('stock_movements') IS NOT NULL AS ready`.catch(() =>
    fail("can't be reached. Is the shop running?"),
  );
  if (!row?.ready) fail('is not migrated: npm run migrate -- deploy');
};

/** Opens the product database for `use` and closes it. @throws CommandFailure when it can't */
export const withProductDatabase = async <Result>(
  url: string,
  use: (database: Database) => Promise<Result>,
): Promise<Result> => {
  const config = { databaseUrl: url, databasePoolSize: 1 };
  // An import waits for the batches of others, where a request would fail.
  const database = makeDatabase(config, undefined, { lockTimeoutMs: BATCH_TIMEOUTS.timeout });
  try {
    await checkDatabase(database, url);
    return await use(database);
  } finally {
    await database.$disconnect();
  }
};
