import { afterEach, describe, expect, it, vi } from 'vitest';
import { makeShopClient } from './make-shop-client.ts';

afterEach(() => {
  vi.unstubAllGlobals();
});

/** Makes a client. @returns the addresses that it reads and posts to */
const requestFrom = async (url: string): Promise<readonly string[]> => {
  const addresses: string[] = [];
  const shop = makeShopClient({
    url,
    name: 'test',
    fetch: async (input) => {
      const { origin, pathname } = new URL(input as string);
      addresses.push(`${origin}${pathname}`);
      return Response.json({ data: { me: null, product: null } });
    },
  });
  await shop.me();
  await shop.product({ sku: 'LAMP' });
  return addresses;
};

describe('the address of the graph', () => {
  it.each([
    ['/graphql', 'https://shop.example/graphql'],
    ['graphql', 'https://shop.example/cart/graphql'],
    ['//graph.example/graphql', 'https://graph.example/graphql'],
    ['http://localhost:4000/graphql', 'http://localhost:4000/graphql'],
  ])('%s is resolved against the page, for each request', async (url, address) => {
    vi.stubGlobal('location', { href: 'https://shop.example/cart/?step=2' });
    expect(await requestFrom(url)).toEqual([address, address]);
  });

  it('can be absolute without a page', async () => {
    const url = 'http://localhost:4000/graphql';
    expect(await requestFrom(url)).toEqual([url, url]);
  });

  it.each(['/graphql', 'graphql', '', 'localhost:4000/graphql', 'file:///graphql'])(
    '%j is refused without a page',
    (url) => {
      expect(() => makeShopClient({ url, name: 'test' })).toThrow(
        new TypeError(`url must be an HTTP address, or relative to that of the page: "${url}"`),
      );
    },
  );

  it('is refused when the page has no address', () => {
    vi.stubGlobal('location', { href: 'about:blank' });
    expect(() => makeShopClient({ url: '/graphql', name: 'test' })).toThrow(TypeError);
  });
});
