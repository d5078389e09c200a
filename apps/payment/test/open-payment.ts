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
import { startHttpStub, startOrderStub } from './http-stub.ts';
import {
  CLOSE,
  CREATE,
  RECORD,
  REFUND_FOR_ORDER,
  REFUND_PAYMENT,
  STATUS,
  type Result,
} from './operations.ts';

/** Starts a payment service on its own database, with its callers and an order service. */
export const openPayment = async (env: Env = {}, infrastructure = testInfrastructure()) => {
  const [database, tokens, orders] = await Promise.all([
    makeTestDatabase('payment'),
    makeTokenMaker(),
    startOrderStub(),
  ]);
  const webhooks: string[] = [];
  let refusals = 0;
  // As the REST API does, it passes the raw body and its signature on.
  const webhookEndpoint = await startHttpStub(async ({ body, headers }) => {
    if (refusals-- > 0) return { status: 503 };
    webhooks.push(body);
    const result = await record('simulator', body, String(headers['simulator-signature']));
    return { status: result.__typename === 'PaymentEvent' ? 200 : 400 };
  });
  const config = readConfig({
    NODE_ENV: 'test',
    // Many services and clients share this process, which may block for longer than 5 s.
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
    SIMULATOR_WEBHOOK_URL: webhookEndpoint.url,
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
    /** The bodies of the received webhooks. */
    webhooks,
    /** Refuses the next webhooks. */
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

    closeAttempt: async (input: object): Promise<Result | null> => {
      const { data, errors } = await asOrderService(CLOSE, { input });
      if (errors[0]) throw new Error(errors[0].message);
      return data.closePayment as Result | null;
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

    /** The sum of the simulator's refunds of an order, in minor units, and their number. */
    refundedOf: async (orderId: string): Promise<{ sum: number; count: number }> => {
      const [row] = await database.query<{ sum: number; count: number }>(
        `SELECT coalesce(sum(r.amount_cents), 0)::int AS sum, count(*)::int AS count
         FROM simulator_refunds r JOIN simulator_charges c ON c.reference = r.charge_reference
         WHERE c.idempotency_key LIKE $1 AND r.failure_code IS NULL`,
        [`${orderId}:%`],
      );
      return row ?? { sum: 0, count: 0 };
    },

    /** The types of a payment's stored events, oldest first. */
    eventsOf: async (paymentId: string): Promise<string[]> => {
      const rows = await database.query<{ type: string }>(
        `SELECT envelope->>'type' AS type FROM events WHERE envelope->>'subject' = $1
         ORDER BY position`,
        [paymentId],
      );
      return rows.map((row) => row.type);
    },

    /** Makes everything due now that waits for its first attempt: other rows may be in progress. */
    hurry: async (): Promise<void> => {
      for (const table of ['payments', 'refunds', 'refund_debts', 'provider_events']) {
        await database.query(
          `UPDATE ${table} SET due_at = now() WHERE due_at > now() AND due_attempts = 0`,
        );
      }
    },

    /** Captured minus refunded, in minor units, in the shop's ledger and in the simulator's. */
    sumLedgers: async (): Promise<{ shop: number; simulator: number }> => {
      const [row] = await database.query<{ shop: string; simulator: string }>(
        `SELECT
           (SELECT coalesce(sum(amount_cents - refunded_cents), 0) FROM payments
            WHERE captured_at IS NOT NULL) AS shop,
           (SELECT coalesce(sum(amount_cents), 0) FROM simulator_charges
            WHERE succeeds_at IS NOT NULL)
           - (SELECT coalesce(sum(amount_cents), 0) FROM simulator_refunds
              WHERE failure_code IS NULL) AS simulator`,
      );
      return { shop: Number(row?.shop), simulator: Number(row?.simulator) };
    },

    close: async () => {
      await app.close();
      await webhookEndpoint.close();
      await orders.close();
      await tokens.close();
      await database.drop();
    },
  };

  return {
    ...service,
    /** Does what is due, then closes. @throws when the ledgers of shop and simulator differ */
    closeBalanced: async (): Promise<void> => {
      try {
        await eventually(async () => {
          await service.hurry();
          const { shop, simulator } = await service.sumLedgers();
          if (shop !== simulator)
            throw new Error(`the shop has ${shop}, the simulator ${simulator}`);
        });
      } finally {
        await service.close();
      }
    },
  };
};

export type PaymentService = Awaited<ReturnType<typeof openPayment>>;
