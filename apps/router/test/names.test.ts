import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TEST_SECRET, testInfrastructure } from '@cartograph/testing';
import type { FastifyInstance } from 'fastify';
import { readConfig } from '../src/config.ts';
import { makeServer } from '../src/server.ts';
import { startSimulatedShop, type SimulatedShop } from './kit/simulated-shop.ts';

let shop: SimulatedShop;
let app: FastifyInstance;

beforeAll(async () => {
  shop = await startSimulatedShop();
  const config = readConfig({ ROUTER_SECRET: TEST_SECRET, ...shop.env });
  app = await makeServer({ config, ...testInfrastructure() });
});

afterAll(async () => {
  await app.close();
  shop.close();
});

const expectSameAnswer = async (query: string, variables: Record<string, unknown> = {}) => {
  const response = await app.inject({
    method: 'POST',
    url: '/graphql',
    payload: { query, variables },
  });
  const expected = await shop.answerAsOne({ query, variables });
  expect(expected.errors).toBeUndefined();
  expect(JSON.parse(response.body)).toEqual(JSON.parse(JSON.stringify(expected)));
};

describe('a field that a client renames', () => {
  it.each([
    ['to the key of its entity', '{ me { id: email orders(first: 1) { nodes { number } } } }'],
    ['an enum, to the key', '{ me { id: role orders(first: 1) { nodes { number } } } }'],
    ['to __typename', '{ me { __typename: role orders(first: 1) { nodes { number } } } }'],
    ['from __typename to the key', '{ me { id: __typename orders(first: 1) { nodes { id } } } }'],
    ['from __typename', '{ me { kind: __typename orders(first: 1) { nodes { id } } } }'],
    [
      'from the key, and another to it',
      '{ me { email: id id: email orders(first: 1) { nodes { id: number payments { id: status } } } } }',
    ],
    ['at the root', '{ _entities: me { id: email orders(first: 1) { nodes { number } } } }'],
    [
      'in fragments and lists',
      `{ me { ...Customer ... on User { orders(first: 2) { nodes { id: number ...Paid } } } } }
       fragment Customer on User { id: email }
       fragment Paid on Order { payments { id: status __typename: provider } }`,
    ],
    [
      'in unions and interfaces',
      `mutation { createOrder(input: { items: [], idempotencyKey: "a" }) {
         ... on Order { id: number payments { __typename: id } items { product { id: name sku: stock } } }
         ... on OutOfStockProblem { id: code }
         ... on Problem { message: code kind: __typename }
       } }`,
    ],
    [
      'to a name of objects',
      '{ me { __proto__: email constructor: role toString: id orders { nodes { id } } } }',
    ],
  ])('%s has its own value', (_what, query) => expectSameAnswer(query));
});

describe('a variable', () => {
  it.each(['representations', '__proto__', 'constructor', '_0', 'contextualArgument_1_0'])(
    'may be called %s',
    (name) =>
      expectSameAnswer(
        `query($${name}: Int = 3, $after: String) {
           me { orders(first: $${name}, after: $after) { nodes { number } } }
         }`,
      ),
  );
});
