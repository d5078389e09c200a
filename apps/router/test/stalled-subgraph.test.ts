import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { eventually, TEST_SECRET, testInfrastructure } from '@cartograph/testing';
import type { FastifyInstance } from 'fastify';
import { readConfig } from '../src/config.ts';
import { makeServer } from '../src/server.ts';
import { MAX_STALLED_CALLS } from '../src/stalled-calls.ts';

const SLOTS = '40';

let product: Server;
let user: Server;
let app: FastifyInstance;
/** Requests that the product service has not answered. */
const held: ServerResponse[] = [];

const start = async (answer: (response: ServerResponse) => void): Promise<Server> => {
  const server = createServer((request, response) => {
    request.resume();
    answer(response);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
};

const urlOf = (server: Server): string =>
  `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`;

const sendJson = (response: ServerResponse, body: object): void => {
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify(body));
};

beforeAll(async () => {
  product = await start((response) => held.push(response));
  user = await start((response) => sendJson(response, { data: { me: null } }));
  const config = readConfig({
    NODE_ENV: 'test',
    ROUTER_SECRET: TEST_SECRET,
    PRODUCT_URL: urlOf(product),
    USER_URL: urlOf(user),
    SUBGRAPH_TIMEOUT_MS: '120000',
    // Fewer slots than requests that stall: most of these must have given theirs back.
    ADMISSION_MIN_CONCURRENT: SLOTS,
    ADMISSION_MAX_CONCURRENT: SLOTS,
    ADMISSION_MAX_WAIT_MS: '60000',
    ADMISSION_STALLED_MS: '100',
  });
  app = await makeServer({ config, ...testInfrastructure() });
});

const answerHeld = (): void => {
  for (const response of held.splice(0)) sendJson(response, { data: { product: null } });
};

afterAll(async () => {
  answerHeld();
  await app.close();
  for (const server of [product, user]) {
    server.closeAllConnections();
    server.close();
  }
});

const send = (query: string) => app.inject({ method: 'POST', url: '/graphql', payload: { query } });

const sendProduct = (sku: number) => send(`{ product(sku: "${sku}") { name } }`);

it('takes no more requests for a subgraph that hangs, and all those for others', async () => {
  const stalling: ReturnType<typeof sendProduct>[] = [];
  for (const count of [MAX_STALLED_CALLS / 2, MAX_STALLED_CALLS]) {
    while (stalling.length < count) stalling.push(sendProduct(stalling.length));
    await eventually(() => expect(held).toHaveLength(count));
  }
  // Longer than a call may take that has not stalled.
  await sleep(1_100);

  const refused = await sendProduct(-1);
  expect(refused.json()).toMatchObject({
    data: { product: null },
    errors: [{ path: ['product'], extensions: { code: 'UNAVAILABLE' } }],
  });
  expect(held).toHaveLength(MAX_STALLED_CALLS);
  for (let others = 0; others < 20; others += 1) {
    expect((await send('{ me { email } }')).json()).toEqual({ data: { me: null } });
  }

  answerHeld();
  for (const { statusCode } of await Promise.all(stalling)) expect(statusCode).toBe(200);
  const next = sendProduct(-2);
  await eventually(() => expect(held).toHaveLength(1));
  answerHeld();
  expect((await next).json()).toEqual({ data: { product: null } });
});
