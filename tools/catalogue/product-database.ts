import path from 'node:path';
import { ConfigError, parseEnv, postgresUrl } from '@cartograph/config';
import { z } from 'zod';
import { makeDatabase, type Database } from '../../apps/product/src/db/make-database.ts';
import { readGiven } from '../start/environment.ts';
import { Refusal } from '../start/refusal.ts';
import { readShopEnvironment } from '../user/read-shop-environment.ts';
import { CommandFailure, EXIT } from './command-failure.ts';

const root = path.resolve(import.meta.dirname, '..', '..');

/**
 * The address of the catalogue: PRODUCT_DATABASE_URL, else that of the shop of `npm start`.
 * @throws CommandFailure when it is not given as it must be
 */
export const readDatabaseUrl = (): string => {
  try {
    const given = readGiven(root, process.env);
    const env = given['PRODUCT_DATABASE_URL'] ? given : readShopEnvironment();
    return parseEnv(z.object({ PRODUCT_DATABASE_URL: postgresUrl() }), env).PRODUCT_DATABASE_URL;
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
