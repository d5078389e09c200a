import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { leastCpuMs, TEST_SECRET, testInfrastructure } from '@cartograph/testing';
import type { FastifyInstance } from 'fastify';
import { readConfig } from '../src/config.ts';
import { makeServer } from '../src/server.ts';

/** What a request may cost before it is refused. */
const MAX_CPU_MS = 50;

/** Port 1 is reserved: no server listens on it. */
const NOWHERE = 'http://127.0.0.1:1/graphql';

let app: FastifyInstance;

const ask = async (payload: string) => {
  const headers = { 'content-type': 'application/json' };
  const response = await app.inject({ method: 'POST', url: '/graphql', payload, headers });
  const code = response.json().errors?.[0]?.extensions?.code as string | undefined;
  return { status: response.statusCode, code, text: response.body };
};

const measure = (payload: string): Promise<number> => leastCpuMs(() => ask(payload), MAX_CPU_MS);

beforeAll(async () => {
  const urls = {
    USER_URL: NOWHERE,
    PRODUCT_URL: NOWHERE,
    ORDER_URL: NOWHERE,
    PAYMENT_URL: NOWHERE,
  };
  const config = readConfig({ NODE_ENV: 'test', ROUTER_SECRET: TEST_SECRET, ...urls });
  app = await makeServer({ config, ...testInfrastructure() });
  await ask(JSON.stringify({ query: '{ me { id } }' }));
});

afterAll(() => app.close());

const REGISTER = 'mutation ($v: RegisterInput!) { register(input: $v) { __typename } }';
const ORDER = 'mutation ($v: CreateOrderInput!) { createOrder(input: $v) { __typename } }';
const SORT = 'query ($v: ProductSort) { products(sort: $v) { nodes { id } } }';
const FIRST = 'query ($v: Int) { products(first: $v) { nodes { id } } }';
const PRICE = 'query ($v: SafeInt) { products(filter: { minPrice: $v }) { nodes { id } } }';

const LONG = 'x'.repeat(1_000_000);

const manyFields = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`field${index}`, 1]));

const withVariable = (query: string, v: unknown) => JSON.stringify({ query, variables: { v } });

const withPrice = (number: string) =>
  JSON.stringify({ query: `{ products(filter: { minPrice: ${number} }) { nodes { id } } }` });

describe('variables that are wrong', () => {
  it.each([
    ['many unknown fields', withVariable(REGISTER, manyFields(90))],
    ['more of them than any input has', withVariable(REGISTER, manyFields(1_000))],
    ['unknown fields beside a long text', withVariable(REGISTER, { email: LONG, a: 1, b: 2 })],
    ['a long name of a field', withVariable(REGISTER, { [LONG]: 1 })],
    ['wrong items', withVariable(ORDER, { items: Array(1_500).fill(1) })],
    ['more items than any order has', withVariable(ORDER, { items: Array(4_000).fill(1) })],
    ['a long name of an enum', withVariable(SORT, LONG)],
    ['a long number', withVariable(FIRST, '1'.repeat(1_000_000))],
    ['a number beyond all numbers', withVariable(PRICE, 0).replace('"v":0', '"v":1e400')],
    ['a literal beyond all numbers', withPrice('1e400')],
    ['a long literal', withPrice('1'.repeat(50_000))],
  ])('in %s are refused in one line, at little cost', async (_what, payload) => {
    const { status, code, text } = await ask(payload);
    expect({ status, code }).toEqual({ status: 400, code: 'BAD_USER_INPUT' });
    expect(text.length).toBeLessThan(1_000);
    expect(await measure(payload)).toBeLessThan(MAX_CPU_MS);
  });

  it.each([
    ['names', JSON.stringify({ query: '{ __typename }', variables: manyFields(60_000) })],
    ['numbers', withVariable(FIRST, Array(400_000).fill(1))],
    ['depth', `{"variables":${'['.repeat(500_000)}`],
  ])('a body of a megabyte of %s is refused before it is read', async (_what, payload) => {
    expect((await ask(payload)).status).toBe(413);
    expect(await measure(payload)).toBeLessThan(MAX_CPU_MS);
  });
});

describe('the values of variables', () => {
  const ANY = 'query ($v: Int) { products(first: $v) { nodes { id } } }';
  const lists = (count: number) =>
    Array.from({ length: 50 }, () => Array<number>(count / 50 - 1).fill(1));
  const objects = (count: number) =>
    Array.from({ length: 50 }, () => manyFields((count - 50) / 50));

  it.each([
    ['lists', lists],
    ['objects', objects],
  ])('are as many as OPERATION_MAX_VARIABLE_VALUES allows: in %s', async (_what, make) => {
    const few = await ask(JSON.stringify({ query: ANY, variables: { v: 1, w: make(4_900) } }));
    expect(few.code).toBe('UNAVAILABLE');
    const payload = JSON.stringify({ query: ANY, variables: { v: 1, w: make(5_050) } });
    const { status, code, text } = await ask(payload);
    expect([status, code]).toEqual([400, 'OPERATION_TOO_LARGE']);
    expect(text).toContain('more than 5000 values in the variables');
    expect(await measure(payload)).toBeLessThan(MAX_CPU_MS);
  });

  it('are limited by the environment', async () => {
    const start = async (most: string, payload: string) => {
      const router = await makeServer({
        config: readConfig({
          NODE_ENV: 'test',
          ROUTER_SECRET: TEST_SECRET,
          OPERATION_MAX_VARIABLE_VALUES: most,
          PRODUCT_URL: NOWHERE,
        }),
        ...testInfrastructure(),
      });
      try {
        const headers = { 'content-type': 'application/json' };
        const request = { method: 'POST', url: '/graphql', payload, headers } as const;
        const response = await router.inject(request);
        return response.json().errors?.[0]?.extensions?.code as string | undefined;
      } finally {
        await router.close();
      }
    };
    const many = JSON.stringify({ query: ANY, variables: { v: 1, w: lists(15_000) } });
    expect(await start('20000', many)).toBe('UNAVAILABLE');
    expect(await start('10', withVariable(ORDER, { items: Array(20).fill(1) }))).toBe(
      'OPERATION_TOO_LARGE',
    );
  });
});

it('refuses an operation that the document does not have', async () => {
  for (const operationName of ['other', LONG]) {
    const response = await ask(
      JSON.stringify({ query: 'query one { __typename }', operationName }),
    );
    expect(response).toMatchObject({ status: 400, code: 'OPERATION_RESOLUTION_FAILURE' });
    expect(response.text.length).toBeLessThan(1_000);
  }
});

it('takes a text of any length as a text: how long it may be is for the subgraph to say', async () => {
  const { code } = await ask(withVariable('query ($v: ID!) { product(id: $v) { id } }', LONG));
  expect(code).toBe('UNAVAILABLE');
});
