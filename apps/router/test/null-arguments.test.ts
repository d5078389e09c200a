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

const CREATE = `createProduct(input: {
  sku: "A-1", name: "Lamp", price: { amount: 1, currency: "EUR" }, FIELD: $v
}) { __typename }`;

describe('a null for what has a default', () => {
  it.each([
    ['input.stock', `mutation ($v: Int) { ${CREATE.replace('FIELD', 'stock')} }`],
    ['input.category', `mutation ($v: String) { ${CREATE.replace('FIELD', 'category')} }`],
    ['@skip.if', 'query ($v: Boolean = false) { me { id @skip(if: $v) } }'],
    ['@include.if', 'query ($v: Boolean = true) { me { ... @include(if: $v) { id } } }'],
  ])('is refused before any subgraph is asked: %s', async (path, query) => {
    const post = (variables: object) =>
      app.inject({ method: 'POST', url: '/graphql', payload: { query, variables } });
    const refused = await post({ v: null });
    expect(refused.statusCode).toBe(400);
    const errors = [
      {
        message: `${path} must not be null`,
        extensions: { code: 'BAD_USER_INPUT', argument: path, fault: 'must not be null' },
      },
    ];
    expect(refused.json()).toMatchObject({ errors });
    const taken = await post({});
    expect(taken.statusCode).toBe(200);
    expect(taken.json()).not.toHaveProperty('errors');
  });
});
