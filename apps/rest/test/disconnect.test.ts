import { request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventually } from '@cartograph/testing';
import { startRest, type Rest } from './kit/start-rest.ts';

let rest: Rest;
let port: number;

beforeEach(async () => {
  rest = await startRest({ ROUTER_TIMEOUT_MS: '60000' });
  await rest.app.listen({ port: 0, host: '127.0.0.1' });
  ({ port } = rest.app.server.address() as AddressInfo);
});

afterEach(() => rest.close());

describe('a client that disconnects', () => {
  it.each([
    ['GET', '/v1/products', ''],
    ['POST', '/v1/auth/login', '{"email":"ada@example.com","password":"correct horse battery"}'],
  ])('ends the request to the graph that it waited for: %s %s', async (method, path, body) => {
    let closed = 0;
    rest.router.respondRaw((response) => void response.once('close', () => (closed += 1)));
    const client = request({
      host: '127.0.0.1',
      port,
      method,
      path,
      ...(body && { headers: { 'content-type': 'application/json' } }),
    });
    client.on('error', () => {});
    client.end(body);
    await eventually(() => expect(rest.router.received).toHaveLength(1));
    expect(closed).toBe(0);
    client.destroy();
    await eventually(() => expect(closed).toBe(1));
    // It is not logged as an error.
    expect(rest.logged).toEqual([]);
  });
});
