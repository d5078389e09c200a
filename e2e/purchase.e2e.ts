import { describe, expect, it } from '@jest/globals';
import { graph } from './testkit/graph.ts';
import { newShopper } from './testkit/people.ts';
import { newProduct, stockOf } from './testkit/products.ts';
import { rest } from './testkit/rest.ts';

const order = (token: string, productId: string, qty: number) =>
  rest('POST', '/v1/orders', { token, body: { items: [{ product_id: productId, qty }] } });

const pay = (token: string, orderId: string, paymentMethod?: string) =>
  rest('POST', `/v1/orders/${orderId}/pay`, {
    token,
    ...(paymentMethod && { body: { payment_method: paymentMethod } }),
  });

describe('a purchase', () => {
  it('goes from an empty basket to a paid order', async () => {
    const { token, id: userId } = await newShopper();
    const product = await newProduct({ stock: 5, price_cents: 1250 });

    const placed = await order(token, product.id, 2);
    expect(placed.status).toBe(201);
    expect(placed.body).toMatchObject({
      status: 'PENDING',
      total_cents: 2500,
      currency: 'EUR',
      items: [{ product_id: product.id, sku: product.sku, qty: 2, price_cents: 1250 }],
    });
    expect(await stockOf(product)).toBe(3);

    const paid = await pay(token, placed.body.id);
    expect(paid.status).toBe(200);
    expect(paid.body).toMatchObject({ status: 'CONFIRMED', payment: { status: 'SUCCEEDED' } });
    expect(await stockOf(product)).toBe(3);

    const mine = await rest('GET', `/v1/orders/${placed.body.id}`, { token });
    expect(mine.body).toMatchObject({ id: placed.body.id, status: 'CONFIRMED' });
    const me = await rest('GET', '/v1/me', { token });
    expect(me.body.id).toBe(userId);
  });

  it('is cancelled by a declined payment, which gives the stock back', async () => {
    const { token } = await newShopper();
    const product = await newProduct({ stock: 5 });
    const placed = await order(token, product.id, 4);
    const paid = await pay(token, placed.body.id, 'sim_decline');
    expect(paid.status).toBe(402);
    expect(paid.headers.get('content-type')).toContain('application/problem+json');
    expect(paid.body.code).toBe('PAYMENT_DECLINED');
    const after = await rest('GET', `/v1/orders/${placed.body.id}`, { token });
    expect(after.body.status).toBe('CANCELLED');
    expect(await stockOf(product)).toBe(5);
  });

  it('is refused for more than the stock, with what is left', async () => {
    const { token } = await newShopper();
    const product = await newProduct({ stock: 3 });
    const refused = await order(token, product.id, 4);
    expect(refused.status).toBe(409);
    expect(refused.body).toMatchObject({
      code: 'OUT_OF_STOCK',
      shortages: [{ product_id: product.id, requested: 4, available: 3 }],
    });
    expect(await stockOf(product)).toBe(3);
  });

  it('charges once, however often it is paid at once', async () => {
    const { token } = await newShopper();
    const product = await newProduct({ stock: 5 });
    const placed = await order(token, product.id, 1);
    const answers = await Promise.all(Array.from({ length: 10 }, () => pay(token, placed.body.id)));
    expect(answers.map(({ status }) => status)).toEqual(Array(10).fill(200));
    const { data } = await graph(
      'query ($id: ID!) { order(id: $id) { payments { status } } }',
      { id: placed.body.id },
      { token },
    );
    expect(data.order.payments).toEqual([{ status: 'SUCCEEDED' }]);
  });

  it('makes one order of one idempotency key', async () => {
    const { token } = await newShopper();
    const product = await newProduct({ stock: 5 });
    const send = (qty: number) =>
      rest('POST', '/v1/orders', {
        token,
        headers: { 'idempotency-key': 'basket-1' },
        body: { items: [{ product_id: product.id, qty }] },
      });
    const [first, second] = await Promise.all([send(2), send(2)]);
    expect([first.status, second.status]).toEqual([201, 201]);
    expect(second.text).toBe(first.text);
    expect((await send(3)).body.code).toBe('IDEMPOTENCY_CONFLICT');
    expect(await stockOf(product)).toBe(3);
  });

  it('sells the last units to as many buyers as there are units', async () => {
    const product = await newProduct({ stock: 5 });
    const buyers = await Promise.all(Array.from({ length: 12 }, newShopper));
    const answers = await Promise.all(buyers.map(({ token }) => order(token, product.id, 1)));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(5);
    expect(answers.filter(({ body }) => body.code === 'OUT_OF_STOCK')).toHaveLength(7);
    expect(await stockOf(product)).toBe(0);
  });
});

describe('one graph', () => {
  it('answers one query over all four subgraphs', async () => {
    const { token, email } = await newShopper();
    const product = await newProduct({ stock: 5 });
    const placed = await order(token, product.id, 1);
    await pay(token, placed.body.id);
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
