import { CommandFailure as NoShop, readShopEnvironment } from '@cartograph/command';
import { ConfigError, parseEnv, postgresUrl } from '@cartograph/config';
import { z } from 'zod';
import { makeDatabase, type Database } from '../db/make-database.ts';
import { lowStockThreshold } from '../domain/low-stock.ts';
import { CommandFailure, EXIT } from './command-failure.ts';

/** What the commands have in common with the product service. */
export type CatalogueSettings = {
  readonly databaseUrl: string;
  /** The stock that others are told of when a product falls to it, or below. */
  readonly lowStock: number;
};

const catalogueEnv = z.object({
  PRODUCT_DATABASE_URL: postgresUrl(),
  STOCK_LOW_THRESHOLD: lowStockThreshold,
});

/**
 * The settings of the catalogue, from the environment and .env. Without PRODUCT_DATABASE_URL it is
 * the shop of `npm start`.
 * @throws CommandFailure when one is not given as it must be
 */
export const readCatalogueSettings = (): CatalogueSettings => {
  try {
    // Whose database it is, is the operator's choice: nothing is served here.
    const env = readShopEnvironment('PRODUCT_DATABASE_URL', process.env);
    const values = parseEnv(catalogueEnv, { NODE_ENV: 'development', ...env });
    return { databaseUrl: values.PRODUCT_DATABASE_URL, lowStock: values.STOCK_LOW_THRESHOLD };
  } catch (error) {
    if (error instanceof ConfigError || error instanceof NoShop) {
      throw new CommandFailure(EXIT.usage, error.message);
    }
    throw error;
  }
};

/** @throws CommandFailure when nobody answers there, or the tables are not there yet */
const probe = async (database: Database, url: string): Promise<void> => {
  const { host } = new URL(url);
  const [row] = await database.$queryRaw<{ ready: boolean }[]>`
    SELECT to_regclass('stock_movements') IS NOT NULL AS ready`.catch(() => {
    const sentence = `The product database at ${host} can't be reached. Is the shop running?`;
    throw new CommandFailure(EXIT.stopped, sentence);
  });
  if (row?.ready) return;
  const sentence = `The product database at ${host} is not migrated: npm run migrate -- deploy`;
  throw new CommandFailure(EXIT.stopped, sentence);
};

/** Opens a catalogue for `use`, and closes it after. @throws CommandFailure when it can't be opened */
export const withProductDatabase = async <Result>(
  url: string,
  use: (database: Database) => Promise<Result>,
): Promise<Result> => {
  const database = makeDatabase({ databaseUrl: url, databasePoolSize: 1 });
  try {
    await probe(database, url);
    return await use(database);
  } finally {
    await database.$disconnect();
  }
};
