import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { TEST_SECRET, testInfrastructure } from '@cartograph/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readConfig } from '../src/config.ts';
import { makeServer } from '../src/server.ts';

let users: Server;
let received: IncomingHttpHeaders[] = [];

beforeAll(async () => {
  users = createServer((request, response) => {
    received.push(request.headers);
    request.resume().on('end', () => {
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ data: { me: null } }));
    });
  }).listen(0, '127.0.0.1');
  await once(users, 'listening');
});

afterAll(() => {
  users.close();
});

/** Asks as the peer at `remoteAddress`. @returns the address that the user service counts */
const askFrom = async (
  remoteAddress: string,
  headers: Record<string, string>,
  env: Record<string, string> = {},
) => {
  received = [];
  const { port } = users.address() as AddressInfo;
  const USER_URL = `http://127.0.0.1:${port}/graphql`;
  const config = readConfig({ NODE_ENV: 'test', ROUTER_SECRET: TEST_SECRET, USER_URL, ...env });
  const app = await makeServer({ config, ...testInfrastructure() });
  await app.inject({
    method: 'POST',
    url: '/graphql',
    remoteAddress,
    headers,
    payload: { query: '{ me { id } }' },
  });
  await app.close();
  expect(received).toHaveLength(1);
  return received[0]?.['x-client-address'];
};

describe('a client', () => {
  it('is sent to a subgraph with its user agent and its access token', async () => {
    await askFrom('203.0.113.9', { 'user-agent': 'Kiosk/2.0', authorization: 'Bearer a.b.c' });
    expect(received[0]).toMatchObject({
      'x-client-device': 'Kiosk/2.0',
      authorization: 'Bearer a.b.c',
    });
  });
});

describe('the address that limits per address count', () => {
  it.each<[string, Record<string, string>]>([
    ['x-forwarded-for', { 'x-forwarded-for': '198.51.100.7' }],
    ['several addresses', { 'x-forwarded-for': '198.51.100.7, 127.0.0.1' }],
    ['the header of our own', { 'x-client-address': '198.51.100.7' }],
    ['other headers', { forwarded: 'for=198.51.100.7', 'x-real-ip': '198.51.100.7' }],
  ])('is that of the peer, also when it sets %s', async (_what, headers) => {
    expect(await askFrom('203.0.113.9', headers)).toBe('203.0.113.9');
  });

  it('is what a trusted proxy says, and not what its client wrote before it', async () => {
    expect(await askFrom('127.0.0.1', { 'x-forwarded-for': '198.51.100.7' })).toBe('198.51.100.7');
    const forged = { 'x-forwarded-for': '192.0.2.1, 198.51.100.7' };
    expect(await askFrom('127.0.0.1', forged)).toBe('198.51.100.7');
  });

  it('is what a proxy says that is named, and then no other', async () => {
    const env = { TRUSTED_PROXIES: '203.0.113.0/24' };
    const headers = { 'x-forwarded-for': '198.51.100.7' };
    expect(await askFrom('203.0.113.9', headers, env)).toBe('198.51.100.7');
    expect(await askFrom('203.0.114.9', headers, env)).toBe('203.0.114.9');
    expect(await askFrom('127.0.0.1', headers, env)).toBe('127.0.0.1');
  });
});
