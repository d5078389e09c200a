import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { leastCpuMs, TEST_SECRET, testInfrastructure } from '@cartograph/testing';
import type { FastifyInstance } from 'fastify';
import { readConfig } from '../src/config.ts';
import { makeServer } from '../src/server.ts';

let app: FastifyInstance;
let production: FastifyInstance;

beforeAll(async () => {
  const start = (env: object) =>
    makeServer({
      config: readConfig({ NODE_ENV: 'test', ROUTER_SECRET: TEST_SECRET, ...env }),
      ...testInfrastructure(),
    });
  app = await start({});
  production = await start({ NODE_ENV: 'production' });
});

afterAll(async () => {
  await app.close();
  await production.close();
});

const post = (payload: object, server: FastifyInstance) =>
  server.inject({ method: 'POST', url: '/graphql', payload });

describe('suggestions of names', () => {
  const messagesOf = async (request: object, server: FastifyInstance): Promise<string> =>
    JSON.stringify((await post(request, server)).json<{ errors: unknown[] }>().errors);

  const VARIABLE = {
    query: 'mutation ($input: LoginInput!) { login(input: $input) { __typename } }',
    variables: { input: { emai: 'x', password: 'y' } },
  };
  it.each([
    ['fields', { query: '{ product(sku: "x") { skuu } }' }, /skuu/],
    ['arguments', { query: '{ product(skuu: "x") { sku } }' }, /skuu/],
    ['types', { query: '{ me { ... on Userr { id } } }' }, /Userr/],
    ['values', { query: '{ products(sort: NEWES) { totalCount } }' }, /NEWES/],
  ])('of %s are for where the schema is shown', async (_what, request, wrong) => {
    expect(await messagesOf(request, app)).toMatch(/Did you mean/);
    const hidden = await messagesOf(request, production);
    expect(hidden).toMatch(wrong);
    expect(hidden).not.toMatch(/Did you mean|NEWEST/);
  });

  it('of fields of variables are made for none: what is wrong is said in one line', async () => {
    for (const server of [app, production]) {
      const messages = await messagesOf(VARIABLE, server);
      expect(messages).toMatch(/emai/);
      expect(messages).not.toMatch(/Did you mean/);
    }
  });

  it('are hidden in time with the length of the message', async () => {
    const text = 'Did you mean '.repeat(4_500);
    const query = `{ ${Array.from({ length: 20 }, (_, n) => `a${n}: products(first: "${text.slice(0, 3_000)}") { totalCount }`).join(' ')} }`;
    expect(await leastCpuMs(() => post({ query }, production), 50)).toBeLessThan(50);
    const variables = { n: text.repeat(10) };
    const long = { query: 'query ($n: Int) { products(first: $n) { totalCount } }', variables };
    expect(await leastCpuMs(() => post(long, production), 50)).toBeLessThan(50);
  });
});
