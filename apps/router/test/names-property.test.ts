import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TEST_SECRET, testInfrastructure } from '@cartograph/testing';
import fc from 'fast-check';
import type { FastifyInstance } from 'fastify';
import { buildSchema, parse, validate } from 'graphql';
import { readConfig } from '../src/config.ts';
import { makeServer } from '../src/server.ts';
import { makeRandomOperation } from './kit/random-operation.ts';
import { startSimulatedShop, type SimulatedShop } from './kit/simulated-shop.ts';

const RUNS = 300;

const schema = buildSchema(readFileSync(new URL('../api.graphql', import.meta.url), 'utf8'));

let shop: SimulatedShop;
let app: FastifyInstance;

beforeAll(async () => {
  shop = await startSimulatedShop();
  const limits = { OPERATION_MAX_COST: '1000000', OPERATION_MAX_MERGED_FIELDS: '1000' };
  const config = readConfig({ ROUTER_SECRET: TEST_SECRET, ...limits, ...shop.env });
  app = await makeServer({ config, ...testInfrastructure() });
});

afterAll(async () => {
  await app.close();
  shop.close();
});

describe('an operation with any names', () => {
  it('is answered as one server with the whole schema would', async () => {
    let compared = 0;
    await fc.assert(
      fc.asyncProperty(fc.nat(), fc.boolean(), fc.boolean(), async (seed, yes, no) => {
        const query = makeRandomOperation(schema, seed);
        if (validate(schema, parse(query)).length > 0) return;
        const variables = { yes, __no: no };
        const response = await app.inject({
          method: 'POST',
          url: '/graphql',
          payload: { query, variables },
        });
        const expected = await shop.answerAsOne({ query, variables });
        const seen: unknown = JSON.parse(response.body);
        if (response.body.includes('OPERATION_TOO_LARGE')) return;
        compared += 1;
        expect({ query, seen }).toEqual({ query, seen: JSON.parse(JSON.stringify(expected)) });
      }),
      { numRuns: RUNS },
    );
    expect(compared).toBeGreaterThan(RUNS / 4);
  });
});
