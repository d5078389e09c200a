import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '@cartograph/testing';
import { CREATE } from './operations.ts';
import { openOrder, type Shop } from './open-order.ts';

let shop: Shop;

beforeAll(async () => {
  shop = await openOrder({ SERVICE_BREAK_MS: '4000' });
});

afterEach(() => shop.services.clearFaults());

afterAll(() => shop.close());

const basket = (quantity = 1) => ({ items: [{ productId: shop.services.addProduct(), quantity }] });

describe('a lost response of another service', () => {
  it('is retried, without a second reservation or charge', async () => {
    const ada = shop.signIn();
    shop.services.setFaultOnce('response lost', 'ReserveStock');
    const input = basket(2);
    const order = await ada.create(input);
    expect(order.status).toBe('PENDING');
    expect(shop.services.products.get(input.items[0]?.productId ?? '')?.stock).toBe(8);
    shop.services.setFaultOnce('response lost', 'CreatePaymentIntent');
    expect((await ada.pay(order.id)).status).toBe('CONFIRMED');
    expect([...shop.services.payments.keys()].filter((key) => key.startsWith(order.id))).toEqual([
      `${order.id}:1`,
    ]);
  });
});

describe('a request with a deadline', () => {
  it('is UNAVAILABLE after it, and can be repeated', async () => {
    const authorization = shop.authorize();
    const input = { ...basket(), idempotencyKey: randomUUID() };
    shop.services.setFault('hang', 'ReserveStock');
    const start = performance.now();
    const { errors } = await shop.send(CREATE, { input }, authorization, {
      'x-request-timeout-ms': '200',
    });
    expect(performance.now() - start).toBeLessThan(20_000);
    expect(errors[0]?.extensions.code).toBe('UNAVAILABLE');
    shop.services.clearFaults();
    const { data } = await shop.send(CREATE, { input }, authorization);
    expect(data.createOrder.status).toBe('PENDING');
  });
});

describe('a service that is down for long', () => {
  it('gets no calls while its circuit is open; clients fail fast with a time to retry', async () => {
    const ada = shop.signIn();
    const input = { ...basket(), idempotencyKey: randomUUID() };
    shop.services.setFault('down', 'ReserveStock');
    await eventually(async () => {
      const { errors } = await ada.tryToCreate(basket());
      expect(errors[0]?.extensions).toEqual({
        code: 'UNAVAILABLE',
        retryAfterSeconds: expect.any(Number),
      });
    });
    const calls = shop.services.countCalls('ReserveStock');
    const start = performance.now();
    const problem = await ada.tryToCreate(input);
    expect(problem.errors[0]?.message).toBe(
      'A part of the shop does not answer; try again in a moment.',
    );
    expect(performance.now() - start).toBeLessThan(20_000);
    expect(shop.services.countCalls('ReserveStock')).toBe(calls);
    shop.services.clearFaults();
    await eventually(async () => expect((await ada.create(input)).status).toBe('PENDING'));
    expect(shop.services.products.get(input.items[0]?.productId ?? '')?.stock).toBe(9);
  });
});
