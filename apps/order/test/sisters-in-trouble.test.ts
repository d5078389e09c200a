import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@cartograph/testing';
import { CREATE } from './operations.ts';
import { openShop, type Shop } from './open-shop.ts';

let shop: Shop;

beforeAll(async () => {
  shop = await openShop({ SERVICE_BREAK_MS: '4000' });
});

afterEach(() => shop.sisters.mend());

afterAll(() => shop.close());

const basket = (quantity = 1) => ({ items: [{ productId: shop.sisters.addProduct(), quantity }] });

describe('an answer of a sister that got lost', () => {
  it('is asked for again, without a second hold or charge', async () => {
    const ada = shop.signIn();
    shop.sisters.breakDownOnce('answer lost', 'ReserveStock');
    const input = basket(2);
    const order = await ada.create(input);
    expect(order.status).toBe('PENDING');
    expect(shop.sisters.products.get(input.items[0]?.productId ?? '')?.stock).toBe(8);
    shop.sisters.breakDownOnce('answer lost', 'CreatePaymentIntent');
    expect((await ada.pay(order.id)).status).toBe('CONFIRMED');
    expect([...shop.sisters.payments.keys()].filter((key) => key.startsWith(order.id))).toEqual([
      `${order.id}:1`,
    ]);
  });
});

describe('whoever asks with a bound', () => {
  it('is told UNAVAILABLE when it is over, and nothing is half done', async () => {
    const authorization = shop.authorize();
    const input = { ...basket(), idempotencyKey: randomUUID() };
    shop.sisters.breakDown('hang', 'ReserveStock');
    const start = performance.now();
    const { errors } = await shop.send(CREATE, { input }, authorization, {
      'x-request-timeout-ms': '200',
    });
    expect(performance.now() - start).toBeLessThan(20_000);
    expect(errors[0]?.extensions.code).toBe('UNAVAILABLE');
    shop.sisters.mend();
    const { data } = await shop.send(CREATE, { input }, authorization);
    expect(data.createOrder.status).toBe('PENDING');
  });
});

describe('a sister that is away for long', () => {
  it('is left in peace; clients are told at once when to come back, and then served', async () => {
    const ada = shop.signIn();
    const input = { ...basket(), idempotencyKey: randomUUID() };
    shop.sisters.breakDown('away', 'ReserveStock');
    await eventually(async () => {
      const { errors } = await ada.tryToCreate(basket());
      expect(errors[0]?.extensions).toEqual({
        code: 'UNAVAILABLE',
        retryAfterSeconds: expect.any(Number),
      });
    });
    const asked = shop.sisters.timesAsked('ReserveStock');
    const start = performance.now();
    const refused = await ada.tryToCreate(input);
    expect(refused.errors[0]?.message).toBe(
      'A part of the shop does not answer; try again in a moment.',
    );
    expect(performance.now() - start).toBeLessThan(20_000);
    expect(shop.sisters.timesAsked('ReserveStock')).toBe(asked);
    shop.sisters.mend();
    await eventually(async () => expect((await ada.create(input)).status).toBe('PENDING'));
    expect(shop.sisters.products.get(input.items[0]?.productId ?? '')?.stock).toBe(9);
  });
});
