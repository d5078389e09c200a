// Not for a remote shop: needs a product that only this test buys, and the generators of this repository.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { makeClients, type Clients } from '../rest-clients/make-clients.ts';
import { PROGRAMS } from '../rest-clients/programs.ts';
import { newShopper, PASSWORD } from '../testkit/accounts.ts';
import { newProduct } from '../testkit/products.ts';

let clients: Clients;

beforeAll(async () => {
  clients = await makeClients();
});

afterAll(() => clients.remove());

it.each(Object.keys(PROGRAMS))('a client that %s is made for buys something', async (name) => {
  const { sku } = await newProduct({ stock: 1, price_cents: 1_299 });
  const { email } = await newShopper();
  const url = process.env['E2E_REST_URL'] ?? '';
  expect(await clients.buy(name, url, email, PASSWORD, sku)).toBe('CONFIRMED SUCCEEDED 1299');
});
