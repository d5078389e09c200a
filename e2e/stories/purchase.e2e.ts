import { describe, expect, it } from '@jest/globals';
import { graph } from '../testkit/graph.ts';
import { newShopper } from '../testkit/accounts.ts';
import { order, pay, placeOrder } from '../testkit/orders.ts';
import { newProduct, stockOf } from '../testkit/products.ts';

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
