import path from 'node:path';
import { ConfigError, parseEnv, postgresUrl } from '@cartograph/config';
import { z } from 'zod';
import { makeDatabase, type Database } from '../../apps/product/src/db/make-database.ts';
import { lowStockThreshold } from '../../apps/product/src/domain/low-stock.ts';
import { readGiven } from '../start/environment.ts';
import { Refusal } from '../start/refusal.ts';
import { readShopEnvironment } from '../user/read-shop-environment.ts';
import { CommandFailure, EXIT } from './command-failure.ts';

const root = path.resolve(import.meta.dirname, '..', '..');

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
    const given = readGiven(root, process.env);
    // Whose database it is, is the operator's choice: nothing is served here.
    const env = given['PRODUCT_DATABASE_URL'] ? given : readShopEnvironment();
    const values = parseEnv(catalogueEnv, { NODE_ENV: 'development', ...env });
    return { databaseUrl: values.PRODUCT_DATABASE_URL, lowStock: values.STOCK_LOW_THRESHOLD };
  } catch (error) {
    if (error instanceof ConfigError || error instanceof Refusal) {
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
