import { randomUUID } from 'node:crypto';
import type { Env } from '@cartograph/config';
import { makeLogger } from '@cartograph/logging';
import {
  makeSubgraphCaller,
  makeTestDatabase,
  makeTokenMaker,
  TEST_SECRET,
  testInfrastructure,
} from '@cartograph/testing';
import { readConfig } from '../src/config.ts';
import { makeServer } from '../src/server.ts';

const CREATE = `mutation ($input: CreateProductInput!) {
  createProduct(input: $input) {
    ... on Product { id sku version stock }
    ... on Problem { code message }
  }
}`;

/** A product that a test put into the catalogue. */
export type Added = {
  readonly id: string;
  readonly sku: string;
  readonly version: number;
  readonly stock: number;
};

/** Opens a product service on a database of its own, with its callers. */
export const openProduct = async (env: Env = {}) => {
  const [database, tokens] = await Promise.all([makeTestDatabase('product'), makeTokenMaker()]);
  const config = readConfig({
    NODE_ENV: 'test',
    // Many services and their clients share this process: it may block for longer than 5 s.
    SESSION_STALENESS_ADMIN_MS: '600000',
    SESSION_STALENESS_MS: '600000',
    PRODUCT_DATABASE_URL: database.url,
    ROUTER_SECRET: TEST_SECRET,
    ORDER_SECRET: TEST_SECRET,
    JWKS_URL: tokens.jwksUrl,
    USER_URL: tokens.userUrl,
    PRODUCT_SECRET: TEST_SECRET,
    JWT_ISSUER: tokens.scope.issuer,
    ...env,
  });
  const logged: Record<string, unknown>[] = [];
  const log = makeLogger(
    { name: 'product', level: 'error' },
    { write: (line) => void logged.push(JSON.parse(line) as Record<string, unknown>) },
  );
  const app = await makeServer({ config, ...testInfrastructure(), log });
  const asRouter = makeSubgraphCaller(app);
  const admin = tokens.authorize('ADMIN').authorization;
  const asAdmin = (query: string, variables?: object) => asRouter(query, variables, admin);

  const startingStock = new Map<string, number>();

  return {
    app,
    /** The header of an administrator. */
    admin,
    database,
    /** The errors that the service logged. */
    logged,
    /** The initial stock of each added product by its id. */
    startingStock,
    asRouter,
    asAdmin,
    /** A customer who is no administrator. */
    asShopper: (query: string, variables?: object) =>
      asRouter(query, variables, tokens.authorize().authorization),
    asOrderService: makeSubgraphCaller(app, 'order'),

    /** Adds a product: ten of it at 19.99 euros unless `fields` say otherwise. */
    addProduct: async (fields: object = {}): Promise<Added> => {
      const input = {
        sku: randomUUID(),
        name: 'A thing',
        price: { amount: 1999, currency: 'EUR' },
        stock: 10,
        ...fields,
      };
      const { data, errors } = await asAdmin(CREATE, { input });
      const added = data?.createProduct as Added & { message?: string };
      if (!added?.id) throw new Error(added?.message ?? JSON.stringify(errors));
      startingStock.set(added.id, added.stock);
      return added;
    },

    readStock: async (id: string): Promise<number> => {
      const { data } = await asRouter('query ($id: ID!) { product(id: $id) { stock } }', { id });
      return data.product.stock as number;
    },

    close: async () => {
      await app.close();
      await tokens.close();
      await database.drop();
    },
  };
};

export type ProductService = Awaited<ReturnType<typeof openProduct>>;
