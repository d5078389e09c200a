import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  makeSubgraphCaller,
  makeTestDatabase,
  makeTokenMaker,
  TEST_SECRET,
  testInfrastructure,
  type TestDatabase,
  type TokenMaker,
} from '@cartograph/testing';
import type { FastifyInstance } from 'fastify';
import { readConfig } from '../src/config.ts';
import { makeServer } from '../src/server.ts';

let database: TestDatabase;
let tokens: TokenMaker;
let app: FastifyInstance;
let asRouter: ReturnType<typeof makeSubgraphCaller>;
let asOrderService: ReturnType<typeof makeSubgraphCaller>;

beforeAll(async () => {
  [database, tokens] = await Promise.all([makeTestDatabase('payment'), makeTokenMaker()]);
  const config = readConfig({
    PAYMENT_DATABASE_URL: database.url,
    ROUTER_SECRET: TEST_SECRET,
    ORDER_SECRET: TEST_SECRET,
    JWKS_URL: tokens.jwksUrl,
    JWT_ISSUER: tokens.scope.issuer,
  });
  app = await makeServer({ config, ...testInfrastructure() });
  asRouter = makeSubgraphCaller(app);
  asOrderService = makeSubgraphCaller(app, 'order');
});

afterAll(async () => {
  await app.close();
  await tokens.close();
  await database.drop();
});

const PAYMENT = 'id status amount { amount currency } provider failure { code } order { id }';

const CREATE = `mutation ($input: CreatePaymentIntentInput!) {
  createPaymentIntent(input: $input) {
    __typename
    ... on Payment { ${PAYMENT} }
    ... on ValidationFailedProblem { code fields { path } }
  }
}`;

const STATUS = `query ($orderId: ID!, $attempt: Int!) {
  paymentStatus(orderId: $orderId, attempt: $attempt) { ${PAYMENT} }
}`;

const newIntent = (fields: object = {}) => ({
  orderId: randomUUID(),
  attempt: 1,
  userId: randomUUID(),
  amount: 1999,
  currency: 'EUR',
  ...fields,
});

const createIntent = async (input: object) => {
  const { data, errors } = await asOrderService(CREATE, { input });
  expect(errors).toEqual([]);
  return data.createPaymentIntent;
};

const rowsOf = (orderId: string) =>
  database.query<{ status: string; method: string; amount_cents: string; provider_ref: string }>(
    'SELECT status, method, amount_cents, provider_ref FROM payments WHERE order_id = $1',
    [orderId],
  );

describe('createPaymentIntent', () => {
  it('takes the money of an order', async () => {
    const input = newIntent();
    expect(await createIntent(input)).toMatchObject({
      __typename: 'Payment',
      status: 'SUCCEEDED',
      amount: { amount: 1999, currency: 'EUR' },
      provider: 'simulator',
      failure: null,
      order: { id: input.orderId },
    });
  });

  it('takes it once, however often and at once it is asked', async () => {
    const input = newIntent();
    const payments = await Promise.all(Array.from({ length: 20 }, () => createIntent(input)));
    expect(payments).toEqual(Array(20).fill(payments[0]));
    expect(await rowsOf(input.orderId)).toHaveLength(1);
  });

  it('says why the provider declined, and goes on saying so', async () => {
    const input = newIntent({ method: 'sim_decline' });
    const declined = await createIntent(input);
    expect(declined).toMatchObject({ status: 'FAILED', failure: { code: 'card_declined' } });
    expect(await createIntent({ ...input, method: 'sim_success' })).toEqual(declined);
    expect(await createIntent({ ...input, method: null })).toEqual(declined);
  });

  it('keeps method and amount of the first who asked, and charges no second time', async () => {
    const input = newIntent({ method: 'sim_success' });
    const first = await createIntent(input);
    expect(await createIntent({ ...input, method: 'sim_decline', amount: 1 })).toEqual(first);
    expect(await rowsOf(input.orderId)).toMatchObject([
      { status: 'SUCCEEDED', method: 'sim_success', amount_cents: '1999' },
    ]);
  });

  it('lets one method win when two ask at once', async () => {
    const input = newIntent();
    const methods = Array.from({ length: 20 }, (_, index) =>
      index % 2 === 0 ? 'sim_success' : 'sim_decline',
    );
    const payments = await Promise.all(methods.map((method) => createIntent({ ...input, method })));
    expect(new Set(payments.map((payment) => payment.id)).size).toBe(1);
    const [row, ...others] = await rowsOf(input.orderId);
    expect(others).toEqual([]);
    expect(row?.status).toBe(row?.method === 'sim_success' ? 'SUCCEEDED' : 'FAILED');
    expect(new Set(payments.map((payment) => payment.status))).toEqual(new Set([row?.status]));
  });

  it('asks the provider again while it has not decided, with the same key', async () => {
    const input = newIntent();
    const first = await createIntent(input);
    const [before] = await rowsOf(input.orderId);
    await database.query(
      "UPDATE payments SET status = 'PROCESSING', provider_ref = NULL WHERE order_id = $1",
      [input.orderId],
    );
    expect(await createIntent(input)).toEqual(first);
    expect(await rowsOf(input.orderId)).toEqual([before]);
  });

  it('counts another attempt as another payment', async () => {
    const input = newIntent({ method: 'sim_decline' });
    const first = await createIntent(input);
    const second = await createIntent({ ...input, attempt: 2, method: 'sim_success' });
    expect(second).toMatchObject({ status: 'SUCCEEDED' });
    expect(second.id).not.toBe(first.id);
  });

  it('keeps the largest amount exactly', async () => {
    const input = newIntent({ amount: Number.MAX_SAFE_INTEGER });
    expect((await createIntent(input)).amount.amount).toBe(Number.MAX_SAFE_INTEGER);
  });

  it.each([
    ['a method that nobody knows', { method: 'gold' }, 'paymentMethod'],
    ['a method that is a name of the language', { method: 'constructor' }, 'paymentMethod'],
    ['no method at all', { method: '' }, 'method'],
    ['a NUL', { method: 'sim\0' }, 'method'],
    ['an amount below nothing', { amount: -1 }, 'amount'],
    ['an attempt before the first', { attempt: 0 }, 'attempt'],
    ['an order that is no id', { orderId: 'nonsense' }, 'orderId'],
    ['a customer who is no id', { userId: 'nonsense' }, 'userId'],
  ])('refuses %s, and keeps nothing', async (_fault, fields, path) => {
    const input = newIntent(fields);
    expect(await createIntent(input)).toMatchObject({
      __typename: 'ValidationFailedProblem',
      code: 'VALIDATION_FAILED',
      fields: [{ path }],
    });
    const [{ count } = { count: -1 }] = await database.query<{ count: number }>(
      'SELECT count(*)::int AS count FROM payments WHERE order_id::text = $1',
      [input.orderId],
    );
    expect(count).toBe(0);
  });
});

describe('paymentStatus', () => {
  it('tells what became of an attempt, and null of one that was never made', async () => {
    const input = newIntent({ method: 'sim_decline' });
    await createIntent(input);
    const ask = (attempt: number) => asOrderService(STATUS, { orderId: input.orderId, attempt });
    expect((await ask(1)).data.paymentStatus).toMatchObject({
      status: 'FAILED',
      failure: { code: 'card_declined' },
    });
    expect((await ask(2)).data).toEqual({ paymentStatus: null });
    expect(await rowsOf(input.orderId)).toHaveLength(1);
  });
});

describe('what moves money', () => {
  it('answers sister services only', async () => {
    const input = newIntent();
    const calls = [
      [CREATE, { input }],
      [STATUS, { orderId: input.orderId, attempt: 1 }],
    ] as const;
    for (const [operation, variables] of calls) {
      for (const who of [undefined, tokens.authorize(), tokens.authorize('ADMIN')]) {
        const { errors } = await asRouter(operation, variables, who?.authorization);
        expect(errors[0]?.extensions.code).toBe('FORBIDDEN');
      }
    }
    expect(await rowsOf(input.orderId)).toEqual([]);
  });
});

describe('what a customer sees', () => {
  const BY_ID = 'query ($id: ID!) { payment(id: $id) { id status } }';
  const ENTITIES = `query ($representations: [_Any!]!) {
    _entities(representations: $representations) {
      ... on Order { id payments { id status } }
      ... on Payment { id status }
    }
  }`;

  it('is their own payments; an administrator sees any, a stranger none', async () => {
    const owner = tokens.authorize();
    const { orderId, ...rest } = newIntent({ userId: owner.viewer.id, method: 'sim_decline' });
    const { id } = await createIntent({ orderId, ...rest });
    const second = await createIntent({ orderId, ...rest, attempt: 2, method: 'sim_success' });
    const representations = [
      { __typename: 'Order', id: orderId },
      { __typename: 'Payment', id },
    ];
    const seen = { id, status: 'FAILED' };

    for (const { authorization } of [owner, tokens.authorize('ADMIN')]) {
      expect((await asRouter(BY_ID, { id }, authorization)).data).toEqual({ payment: seen });
      const { data } = await asRouter(ENTITIES, { representations }, authorization);
      const payments = [seen, { id: second.id, status: 'SUCCEEDED' }];
      expect(data._entities).toEqual([{ id: orderId, payments }, seen]);
    }

    const stranger = tokens.authorize().authorization;
    expect((await asRouter(BY_ID, { id }, stranger)).data).toEqual({ payment: null });
    const { data } = await asRouter(ENTITIES, { representations }, stranger);
    expect(data._entities).toEqual([{ id: orderId, payments: [] }, null]);

    const nobody = await asRouter(BY_ID, { id });
    expect(nobody.errors[0]?.extensions.code).toBe('UNAUTHENTICATED');
    const nobodyByReference = await asRouter(ENTITIES, { representations });
    expect(nobodyByReference.errors.map((error) => error.extensions.code)).toEqual([
      'UNAUTHENTICATED',
      'UNAUTHENTICATED',
    ]);
  });

  it('is null for an unknown payment, and a refusal for an id that is none', async () => {
    const { authorization } = tokens.authorize('ADMIN');
    const unknown = await asRouter(BY_ID, { id: randomUUID() }, authorization);
    expect(unknown.data).toEqual({ payment: null });
    const nonsense = await asRouter(BY_ID, { id: "' OR 1=1" }, authorization);
    expect(nonsense.errors[0]?.extensions.code).toBe('BAD_USER_INPUT');
  });
});

describe('the payment database', () => {
  it.each([
    ['an amount below nothing', 'SET amount_cents = -1', 'payments_amount_cents_check'],
    ['a failure without a reason', "SET status = 'FAILED'", 'payments_failure_check'],
    ['a reason without a failure', "SET failure_code = 'x'", 'payments_failure_check'],
  ])('refuses %s, whoever writes it', async (_fault, change, constraint) => {
    const { orderId } = newIntent();
    await createIntent(newIntent({ orderId }));
    await expect(
      database.query(`UPDATE payments ${change} WHERE order_id = $1`, [orderId]),
    ).rejects.toMatchObject({ constraint });
  });
});
