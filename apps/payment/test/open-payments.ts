import { randomUUID } from 'node:crypto';
import {
  makeSubgraphCaller,
  makeTestDatabase,
  makeTokenMaker,
  TEST_SECRET,
  testInfrastructure,
} from '@cartograph/testing';
import { readConfig } from '../src/config.ts';
import { makeServer } from '../src/server.ts';

export const PAYMENT =
  'id status amount { amount currency } provider failure { code } order { id }';

export const CREATE = `mutation ($input: CreatePaymentIntentInput!) {
  createPaymentIntent(input: $input) {
    __typename
    ... on Payment { ${PAYMENT} }
    ... on ValidationFailedProblem { code fields { path } }
  }
}`;

/** The input of a payment of an order of its own: 19.99 euros unless `fields` say otherwise. */
export const newIntent = (fields: object = {}) => ({
  orderId: randomUUID(),
  attempt: 1,
  userId: randomUUID(),
  amount: 1999,
  currency: 'EUR',
  ...fields,
});

/** What the union of createPaymentIntent has for the case in question. */
type Result = {
  __typename: string;
  id: string;
  status: string;
  amount: { amount: number };
};

/** A payment service on a database of its own, with those who talk to it. */
export const openPayments = async () => {
  const [database, tokens] = await Promise.all([makeTestDatabase('payment'), makeTokenMaker()]);
  const config = readConfig({
    PAYMENT_DATABASE_URL: database.url,
    ROUTER_SECRET: TEST_SECRET,
    ORDER_SECRET: TEST_SECRET,
    JWKS_URL: tokens.jwksUrl,
    USER_URL: tokens.userUrl,
    PAYMENT_SECRET: TEST_SECRET,
    JWT_ISSUER: tokens.scope.issuer,
  });
  const app = await makeServer({ config, ...testInfrastructure() });
  const asOrderService = makeSubgraphCaller(app, 'order');

  return {
    database,
    tokens,
    asRouter: makeSubgraphCaller(app),
    asOrderService,

    createIntent: async (input: object): Promise<Result> => {
      const { data, errors } = await asOrderService(CREATE, { input });
      if (errors[0]) throw new Error(errors[0].message);
      return data.createPaymentIntent as Result;
    },

    rowsOf: (orderId: string) =>
      database.query<{ status: string; method: string }>(
        'SELECT status, method, amount_cents, provider_ref FROM payments WHERE order_id::text = $1',
        [orderId],
      ),

    close: async () => {
      await app.close();
      await tokens.close();
      await database.drop();
    },
  };
};

export type Payments = Awaited<ReturnType<typeof openPayments>>;
