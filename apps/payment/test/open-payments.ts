import { randomUUID } from 'node:crypto';
import type { Env } from '@cartograph/config';
import {
  eventually,
  makeSubgraphCaller,
  makeTestDatabase,
  makeTokenMaker,
  TEST_SECRET,
  testInfrastructure,
} from '@cartograph/testing';
import { readConfig } from '../src/config.ts';
import { makeServer } from '../src/server.ts';
import { serve, serveOrders } from './outside.ts';

export const PAYMENT =
  'id status amount { amount currency } provider failure { code } order { id }';

export const REFUND = 'id status amount { amount currency } reason failure { code } createdAt';

export const CREATE = `mutation ($input: CreatePaymentIntentInput!) {
  createPaymentIntent(input: $input) {
    __typename
    ... on Payment { ${PAYMENT} }
    ... on ValidationFailedProblem { code fields { path } }
  }
}`;

const STATUS = `query ($orderId: ID!, $attempt: Int!) {
  paymentStatus(orderId: $orderId, attempt: $attempt) { ${PAYMENT} refunds { ${REFUND} } }
}`;

export const REFUND_PAYMENT = `mutation ($input: RefundPaymentInput!) {
  refundPayment(input: $input) {
    __typename
    ... on Refund { ${REFUND} }
    ... on Problem { code }
    ... on RefundExceedsCapturedProblem { refundable { amount currency } }
    ... on RequestInFlightProblem { retryAfterSeconds }
    ... on ValidationFailedProblem { fields { path } }
  }
}`;

export const REFUND_FOR_ORDER = `mutation ($input: RefundForOrderInput!) {
  refundForOrder(input: $input) { ${PAYMENT} refunds { ${REFUND} } }
}`;

const RECORD = `mutation ($input: RecordPaymentEventInput!) {
  recordPaymentEvent(input: $input) {
    __typename
    ... on PaymentEvent { id received duplicate }
    ... on Problem { code message }
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

type RefundView = { id: string; status: string; amount: { amount: number }; reason: string };

/** What the unions of payments have for the case in question. */
export type Result = {
  __typename: string;
  id: string;
  status: string;
  amount: { amount: number };
  failure: { code: string } | null;
  refunds: RefundView[];
  code?: string;
  refundable?: { amount: number };
  duplicate?: boolean;
};

/** A payment service on a database of its own, with those who talk to it. */
export const openPayments = async (env: Env = {}, infrastructure = testInfrastructure()) => {
  const [database, tokens, orders] = await Promise.all([
    makeTestDatabase('payment'),
    makeTokenMaker(),
    serveOrders(),
  ]);
  const webhooks: string[] = [];
  let refusals = 0;
  // What the REST door does: it hands in the raw body with its signature.
  const door = await serve(async ({ body, headers }) => {
    if (refusals-- > 0) return { status: 503 };
    webhooks.push(body);
    const result = await record('simulator', body, String(headers['simulator-signature']));
    return { status: result.__typename === 'PaymentEvent' ? 200 : 400 };
  });
  const config = readConfig({
    NODE_ENV: 'test',
    // Many services and their clients share this process: it may stand still for longer than 5 s.
    SESSION_STALENESS_ADMIN_MS: '600000',
    SESSION_STALENESS_MS: '600000',
    PAYMENT_DATABASE_URL: database.url,
    ROUTER_SECRET: TEST_SECRET,
    ORDER_SECRET: TEST_SECRET,
    JWKS_URL: tokens.jwksUrl,
    USER_URL: tokens.userUrl,
    ORDER_URL: orders.url,
    PAYMENT_SECRET: TEST_SECRET,
    JWT_ISSUER: tokens.scope.issuer,
    PROVIDER_TIMEOUT_MS: '20000',
    SIMULATOR_DELAY_MS: '500',
    SIMULATOR_WEBHOOK_URL: door.url,
    ...env,
  });
  const app = await makeServer({ config, ...infrastructure });
  const asRouter = makeSubgraphCaller(app);
  const asOrderService = makeSubgraphCaller(app, 'order');
  const admin = tokens.authorize('ADMIN');

  const record = async (provider: string, payload: string, signature: string): Promise<Result> => {
    const { data, errors } = await asRouter(RECORD, { input: { provider, payload, signature } });
    if (errors[0]) throw new Error(errors[0].message);
    return data.recordPaymentEvent as Result;
  };

  const service = {
    app,
    config,
    database,
    tokens,
    orders,
    /** The bodies of the webhooks that came. */
    webhooks,
    /** Turns away as many webhooks as come next. */
    refuseWebhooks: (count: number) => void (refusals = count),
    asRouter,
    asOrderService,
    admin,
    record,

    createIntent: async (input: object): Promise<Result> => {
      const { data, errors } = await asOrderService(CREATE, { input });
      if (errors[0]) throw new Error(errors[0].message);
      return data.createPaymentIntent as Result;
    },

    findAttempt: async (orderId: string, attempt = 1): Promise<Result | null> =>
      (await asOrderService(STATUS, { orderId, attempt })).data.paymentStatus as Result | null,

    refund: async (input: object, by = admin): Promise<Result> => {
      const variables = { input: { reason: 'goodwill', ...input } };
      const { data, errors } = await asRouter(REFUND_PAYMENT, variables, by.authorization);
      if (errors[0]) throw new Error(errors[0].message);
      return data.refundPayment as Result;
    },

    refundForOrder: async (orderId: string, attempt = 1): Promise<Result | null> => {
      const input = { orderId, attempt, reason: 'the order was cancelled' };
      const { data, errors } = await asOrderService(REFUND_FOR_ORDER, { input });
      if (errors[0]) throw new Error(errors[0].message);
      return data.refundForOrder as Result | null;
    },

    rowsOf: (orderId: string) =>
      database.query<{ status: string; method: string }>(
        'SELECT status, method, amount_cents, provider_ref FROM payments WHERE order_id::text = $1',
        [orderId],
      ),

    /** The types of the events that were stored of a payment, in their order. */
    eventsOf: async (paymentId: string): Promise<string[]> => {
      const rows = await database.query<{ type: string }>(
        `SELECT envelope->>'type' AS type FROM events WHERE envelope->>'subject' = $1
         ORDER BY position`,
        [paymentId],
      );
      return rows.map((row) => row.type);
    },

    /** Makes every job that waits for its time due now, and tells the workers. */
    hurryJobs: async (): Promise<void> => {
      await database.query(
        `SELECT graphile_worker.reschedule_jobs(array_agg(id), run_at => now())
         FROM graphile_worker.jobs WHERE task_identifier <> 'deliver_webhook'`,
      );
      await database.query(`SELECT pg_notify('jobs:insert', '{"count":1}')`);
    },

    /** What was taken and not given back, by our books and by the simulator's, in minor units. */
    sumBooks: async (): Promise<{ ours: number; theirs: number }> => {
      const [row] = await database.query<{ ours: string; theirs: string }>(
        `SELECT
           (SELECT coalesce(sum(amount_cents - refunded_cents), 0) FROM payments
            WHERE captured_at IS NOT NULL) AS ours,
           (SELECT coalesce(sum(amount_cents), 0) FROM simulator_charges
            WHERE succeeds_at IS NOT NULL)
           - (SELECT coalesce(sum(amount_cents), 0) FROM simulator_refunds
              WHERE failure_code IS NULL) AS theirs`,
      );
      return { ours: Number(row?.ours), theirs: Number(row?.theirs) };
    },

    close: async () => {
      await app.close();
      await door.close();
      await orders.close();
      await tokens.close();
      await database.drop();
    },
  };

  return {
    ...service,
    /** Closes, once all is done. @throws when our books and the simulator's do not say the same */
    closeBalanced: async (): Promise<void> => {
      try {
        await eventually(async () => {
          await service.hurryJobs();
          const { ours, theirs } = await service.sumBooks();
          if (ours !== theirs) throw new Error(`we hold ${ours}, the simulator says ${theirs}`);
        });
      } finally {
        await service.close();
      }
    },
  };
};

export type Payments = Awaited<ReturnType<typeof openPayments>>;
