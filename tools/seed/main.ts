/**
 * `npm run seed` puts the demo accounts and the demo catalogue into the databases of a shop in development, as
 * `npm start` does each time. What is there already stays as it is.
 */
import { readFile } from 'node:fs/promises';
import { makeProgram, readShopEnvironment, runProgram } from '@cartograph/command';
import { parseEnv, postgresUrl } from '@cartograph/config';
import { z } from 'zod';
import { readDemoAccounts } from '../start/demo-passwords.ts';
import { seedAccounts } from './accounts.ts';
import { seedProducts } from './catalogue.ts';

const variables = z.object({
  // The passwords of the accounts are public: they are refused in production.
  NODE_ENV: z.enum(['development', 'test']),
  USER_DATABASE_URL: postgresUrl(),
  PRODUCT_DATABASE_URL: postgresUrl(),
});

const seed = async (): Promise<void> => {
  // Every start makes it, also for databases that are given.
  const given = readShopEnvironment('DEMO_ADMIN_PASSWORD', process.env);
  const env = parseEnv(variables, given);
  const products = await readFile(new URL('products.json', import.meta.url), 'utf8');
  const [accounts, added] = await Promise.all([
    seedAccounts(env.USER_DATABASE_URL, readDemoAccounts(given)),
    seedProducts(env.PRODUCT_DATABASE_URL, JSON.parse(products)),
  ]);
  console.log(`seeded ${accounts} accounts and ${added} products`);
};

const program = makeProgram('npm run seed --', 'Adds the demo accounts and catalogue.').action(
  seed,
);

process.exitCode = await runProgram(program, process.argv.slice(2));
