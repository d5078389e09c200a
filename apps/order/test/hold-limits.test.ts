import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CREATE } from './operations.ts';
import { openOrder, type Result, type Shop } from './open-order.ts';

let shop: Shop;

beforeAll(async () => {
  shop = await openOrder({
    ORDER_OPEN_PER_ACCOUNT: '3',
    ORDER_UNITS_PER_ACCOUNT: '10',
    ORDER_UNITS_PER_ADDRESS: '14',
  });
});

afterAll(() => shop.close());

type LimitProblem = Result & { limit: number; scope: string; retryAfterSeconds: number };

/** A customer at a new address, or at the one that is given. */
const newCustomer = (address: string = randomUUID()) => {
  const authorization = shop.authorize();
  const order = async (quantity: number, idempotencyKey?: string): Promise<LimitProblem> => {
    const items = [{ productId: shop.services.addProduct({ stock: 100 }), quantity }];
    return send({ items, idempotencyKey });
  };
  const send = async (input: object): Promise<LimitProblem> => {
    const { data, errors } = await shop.send(CREATE, { input }, authorization, {
      'x-client-address': address,
    });
    if (errors[0]) throw new Error(errors[0].message);
    return data.createOrder as LimitProblem;
  };
  return { order, send, authorization };
};

const countTypes = (results: readonly Result[]) =>
  Object.fromEntries(
    [...Map.groupBy(results, (result) => result.__typename)].map(([type, all]) => [
      type,
      all.length,
    ]),
  );

/** The time of a reservation with its grace. */
const LONGEST_SECONDS = 15 * 60 + 30;

describe('the pending orders of an account', () => {
  it('are limited; the problem has the limit and the time to retry', async () => {
    const ada = newCustomer();
    for (let made = 0; made < 3; made += 1) expect((await ada.order(1)).status).toBe('PENDING');
    const problem = await ada.order(1);
    expect(problem).toMatchObject({
      __typename: 'TooManyOpenOrdersProblem',
      code: 'TOO_MANY_OPEN_ORDERS',
      limit: 3,
    });
    expect(problem.retryAfterSeconds).toBeGreaterThan(LONGEST_SECONDS - 60);
    expect(problem.retryAfterSeconds).toBeLessThanOrEqual(LONGEST_SECONDS);
    expect((await newCustomer().order(1)).status).toBe('PENDING');
  });

  it('are limited for as long as a pending payment keeps the oldest', async () => {
    const ada = newCustomer();
    const { id } = await ada.order(1);
    for (let made = 1; made < 3; made += 1) await ada.order(1);
    await shop.database.query(
      `WITH o AS (
         UPDATE orders SET payment_started_at = now(), created_at = created_at - interval '16 minutes'
         WHERE id = $1
       )
       UPDATE stock_holds SET created_at = created_at - interval '16 minutes' WHERE order_id = $1`,
      [id],
    );
    const { retryAfterSeconds } = await ada.order(1);
    expect(retryAfterSeconds).toBeGreaterThan(6 * 60);
    expect(retryAfterSeconds).toBeLessThanOrEqual(7 * 60);
  });

  it('never exceed the limit under concurrent requests', async () => {
    const ada = newCustomer();
    const results = await Promise.all(Array.from({ length: 20 }, () => ada.order(1)));
    expect(countTypes(results)).toEqual({ Order: 3, TooManyOpenOrdersProblem: 17 });
  });

  it.each(['sim_success', 'sim_decline'])(
    'free a place when one ends: %s',
    async (paymentMethod) => {
      const customer = shop.signIn();
      const [first] = [await customer.createAny(), await customer.createAny()];
      await customer.createAny();
      expect((await customer.createAny()).code).toBe('TOO_MANY_OPEN_ORDERS');
      await customer.pay(first.id, { paymentMethod });
      expect((await customer.createAny()).status).toBe('PENDING');
      expect((await customer.createAny()).code).toBe('TOO_MANY_OPEN_ORDERS');
    },
  );

  it('are not counted when no stock was reserved', async () => {
    const ada = newCustomer();
    for (let tried = 0; tried < 5; tried += 1) {
      const items = [{ productId: shop.services.addProduct({ stock: 0 }), quantity: 1 }];
      expect((await ada.send({ items })).code).toBe('OUT_OF_STOCK');
    }
    const mixed = [
      { productId: shop.services.addProduct(), quantity: 1 },
      {
        productId: shop.services.addProduct({ unitPrice: { amount: 1, currency: 'USD' } }),
        quantity: 1,
      },
    ];
    for (let tried = 0; tried < 5; tried += 1) {
      expect((await ada.send({ items: mixed })).code).toBe('MIXED_CURRENCIES');
    }
    expect((await ada.order(1)).status).toBe('PENDING');
  });

  it('leave the key of a refused request free for a retry', async () => {
    const customer = shop.signIn();
    const made = [
      await customer.createAny(),
      await customer.createAny(),
      await customer.createAny(),
    ];
    const items = [{ productId: shop.services.addProduct(), quantity: 1 }];
    const input = { items, idempotencyKey: randomUUID() };
    expect((await customer.create(input)).code).toBe('TOO_MANY_OPEN_ORDERS');
    await customer.cancel(made[0]?.id ?? '');
    const between = await customer.createAny();
    await customer.cancel(made[1]?.id ?? '');
    const order = await customer.create(input);
    expect(order.status).toBe('PENDING');
    // Ids are in the order of creation, by which lists are sorted.
    expect(order.id > between.id).toBe(true);
    expect(await customer.create(input)).toEqual(order);
  });
});

describe('the units of pending orders', () => {
  it('are limited for an account, also under concurrent requests', async () => {
    const ada = newCustomer();
    expect((await ada.order(8)).status).toBe('PENDING');
    expect(await ada.order(3)).toMatchObject({
      __typename: 'TooManyUnitsHeldProblem',
      scope: 'ACCOUNT',
      limit: 10,
    });
    expect((await ada.order(2)).status).toBe('PENDING');
    const bob = newCustomer();
    const results = await Promise.all(Array.from({ length: 10 }, () => bob.order(4)));
    expect(countTypes(results)).toEqual({ Order: 2, TooManyUnitsHeldProblem: 8 });
  });

  it('are limited for an address, across its accounts', async () => {
    const address = '203.0.113.7';
    const results = await Promise.all(
      Array.from({ length: 10 }, () => newCustomer(address).order(4)),
    );
    expect(countTypes(results)).toEqual({ Order: 3, TooManyUnitsHeldProblem: 7 });
    const problem = await newCustomer(address).order(3);
    expect(problem).toMatchObject({ scope: 'ADDRESS', limit: 14 });
    expect((await newCustomer(address).order(2)).status).toBe('PENDING');
    expect((await newCustomer('203.0.113.8').order(3)).status).toBe('PENDING');
  });

  it('are limited for a whole IPv6 network, of which one client has all addresses', async () => {
    const results: Result[] = [];
    for (let host = 1; host <= 5; host += 1) {
      results.push(await newCustomer(`2001:db8:7:1::${host}`).order(4));
    }
    expect(countTypes(results)).toEqual({ Order: 3, TooManyUnitsHeldProblem: 2 });
    expect((await newCustomer('2001:db8:7:2::1').order(4)).status).toBe('PENDING');
  });

  it('are not counted together where no address is known', async () => {
    const results = await Promise.all(
      Array.from({ length: 5 }, () =>
        shop.signIn().create({
          items: [{ productId: shop.services.addProduct(), quantity: 10 }],
        }),
      ),
    );
    expect(countTypes(results)).toEqual({ Order: 5 });
  });

  it('are invalid input when one order exceeds the limit', async () => {
    expect(await newCustomer().order(11)).toMatchObject({
      code: 'VALIDATION_FAILED',
      fields: [{ path: 'items' }],
    });
  });
});
