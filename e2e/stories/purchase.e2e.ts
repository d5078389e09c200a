import { describe, expect, it } from 'vitest';
import { graph } from '../testkit/graph.ts';
import { admin, newShopper } from '../testkit/accounts.ts';
import { order, pay, placeOrder } from '../testkit/orders.ts';
import { newProduct, stockOf } from '../testkit/products.ts';
import { rest } from '../testkit/rest.ts';

// How a purchase ends well, and in its two failures: scenarios.e2e.ts.

describe('a purchase', () => {
  it('is charged once, also when it is paid many times concurrently', async () => {
    const { token } = await newShopper();
    const { id } = await placeOrder(token);
    const responses = await Promise.all(Array.from({ length: 10 }, () => pay(token, id)));
    expect(responses.map(({ status }) => status)).toEqual(Array(10).fill(200));
    const { data } = await graph(
      'query ($id: ID!) { order(id: $id) { payments { status } } }',
      { id },
      { token },
    );
    expect(data.order.payments).toEqual([{ status: 'SUCCEEDED' }]);
  });

  it('creates one order for one idempotency key', async () => {
    const { token } = await newShopper();
    const product = await newProduct({ stock: 5 });
    const send = (qty: number) => order(token, product, qty, 'basket-1');
    const [first, second] = await Promise.all([send(2), send(2)]);
    expect([first.status, second.status]).toEqual([201, 201]);
    expect(second.text).toBe(first.text);
    expect((await send(3)).body.code).toBe('IDEMPOTENCY_CONFLICT');
    expect(await stockOf(product)).toBe(3);
  });

  it('succeeds for as many buyers as there are units', async () => {
    const product = await newProduct({ stock: 5 });
    const buyers = await Promise.all(Array.from({ length: 12 }, newShopper));
    const responses = await Promise.all(buyers.map(({ token }) => order(token, product)));
    expect(responses.filter(({ status }) => status === 201)).toHaveLength(5);
    expect(responses.filter(({ body }) => body.code === 'OUT_OF_STOCK')).toHaveLength(7);
    expect(await stockOf(product)).toBe(0);
  });
});

describe('before and after an order', () => {
  it('everyone previews it, in REST as in the graph, and nothing is reserved', async () => {
    const product = await newProduct({ stock: 3, price_cents: 1500 });
    const preview = (id: string, qty: number) =>
      rest('POST', '/v1/orders/preview', { body: { items: [{ product_id: id, qty }] } });
    const { status, body } = await preview(product.id, 4);
    const { data, errors } = await graph(
      `query ($items: [OrderItemInput!]!) { orderPreview(items: $items) { ... on OrderPreview {
         total_cents: total { amount } is_available: isAvailable items { available } } } }`,
      { items: [{ productId: product.id, quantity: 4 }] },
    );
    expect([status, errors]).toEqual([200, []]);
    expect(body).toMatchObject({ total_cents: 6000, currency: 'EUR', is_available: false });
    expect(body.items).toMatchObject([{ product_id: product.id, qty: 4, available: 3 }]);
    expect(data.orderPreview).toEqual({
      total_cents: { amount: body.total_cents },
      is_available: body.is_available,
      items: [{ available: body.items[0].available }],
    });
    expect((await preview(product.id, 0)).status).toBe(422);
    expect((await preview('no-uuid', 1)).status).toBe(422);
    expect(await stockOf(product)).toBe(3);
  });

  it('everyone lists how it can be paid, as in the graph', async () => {
    const { body } = await rest('GET', '/v1/payment-methods');
    const { data } = await graph('{ paymentMethods { name provider kind is_default: isDefault } }');
    expect(body.data.length).toBeGreaterThan(0);
    expect(body.data).toEqual(data.paymentMethods);
  });

  it('its customer and administrators read its address', async () => {
    const [ann, other, administrator] = await Promise.all([newShopper(), newShopper(), admin()]);
    const product = await newProduct({ stock: 5 });
    const address = { name: 'Ann', line1: 'Hauptstraße 1', city: 'Berlin', country: 'DE' };
    const stored = { ...address, line2: null, postal_code: null, region: null };
    const body = { items: [{ product_id: product.id, qty: 1 }], delivery_address: address };
    const headers = { 'idempotency-key': 'basket-with-address' };
    const place = (given: object) =>
      rest('POST', '/v1/orders', { token: ann.token, body: given, headers });
    const placed = await place(body);
    expect(placed).toMatchObject({ status: 201, body: { delivery_address: stored } });
    // What was read can be sent again: it is the same request.
    expect((await place({ ...body, delivery_address: stored })).text).toBe(placed.text);
    expect((await place({ items: body.items })).body.code).toBe('IDEMPOTENCY_CONFLICT');
    const path = `/v1/orders/${placed.body.id}`;
    for (const { token } of [ann, administrator]) {
      expect((await rest('GET', path, { token })).body.delivery_address).toEqual(stored);
    }
    const hidden = await rest('GET', path, { token: other.token });
    expect(hidden).toMatchObject({ status: 404, body: { code: 'ORDER_NOT_FOUND' } });
    expect(hidden.text).not.toContain(address.line1);
    const { body: without } = await order(ann.token, product);
    expect(without.delivery_address).toBeNull();
  });
});

describe('one graph', () => {
  it('serves one query over all four subgraphs', async () => {
    const { token, email } = await newShopper();
    const { product, id } = await placeOrder(token);
    await pay(token, id);
    const { data, errors } = await graph(
      `{ me { email orders(first: 5) { nodes {
           number status items { name product { sku stock } } payments { status }
         } } } }`,
      {},
      { token },
    );
    expect(errors).toEqual([]);
    expect(data.me).toMatchObject({
      email,
      orders: {
        nodes: [
          {
            status: 'CONFIRMED',
            items: [{ product: { sku: product.sku, stock: 4 } }],
            payments: [{ status: 'SUCCEEDED' }],
          },
        ],
      },
    });
  });
});
