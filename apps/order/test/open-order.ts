import type { Env } from '@cartograph/config';
import { DEADLINE_HEADER } from '@cartograph/resilience';
import {
  makeSubgraphCaller,
  makeTestDatabase,
  makeTokenMaker,
  TEST_SECRET,
  testInfrastructure,
} from '@cartograph/testing';
import { readConfig } from '../src/config.ts';
import { makeServer } from '../src/server.ts';
import {
  CANCEL,
  CREATE,
  PAYMENT_SETTLED,
  HISTORY,
  ORDER,
  PAY,
  UPDATE_STATUS,
} from './operations.ts';
import { startFakeServices } from './fake-services.ts';

/** An order as a customer sees it. */
export type OrderView = {
  readonly id: string;
  readonly number: string;
  readonly status: string;
  readonly total: { readonly amount: number; readonly currency: string };
  readonly reservedUntil: string;
  readonly createdAt: string;
  readonly items: readonly { readonly quantity: number; readonly product: { id: string } }[];
  readonly cancellation: { readonly reason: string } | null;
};

/** A member of a result union: what it has depends on its type. */
export type Result = OrderView & {
  readonly __typename: string;
  readonly code?: string;
  readonly paymentStatus?: string | null;
  readonly order?: OrderView;
};

/** A line of an order's history. */
export type EventView = {
  readonly at: string;
  readonly type: string;
  readonly fromStatus: string | null;
  readonly toStatus: string;
  readonly actor: string;
  readonly user: { readonly id: string } | null;
  readonly reason: string | null;
  readonly note: string | null;
};

/** Starts an order service with a database of its own and fake product and payment services. */
export const openOrder = async (env: Env = {}, infrastructure = testInfrastructure()) => {
  const [database, tokens, services] = await Promise.all([
    makeTestDatabase('order'),
    makeTokenMaker(),
    startFakeServices(),
  ]);
  const config = readConfig({
    NODE_ENV: 'test',
    // Many services and their clients share this process: it may be busy for longer than 5 s.
    SESSION_STALENESS_ADMIN_MS: '600000',
    SESSION_STALENESS_MS: '600000',
    // On a busy machine a call may take longer than the lease of its order.
    SERVICE_TIMEOUT_MS: '60000',
    ORDER_DATABASE_URL: database.url,
    ROUTER_SECRET: TEST_SECRET,
    ORDER_SECRET: TEST_SECRET,
    PAYMENT_SECRET: TEST_SECRET,
    JWKS_URL: tokens.jwksUrl,
    USER_URL: tokens.userUrl,
    JWT_ISSUER: tokens.scope.issuer,
    PRODUCT_URL: services.url,
    PAYMENT_URL: services.url,
    // After a fault the next call is sent immediately.
    SERVICE_BREAK_MS: '1',
    ...env,
  });
  const app = await makeServer({ config, ...infrastructure });
  const send = makeSubgraphCaller(app);
  const sendAsPayment = makeSubgraphCaller(app, 'payment');

  const signIn = (role: 'USER' | 'ADMIN' = 'USER') => {
    const { viewer, authorization } = tokens.authorize(role);
    /** @param waitsMs the deadline of the request; the timeout of the service if not given */
    const query = (operation: string, variables: object = {}, waitsMs?: number) =>
      send(operation, variables, authorization, {
        ...(waitsMs !== undefined && { [DEADLINE_HEADER]: String(waitsMs) }),
      });
    const tryToCreate = (input: object, waitsMs?: number) => query(CREATE, { input }, waitsMs);
    const tryToPay = (input: object, waitsMs?: number) => query(PAY, { input }, waitsMs);
    const tryToCancel = (input: object) => query(CANCEL, { input });
    return {
      id: viewer.id,
      query,
      tryToCreate,
      tryToPay,
      tryToCancel,
      create: async (input: object): Promise<Result> => {
        const { data, errors } = await tryToCreate(input);
        if (errors[0]) throw new Error(errors[0].message);
        return data.createOrder as Result;
      },
      /** Orders one unit of a new product. */
      createAny: async (): Promise<Result> => {
        const items = [{ productId: services.addProduct(), quantity: 1 }];
        const { data } = await tryToCreate({ items });
        return data.createOrder as Result;
      },
      pay: async (orderId: string, input: object = {}): Promise<Result> => {
        const { data, errors } = await tryToPay({ orderId, ...input });
        if (errors[0]) throw new Error(errors[0].message);
        return data.payOrder as Result;
      },
      cancel: async (orderId: string, input: object = {}): Promise<Result> => {
        const { data, errors } = await tryToCancel({ orderId, ...input });
        if (errors[0]) throw new Error(errors[0].message);
        return data.cancelOrder as Result;
      },
      updateStatus: async (orderId: string, status: string, input: object = {}) => {
        const { data, errors } = await query(UPDATE_STATUS, {
          input: { orderId, status, ...input },
        });
        if (errors[0]) throw new Error(errors[0].message);
        return data.updateOrderStatus as Result;
      },
      historyOf: async (id: string): Promise<EventView[] | undefined> => {
        const { data } = await query(HISTORY, { id });
        return data.order?.history as EventView[] | undefined;
      },
      find: async (id: string): Promise<OrderView | null> => {
        const { data } = await query(`query ($id: ID!) { order(id: $id) { ${ORDER} } }`, { id });
        return data.order as OrderView | null;
      },
    };
  };

  return {
    app,
    database,
    services,
    send,
    signIn,
    /** The header of a customer. */
    authorize: (role: 'USER' | 'ADMIN' = 'USER') => tokens.authorize(role).authorization,
    /** Notifies the service that a payment is settled, as the payment service does. */
    notifySettled: (orderId: string) => sendAsPayment(PAYMENT_SETTLED, { orderId }),
    /** Makes every order with work to do due now, also those that a sweeper has claimed. */
    makeOrdersDue: async (): Promise<void> => {
      await database.query(
        'UPDATE orders SET due_at = now() WHERE due_at > now() AND dead_at IS NULL',
      );
    },
    /** The orders with work to do. */
    findDueOrders: (): Promise<object[]> =>
      database.query('SELECT id, status, due_error FROM orders WHERE due_at IS NOT NULL'),
    /** Ends the time in which requests that hold stock may still create their orders. */
    endHoldTimes: (): Promise<object[]> =>
      database.query(
        "UPDATE stock_holds SET renewed_at = now() - interval '31 seconds' WHERE placed_at IS NULL",
      ),
    /** The total of all confirmed orders, in minor units. */
    sumConfirmed: async (): Promise<number> => {
      const [row] = await database.query<{ sum: string | null }>(
        "SELECT sum(total_cents) AS sum FROM orders WHERE status = 'CONFIRMED'",
      );
      return Number(row?.sum ?? 0);
    },
    close: async () => {
      await app.close();
      await services.close();
      await tokens.close();
      await database.drop();
    },
  };
};

export type Shop = Awaited<ReturnType<typeof openOrder>>;
