import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  deliveryAddress,
  deliveryAddressBody,
  ID,
  order,
  orderBody,
  OTHER_ID,
} from './kit/shop.ts';
import { startRest, type Rest } from './kit/start-rest.ts';

const body = { items: [{ product_id: OTHER_ID, qty: 2 }] };

describe('the address of an order', () => {
  let rest: Rest;
  beforeAll(async () => {
    rest = await startRest();
  });
  afterAll(() => rest.close());
  const lastVariables = () => rest.router.received.at(-1)?.variables;

  it('is read with the order', async () => {
    rest.router.respond({ order: { ...order, deliveryAddress } });
    expect((await rest.send('GET', `/v1/orders/${ID}`)).body).toEqual({
      ...orderBody,
      delivery_address: deliveryAddressBody,
    });
  });

  it('is sent, and nothing of one when there is none', async () => {
    rest.router.respond({ createOrder: { ...order, deliveryAddress } });
    const send = (address: object) =>
      rest.send('POST', '/v1/orders', { body: { ...body, delivery_address: address } });
    expect(await send(deliveryAddressBody)).toMatchObject({
      status: 201,
      body: { delivery_address: deliveryAddressBody },
    });
    const input = { items: [{ productId: OTHER_ID, quantity: 2 }] };
    expect(lastVariables()).toEqual({ input: { ...input, deliveryAddress } });
    const { name, line1, city, country } = deliveryAddressBody;
    expect((await send({ name, line1, city, country })).status).toBe(201);
    expect(lastVariables()).toEqual({
      input: { ...input, deliveryAddress: { name, line1, city, country } },
    });
    await rest.send('POST', '/v1/orders', { body });
    expect(JSON.stringify(lastVariables())).toBe(JSON.stringify({ input }));
  });

  it.each([
    ['delivery_address', null],
    ['delivery_address.city', { city: undefined }],
    ['delivery_address.line2', { line2: 'x'.repeat(201) }],
    ['delivery_address.country', { country: 'Germany' }],
    ['delivery_address.street', { street: 'Hauptstraße 1' }],
  ])('is refused for its %s', async (field, change) => {
    const sent = rest.router.received.length;
    const address = change && { ...deliveryAddressBody, ...change };
    const reply = await rest.send('POST', '/v1/orders', {
      body: { ...body, delivery_address: address },
    });
    expect(reply).toMatchObject({ status: 422, body: { code: 'VALIDATION_FAILED' } });
    expect(reply.body['errors']).toMatchObject([{ field }]);
    expect(rest.router.received).toHaveLength(sent);
  });

  it('has the names of the body where the graph refuses a field', async () => {
    rest.router.respond({
      createOrder: {
        __typename: 'ValidationFailedProblem',
        code: 'VALIDATION_FAILED',
        message: 'deliveryAddress.postalCode: must have 1 or more characters',
        fields: [{ path: 'deliveryAddress.postalCode', message: 'must have 1 or more characters' }],
      },
    });
    const address = { ...deliveryAddressBody, postal_code: '' };
    const reply = await rest.send('POST', '/v1/orders', {
      body: { ...body, delivery_address: address },
    });
    expect(reply).toMatchObject({
      status: 422,
      body: { errors: [{ field: 'delivery_address.postal_code' }] },
    });
  });
});
