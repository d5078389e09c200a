import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { startRest, type Rest } from './kit/start-rest.ts';

let rest: Rest;
afterEach(() => rest.close());

/** Asks as the peer at `remoteAddress`. @returns the client that the router receives */
const askFrom = async (
  remoteAddress: string,
  headers: Record<string, string> = {},
  env: Record<string, string> = {},
) => {
  rest = await startRest(env);
  await rest.sendRaw({ method: 'GET', url: '/v1/products', remoteAddress, headers });
  expect(rest.router.received).toHaveLength(1);
  const sent = rest.router.received[0]?.headers;
  return { address: sent?.['x-forwarded-for'], own: sent?.['x-client-address'] };
};

describe('the client that REST asks for', () => {
  it('is sent to the router, so that limits per address count the client, not REST', async () => {
    expect(await askFrom('203.0.113.9')).toEqual({ address: '203.0.113.9' });
  });

  it.each<[string, Record<string, string>]>([
    ['x-forwarded-for', { 'x-forwarded-for': '198.51.100.7' }],
    ['several addresses', { 'x-forwarded-for': '198.51.100.7, 127.0.0.1' }],
    ['other headers', { forwarded: 'for=198.51.100.7', 'x-client-address': '198.51.100.7' }],
  ])('is the peer, also when it sets %s', async (_what, headers) => {
    expect(await askFrom('203.0.113.9', headers)).toEqual({ address: '203.0.113.9' });
  });

  it('is sent in the header that Apollo Router forwards in production', async () => {
    const overlay = new URL(
      '../../../docker/kubernetes/overlays/prod/kustomization.yaml',
      import.meta.url,
    );
    const [, name = ''] = /CLIENT_ADDRESS_HEADER=(\S+)/.exec(readFileSync(overlay, 'utf8')) ?? [];
    await askFrom('203.0.113.9', { [name]: '198.51.100.7' });
    expect(rest.router.received[0]?.headers[name]).toBe('203.0.113.9');
  });

  it('is sent to the router with its user agent and its access token', async () => {
    const headers = { 'user-agent': 'Kiosk/2.0', authorization: 'Bearer a.b.c' };
    await askFrom('203.0.113.9', headers);
    expect(rest.router.received[0]?.headers).toMatchObject(headers);
  });

  it('is what a trusted proxy says, and not what its client wrote before it', async () => {
    const headers = { 'x-forwarded-for': '192.0.2.1, 198.51.100.7' };
    expect(await askFrom('127.0.0.1', headers)).toEqual({ address: '198.51.100.7' });
  });

  it('is what a proxy says that is named, and then no other', async () => {
    const env = { TRUSTED_PROXIES: '203.0.113.0/24' };
    const headers = { 'x-forwarded-for': '198.51.100.7' };
    expect(await askFrom('203.0.113.9', headers, env)).toEqual({ address: '198.51.100.7' });
    await rest.close();
    expect(await askFrom('127.0.0.1', headers, env)).toEqual({ address: '127.0.0.1' });
  });
});
