import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openOrder, type Shop } from './open-order.ts';

let shop: Shop;

beforeAll(async () => {
  shop = await openOrder();
});

afterAll(() => shop.close());

type Customer = ReturnType<Shop['signIn']>;

describe('an order', () => {
  const find = async (customer: Customer, fields: string, argument: object) => {
    const query = `query ($id: ID, $number: String) { order(id: $id, number: $number) { ${fields} } }`;
    const { data, errors } = await customer.query(query, argument);
    return errors[0]?.extensions.code ?? (data.order as object | null);
  };

  it('is found by its number, by its customer and by administrators', async () => {
    const [ada, other, admin] = [shop.signIn(), shop.signIn(), shop.signIn('ADMIN')];
    const { id, number } = await ada.createAny();
    expect(await find(ada, 'id', { number })).toEqual({ id });
    expect(await find(admin, 'id', { number })).toEqual({ id });
    for (const unknown of ['C-1', 'C-2000000000', `${number}0`, 'nonsense', '']) {
      expect(await find(ada, 'id', { number: unknown })).toBeNull();
    }
    expect(await find(other, 'id', { number })).toBeNull();
    expect(await find(ada, 'id', { number: 'C'.repeat(21) })).toBe('BAD_USER_INPUT');
    expect(await find(ada, 'id', { id, number })).toBe('BAD_USER_INPUT');
    expect(await find(ada, 'id', {})).toBe('BAD_USER_INPUT');
  });

  it('says whether it can be paid and cancelled, by whom', async () => {
    const [ada, admin] = [shop.signIn(), shop.signIn('ADMIN')];
    const { id } = await ada.createAny();
    const read = (customer: Customer) => find(customer, 'canPay canCancel', { id });
    expect(await read(ada)).toEqual({ canPay: true, canCancel: true });
    expect(await read(admin)).toEqual({ canPay: false, canCancel: true });
    await shop.database.query('UPDATE orders SET reserved_until = now() WHERE id = $1', [id]);
    expect(await read(ada)).toEqual({ canPay: false, canCancel: true });
    expect((await ada.pay(id)).code).toBe('ORDER_NOT_PENDING');
    await ada.cancel(id);
    expect(await read(ada)).toEqual({ canPay: false, canCancel: false });
    const paid = await ada.createAny();
    await ada.pay(paid.id);
    const end = await find(ada, 'canPay canCancel', { id: paid.id });
    expect(end).toEqual({ canPay: false, canCancel: false });
  });

  it('has its amounts as decimals', async () => {
    const ada = shop.signIn();
    const { id } = await ada.createAny();
    expect(await find(ada, 'total { amount decimal }', { id })).toEqual({
      total: { amount: 1999, decimal: '19.99' },
    });
  });
});

describe('the preview of an order', () => {
  const PREVIEW = `query ($items: [OrderItemInput!]!) { orderPreview(items: $items) {
    __typename
    ... on OrderPreview {
      total { amount currency } isAvailable
      items { sku quantity available isAvailable lineTotal { decimal } product { id } }
    }
    ... on Problem { code }
    ... on ProductNotFoundProblem { productId }
    ... on ValidationFailedProblem { fields { path } }
  } }`;
  const preview = async (...items: readonly [productId: string, quantity: number][]) => {
    const lines = items.map(([productId, quantity]) => ({ productId, quantity }));
    const { data, errors } = await shop.send(PREVIEW, { items: lines });
    expect(errors).toEqual([]);
    return data.orderPreview as object;
  };

  it('is for everyone, and reserves and stores nothing', async () => {
    const [lamp, mug] = [shop.services.addProduct({ sku: 'LAMP' }), shop.services.addProduct()];
    const count = () => shop.database.query('SELECT order_id FROM stock_holds');
    const holds = await count();
    expect(await preview([lamp, 2], [mug, 11])).toMatchObject({
      __typename: 'OrderPreview',
      total: { amount: 13 * 1999, currency: 'EUR' },
      isAvailable: false,
      items: [
        {
          sku: 'LAMP',
          quantity: 2,
          available: 10,
          isAvailable: true,
          lineTotal: { decimal: '39.98' },
          product: { id: lamp },
        },
        { quantity: 11, available: 10, isAvailable: false },
      ],
    });
    expect(await count()).toEqual(holds);
    expect(shop.services.products.get(lamp)?.stock).toBe(10);
  });

  it('has typed problems', async () => {
    const lamp = shop.services.addProduct();
    const yen = shop.services.addProduct({ unitPrice: { amount: 800, currency: 'JPY' } });
    const unknown = randomUUID();
    expect(await preview([lamp, 1], [unknown, 1])).toMatchObject({
      code: 'PRODUCT_NOT_FOUND',
      productId: unknown,
    });
    expect(await preview([lamp, 1], [yen, 1])).toMatchObject({ code: 'MIXED_CURRENCIES' });
    expect(await preview(['nonsense', 1])).toMatchObject({
      code: 'VALIDATION_FAILED',
      fields: [{ path: 'items.0.productId' }],
    });
  });

  it('is UNAVAILABLE without the product service', async () => {
    const lamp = shop.services.addProduct();
    shop.services.setFault('down', 'FindOffers');
    const items = [{ productId: lamp, quantity: 1 }];
    const { data, errors } = await shop.send(PREVIEW, { items });
    shop.services.clearFaults();
    expect(data.orderPreview).toBeNull();
    expect(errors).toMatchObject([{ extensions: { code: 'UNAVAILABLE' } }]);
  });
});

describe('the lists of orders', () => {
  it.each(['me', 'all'])('are read from both ends: %s', async (list) => {
    const ada = shop.signIn();
    for (let count = 0; count < 4; count += 1) await ada.createAny();
    const reader = list === 'me' ? ada : shop.signIn('ADMIN');
    const page = `(first: $first, after: $after, last: $last, before: $before)
      { nodes { id } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } }`;
    const variables = 'query ($first: Int, $after: String, $last: Int, $before: String';
    const query =
      list === 'me'
        ? `${variables}, $who: [_Any!]!) { _entities(representations: $who) { ... on User { orders${page} } } }`
        : `${variables}) { orders${page} }`;
    const who = list === 'me' ? { who: [{ __typename: 'User', id: ada.id }] } : {};
    const read = async (args: object) => {
      const { data, errors } = await reader.query(query, { ...args, ...who });
      expect(errors).toEqual([]);
      const { orders } = list === 'me' ? data._entities[0] : data;
      return orders as { nodes: { id: string }[]; pageInfo: Record<string, unknown> };
    };
    const idsOf = ({ nodes }: { nodes: { id: string }[] }) => nodes.map(({ id }) => id);
    const forward = idsOf(await read({ first: 100 }));
    const last = await read({ last: 3 });
    expect(idsOf(last)).toEqual(forward.slice(-3));
    expect(last.pageInfo).toMatchObject({ hasNextPage: false, hasPreviousPage: true });
    const before = await read({ last: 100, before: last.pageInfo['startCursor'] });
    expect(idsOf(before)).toEqual(forward.slice(0, -3));
    expect(before.pageInfo).toMatchObject({ hasNextPage: true, hasPreviousPage: false });
    const { errors } = await reader.query(query, { first: 1, last: 1, ...who });
    expect(errors[0]?.extensions.code).toBe('BAD_USER_INPUT');
  });
});
