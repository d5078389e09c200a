import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { failWith, ID, OTHER_ID } from './kit/shop.ts';
import { startRest, type Rest } from './kit/start-rest.ts';

const preview = {
  __typename: 'OrderPreview',
  items: [
    {
      sku: 'MUG-1',
      name: 'Mug',
      quantity: 2,
      unitPrice: { amount: 1299, currency: 'EUR' },
      lineTotal: { amount: 2598, currency: 'EUR' },
      available: 1,
      isAvailable: false,
      product: { id: OTHER_ID },
    },
  ],
  total: { amount: 2598, currency: 'EUR' },
  isAvailable: false,
};

describe('the preview of an order', () => {
  let rest: Rest;
  beforeAll(async () => {
    rest = await startRest();
  });
  afterAll(() => rest.close());

  const body = { items: [{ product_id: OTHER_ID, qty: 2 }] };
  const send = (given: object) => rest.send('POST', '/v1/orders/preview', { body: given });

  it('has prices and availability, for everyone', async () => {
    rest.router.respond({ orderPreview: preview });
    expect(await send(body)).toMatchObject({
      status: 200,
      headers: { 'cache-control': 'no-store' },
      body: {
        items: [
          {
            product_id: OTHER_ID,
            sku: 'MUG-1',
            name: 'Mug',
            qty: 2,
            price_cents: 1299,
            line_total_cents: 2598,
            available: 1,
            is_available: false,
          },
        ],
        total_cents: 2598,
        currency: 'EUR',
        is_available: false,
      },
    });
    const { variables, headers } = rest.router.received.at(-1) ?? {};
    expect(variables).toEqual({ items: [{ productId: OTHER_ID, quantity: 2 }] });
    expect(headers).not.toHaveProperty('authorization');
  });

  it.each([
    ['items', {}],
    ['items.0.qty', { items: [{ product_id: ID, qty: '2' }] }],
    ['delivery_address', { ...body, delivery_address: {} }],
  ])('refuses its %s', async (field, given) => {
    const sent = rest.router.received.length;
    expect(await send(given)).toMatchObject({
      status: 422,
      body: { code: 'VALIDATION_FAILED', errors: [{ field }] },
    });
    expect(rest.router.received).toHaveLength(sent);
  });

  it('calls the fields that the graph refuses as the body does', async () => {
    rest.router.respond({
      orderPreview: {
        __typename: 'ValidationFailedProblem',
        code: 'VALIDATION_FAILED',
        message: 'items.0.quantity: must be 1 or more',
        fields: [{ path: 'items.0.quantity', message: 'must be 1 or more' }],
      },
    });
    expect(await send({ items: [{ product_id: ID, qty: 0 }] })).toMatchObject({
      status: 422,
      body: { errors: [{ field: 'items.0.qty', message: 'must be 1 or more' }] },
    });
  });

  it('says which product there is not, and is UNAVAILABLE without the order service', async () => {
    rest.router.respond({
      orderPreview: {
        __typename: 'ProductNotFoundProblem',
        code: 'PRODUCT_NOT_FOUND',
        message: 'Said.',
        productId: ID,
      },
    });
    expect(await send(body)).toMatchObject({ status: 404, body: { product_id: ID } });
    rest.router.respond({ orderPreview: failWith('DOWNSTREAM_SERVICE_ERROR') });
    expect(await send(body)).toMatchObject({ status: 503, body: { code: 'UNAVAILABLE' } });
  });
});
