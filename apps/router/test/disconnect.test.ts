import { once } from 'node:events';
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeLogger } from '@cartograph/logging';
import { eventually, TEST_SECRET, testInfrastructure } from '@cartograph/testing';
import type { FastifyInstance } from 'fastify';
import { readConfig } from '../src/config.ts';
import { makeServer } from '../src/server.ts';

let subgraph: Server;
let app: FastifyInstance;
let port: number;
let asked = 0;
let closed = 0;
const logged: string[] = [];

beforeAll(async () => {
  // It never answers.
  subgraph = createServer((incoming, response) => {
    incoming.resume();
    asked += 1;
    response.once('close', () => (closed += 1));
  }).listen(0, '127.0.0.1');
  await once(subgraph, 'listening');
  const url = `http://127.0.0.1:${(subgraph.address() as AddressInfo).port}/graphql`;
  const config = readConfig({
    NODE_ENV: 'test',
    ROUTER_SECRET: TEST_SECRET,
    SUBGRAPH_TIMEOUT_MS: '60000',
    USER_URL: url,
    PRODUCT_URL: url,
    ORDER_URL: url,
    PAYMENT_URL: url,
  });
  const log = makeLogger(
    { name: 'router', level: 'warn' },
    { write: (line) => void logged.push(line) },
  );
  app = await makeServer({ config, ...testInfrastructure(), log });
  await app.listen({ port: 0, host: '127.0.0.1' });
  ({ port } = app.server.address() as AddressInfo);
});

afterAll(async () => {
  await app.close();
  subgraph.closeAllConnections();
  subgraph.close();
});

describe('a client that disconnects', () => {
  it('ends all requests to subgraphs that it waited for', async () => {
    const client = request({
      host: '127.0.0.1',
      port,
      method: 'POST',
      path: '/graphql',
      headers: { 'content-type': 'application/json' },
    });
    client.on('error', () => {});
    client.end(JSON.stringify({ query: '{ me { email } categories { name } }' }));
    await eventually(() => expect(asked).toBe(2));
    expect(closed).toBe(0);
    client.destroy();
    await eventually(() => expect(closed).toBe(2));
    expect(logged).toEqual([]);
  });
});
