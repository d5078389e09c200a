import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openOrder, type Shop } from './open-order.ts';

let shop: Shop;

beforeAll(async () => {
  shop = await openOrder();
});

afterAll(() => shop.close());

type Customer = ReturnType<Shop['signIn']>;

const ADDRESS = {
  name: 'Ada Lovelace',
  line1: 'Hauptstraße 1',
  line2: null,
  postalCode: '10115',
  city: 'Berlin',
  region: null,
  country: 'DE',
};

const ADDRESS_FIELDS = 'name line1 line2 postalCode city region country';

describe('the address of an order', () => {
  const order = (customer: Customer, deliveryAddress: object | null, idempotencyKey?: string) =>
    customer.tryToCreate({
      items: [{ productId: shop.services.addProduct(), quantity: 1 }],
      deliveryAddress,
      idempotencyKey,
    });
  const read = async (customer: Customer, id: string) => {
    const query = `query ($id: ID) { order(id: $id) { deliveryAddress { ${ADDRESS_FIELDS} } } }`;
    const { data } = await customer.query(query, { id });
    return data.order as { deliveryAddress: object | null } | null;
  };

  it('is that of its request, for its customer and administrators', async () => {
    const [ada, other, admin] = [shop.signIn(), shop.signIn(), shop.signIn('ADMIN')];
    const { data } = await order(ada, ADDRESS);
    const { id } = data.createOrder as { id: string };
    for (const customer of [ada, admin]) {
      expect(await read(customer, id)).toEqual({ deliveryAddress: ADDRESS });
    }
    expect(await read(other, id)).toBeNull();
    const without = await order(ada, null);
    const { id: idWithout } = without.data.createOrder as { id: string };
    expect(await read(ada, idWithout)).toEqual({ deliveryAddress: null });
  });

  it('is in the results of mutations, also of those that are repeated', async () => {
    const ada = shop.signIn();
    const fields = `... on Order { id deliveryAddress { ${ADDRESS_FIELDS} } }`;
    const create = `mutation ($input: CreateOrderInput!) { createOrder(input: $input) { ${fields} } }`;
    const pay = `mutation ($input: PayOrderInput!) { payOrder(input: $input) { ${fields} } }`;
    for (const deliveryAddress of [ADDRESS, null]) {
      const items = [{ productId: shop.services.addProduct(), quantity: 1 }];
      const input = { items, deliveryAddress, idempotencyKey: randomUUID() };
      const { data } = await ada.query(create, { input });
      const { id } = data.createOrder as { id: string };
      const paying = { input: { orderId: id, idempotencyKey: randomUUID() } };
      const results = [data.createOrder, (await ada.query(create, { input })).data.createOrder];
      for (const _ of [1, 2]) results.push((await ada.query(pay, paying)).data.payOrder);
      expect(results).toEqual(Array(4).fill({ id, deliveryAddress }));
    }
  });

  it('is in no event, history or stored response', async () => {
    const ada = shop.signIn();
    const name = `Canary ${randomUUID()}`;
    const { data } = await order(ada, { ...ADDRESS, name }, randomUUID());
    const { id } = data.createOrder as { id: string };
    expect(await read(ada, id)).toMatchObject({ deliveryAddress: { name } });
    await ada.pay(id, { idempotencyKey: randomUUID() });
    for (const table of ['events', 'order_history', 'idempotency_keys', 'orders', 'order_items']) {
      const rows = await shop.database.query(`SELECT to_jsonb(t) AS row FROM ${table} t`);
      expect(rows.length).toBeGreaterThan(0);
      expect(JSON.stringify(rows)).not.toContain(name);
    }
  });

  it('is part of the request that an idempotency key is for', async () => {
    const ada = shop.signIn();
    const items = [{ productId: shop.services.addProduct(), quantity: 1 }];
    const idempotencyKey = randomUUID();
    const create = (deliveryAddress: object | null) =>
      ada.create({ items, idempotencyKey, deliveryAddress });
    const first = await create(ADDRESS);
    expect((await create(ADDRESS)).id).toBe(first.id);
    expect((await create({ ...ADDRESS, city: 'Hamburg' })).code).toBe('IDEMPOTENCY_CONFLICT');
    expect((await create(null)).code).toBe('IDEMPOTENCY_CONFLICT');
  });

  it.each([
    ['name', { name: '' }],
    ['name', { name: 'x'.repeat(101) }],
    ['line1', { line1: 'x'.repeat(201) }],
    ['line2', { line2: '' }],
    ['postalCode', { postalCode: 'x'.repeat(21) }],
    ['city', { city: 'a\0b' }],
    ['region', { region: '\ud83d' }],
    ['country', { country: 'de' }],
    ['country', { country: 'Germany' }],
  ])('is refused for its %s, and not repeated: %j', async (field, fields) => {
    const address = { ...ADDRESS, ...fields };
    const response = await order(shop.signIn(), address);
    expect(response.data.createOrder).toMatchObject({
      code: 'VALIDATION_FAILED',
      message: expect.stringContaining(field),
      fields: [{ path: `deliveryAddress.${field}`, message: expect.any(String) }],
    });
    for (const text of Object.values(address)) {
      // Of a long text no part may be repeated. A country's code is part of many words.
      const part = JSON.stringify(text?.slice(0, 20) ?? '').slice(1, -1);
      if (part.length > 2) expect(JSON.stringify(response)).not.toContain(part);
    }
  });
});
