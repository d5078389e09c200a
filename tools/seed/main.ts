/**
 * Puts the demo accounts and the demo catalogue into the databases. What is there already stays as
 * it is, so it may run at every start.
 */
import { readFile } from 'node:fs/promises';
import { parseEnv, postgresUrl } from '@cartograph/config';
import { z } from 'zod';
import { readDemoAccounts } from '../start/demo-passwords.ts';
import { seedAccounts } from './accounts.ts';
import type { Variables } from '@cartograph/command';
import { seedProducts } from './catalogue.ts';

const env = parseEnv(
  z.object({
    NODE_ENV: z.enum(['development', 'test']),
    USER_DATABASE_URL: postgresUrl(),
    PRODUCT_DATABASE_URL: postgresUrl(),
  }),
  process.env,
);
const products = await readFile(new URL('products.json', import.meta.url), 'utf8');

const [accounts, added] = await Promise.all([
  seedAccounts(env.USER_DATABASE_URL, readDemoAccounts(process.env as Variables)),
  seedProducts(env.PRODUCT_DATABASE_URL, JSON.parse(products)),
]);
console.log(`seeded ${accounts} accounts and ${added} products`);
