import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CREATE } from './operations.ts';
import { openShop, type Result, type Shop } from './open-shop.ts';

let shop: Shop;

beforeAll(async () => {
  shop = await openShop({
    ORDER_OPEN_PER_ACCOUNT: '3',
    ORDER_UNITS_PER_ACCOUNT: '10',
    ORDER_UNITS_PER_ADDRESS: '14',
  });
});

afterAll(() => shop.close());

type Refused = Result & { limit: number; scope: string; retryAfterSeconds: number };

/** A customer at an address of their own, or at the one that is given. */
const newCustomer = (address: string = randomUUID()) => {
  const authorization = shop.authorize();
  const order = async (quantity: number, idempotencyKey?: string): Promise<Refused> => {
    const items = [{ productId: shop.sisters.addProduct({ stock: 100 }), quantity }];
    return send({ items, idempotencyKey });
  };
  const send = async (input: object): Promise<Refused> => {
    const { data, errors } = await shop.send(CREATE, { input }, authorization, {
      'x-client-address': address,
    });
    if (errors[0]) throw new Error(errors[0].message);
    return data.createOrder as Refused;
  };
  return { order, send, authorization };
};

const countTypes = (answers: readonly Result[]) =>
  Object.fromEntries(
    [...Map.groupBy(answers, (answer) => answer.__typename)].map(([type, all]) => [
      type,
      all.length,
    ]),
  );

/** Longer than a reservation lasts by nothing but its grace. */
const LONGEST_SECONDS = 15 * 60 + 30;

describe('the orders of an account that wait to be paid', () => {
  it('are limited, and the refusal says to how many and when there is room', async () => {
    const ada = newCustomer();
    for (let made = 0; made < 3; made += 1) expect((await ada.order(1)).status).toBe('PENDING');
    const refused = await ada.order(1);
    expect(refused).toMatchObject({
      __typename: 'TooManyOpenOrdersProblem',
      code: 'TOO_MANY_OPEN_ORDERS',
      limit: 3,
    });
    expect(refused.retryAfterSeconds).toBeGreaterThan(LONGEST_SECONDS - 60);
    expect(refused.retryAfterSeconds).toBeLessThanOrEqual(LONGEST_SECONDS);
    expect((await newCustomer().order(1)).status).toBe('PENDING');
  });

  it('are never more, however many ask at once', async () => {
    const ada = newCustomer();
    const answers = await Promise.all(Array.from({ length: 20 }, () => ada.order(1)));
    expect(countTypes(answers)).toEqual({ Order: 3, TooManyOpenOrdersProblem: 17 });
  });

  it.each(['sim_success', 'sim_decline'])('make room when one ends: %s', async (paymentMethod) => {
    const customer = shop.signIn();
    const [first] = [await customer.createAny(), await customer.createAny()];
    await customer.createAny();
    expect((await customer.createAny()).code).toBe('TOO_MANY_OPEN_ORDERS');
    await customer.pay(first.id, { paymentMethod });
    expect((await customer.createAny()).status).toBe('PENDING');
    expect((await customer.createAny()).code).toBe('TOO_MANY_OPEN_ORDERS');
  });

  it('are not counted when there was nothing to hold', async () => {
    const ada = newCustomer();
    for (let tried = 0; tried < 5; tried += 1) {
      const items = [{ productId: shop.sisters.addProduct({ stock: 0 }), quantity: 1 }];
      expect((await ada.send({ items })).code).toBe('OUT_OF_STOCK');
    }
    const mixed = [
      { productId: shop.sisters.addProduct(), quantity: 1 },
      {
        productId: shop.sisters.addProduct({ unitPrice: { amount: 1, currency: 'USD' } }),
        quantity: 1,
      },
    ];
    for (let tried = 0; tried < 5; tried += 1) {
      expect((await ada.send({ items: mixed })).code).toBe('MIXED_CURRENCIES');
    }
    expect((await ada.order(1)).status).toBe('PENDING');
  });

  it('refuse under a key that may be used again when there is room', async () => {
    const customer = shop.signIn();
    const made = [
      await customer.createAny(),
      await customer.createAny(),
      await customer.createAny(),
    ];
    const items = [{ productId: shop.sisters.addProduct(), quantity: 1 }];
    const input = { items, idempotencyKey: randomUUID() };
    expect((await customer.create(input)).code).toBe('TOO_MANY_OPEN_ORDERS');
    await customer.cancel(made[0]?.id ?? '');
    const order = await customer.create(input);
    expect(order.status).toBe('PENDING');
    expect(await customer.create(input)).toEqual(order);
  });
});

describe('the units that wait to be paid', () => {
  it('are limited for an account, and never more, however many ask at once', async () => {
    const ada = newCustomer();
    expect((await ada.order(8)).status).toBe('PENDING');
    expect(await ada.order(3)).toMatchObject({
      __typename: 'TooManyUnitsHeldProblem',
      scope: 'ACCOUNT',
      limit: 10,
    });
    expect((await ada.order(2)).status).toBe('PENDING');
    const bob = newCustomer();
    const answers = await Promise.all(Array.from({ length: 10 }, () => bob.order(4)));
    expect(countTypes(answers)).toEqual({ Order: 2, TooManyUnitsHeldProblem: 8 });
  });

  it('are limited for an address, over all its accounts', async () => {
    const address = '203.0.113.7';
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => newCustomer(address).order(4)),
    );
    expect(countTypes(answers)).toEqual({ Order: 3, TooManyUnitsHeldProblem: 7 });
    const refused = await newCustomer(address).order(3);
    expect(refused).toMatchObject({ scope: 'ADDRESS', limit: 14 });
    expect((await newCustomer(address).order(2)).status).toBe('PENDING');
    expect((await newCustomer('203.0.113.8').order(3)).status).toBe('PENDING');
  });

  it('are not counted together where no address is known', async () => {
    const answers = await Promise.all(
      Array.from({ length: 5 }, () =>
        shop.signIn().create({
          items: [{ productId: shop.sisters.addProduct(), quantity: 10 }],
        }),
      ),
    );
    expect(countTypes(answers)).toEqual({ Order: 5 });
  });

  it('are refused as input when one order has more than may ever be held', async () => {
    expect(await newCustomer().order(11)).toMatchObject({
      code: 'VALIDATION_FAILED',
      fields: [{ path: 'items' }],
    });
  });
});
