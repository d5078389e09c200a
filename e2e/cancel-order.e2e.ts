import { beforeAll, describe, expect, it } from '@jest/globals';
import { cancel, historyOf, order, orderOf, pay } from './testkit/orders.ts';
import { admin, newShopper, type Person } from './testkit/people.ts';
import { newProduct, stockOf } from './testkit/products.ts';
import { rest } from './testkit/rest.ts';

let shopper: Person;
let boss: Person;

beforeAll(async () => {
  [shopper, boss] = await Promise.all([newShopper(), admin()]);
});

const place = async () => {
  const product = await newProduct({ stock: 5 });
  const { body } = await order(shopper.token, product, 2);
  return { product, id: body.id as string };
};

const move = (token: string, id: string, status: string) =>
  rest('POST', `/v1/orders/${id}/status`, { token, body: { status, reason: 'looked at' } });

describe('cancelling an order', () => {
  it('gives its stock back, and keeps why', async () => {
    const { product, id } = await place();
    expect(await stockOf(product)).toBe(3);
    const cancelled = await cancel(shopper.token, id, 'too slow');
    expect(cancelled).toMatchObject({
      status: 200,
      body: { id, status: 'CANCELLED', cancellation: { reason: 'CUSTOMER_REQUEST' } },
    });
    expect(await stockOf(product)).toBe(5);
    expect(await orderOf(shopper.token, id)).toEqual(cancelled.body);

    const history = await historyOf(shopper.token, id);
    expect(history[0]).toMatchObject({
      event: 'CREATED',
      from_status: null,
      to_status: 'PENDING',
      actor: 'CUSTOMER',
    });
    expect(history.find(({ event }) => event === 'CANCELLED')).toEqual({
      at: cancelled.body.cancellation.at,
      event: 'CANCELLED',
      from_status: 'PENDING',
      to_status: 'CANCELLED',
      actor: 'CUSTOMER',
      reason: 'CUSTOMER_REQUEST',
      note: 'too slow',
    });
  });

  it('twice, or many times at once, is the same and gives back once', async () => {
    const { product, id } = await place();
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => cancel(shopper.token, id, 'enough')),
    );
    const again = await cancel(shopper.token, id);
    for (const { status, body } of [...answers, again]) {
      expect({ status, body }).toEqual({ status: 200, body: again.body });
    }
    expect(await stockOf(product)).toBe(5);
    const history = await historyOf(shopper.token, id);
    expect(history.filter(({ event }) => event === 'CANCELLED')).toHaveLength(1);
  });

  it('is not for others, who do not learn that there is one', async () => {
    const { product, id } = await place();
    const stranger = await newShopper();
    expect(await cancel(stranger.token, id)).toMatchObject({
      status: 404,
      body: { code: 'ORDER_NOT_FOUND' },
    });
    expect(await rest('GET', `/v1/orders/${id}/history`, { token: stranger.token })).toMatchObject({
      status: 404,
      body: { code: 'ORDER_NOT_FOUND' },
    });
    expect(await rest('POST', `/v1/orders/${id}/cancel`)).toMatchObject({
      status: 401,
      body: { code: 'UNAUTHENTICATED' },
    });
    expect((await orderOf(shopper.token, id)).status).toBe('PENDING');
    expect(await stockOf(product)).toBe(3);
  });

  it('comes too late once it is paid', async () => {
    const { product, id } = await place();
    await pay(shopper.token, id);
    const refused = await cancel(shopper.token, id);
    expect(refused).toMatchObject({
      status: 409,
      body: { code: 'ORDER_NOT_PENDING', order: { id, status: 'CONFIRMED' } },
    });
    expect(await stockOf(product)).toBe(3);
  });

  it('is the end: it can not be paid any more', async () => {
    const { id } = await place();
    await cancel(shopper.token, id);
    expect(await pay(shopper.token, id)).toMatchObject({
      status: 409,
      body: { code: 'ORDER_NOT_PENDING', order: { status: 'CANCELLED' } },
    });
  });
});

describe('an administrator', () => {
  it('cancels the order of anybody, in both ways', async () => {
    const ways = [cancel, (token: string, id: string) => move(token, id, 'CANCELLED')];
    for (const end of ways) {
      const { product, id } = await place();
      expect(await end(boss.token, id)).toMatchObject({
        status: 200,
        body: { status: 'CANCELLED', cancellation: { reason: 'ADMIN' } },
      });
      expect(await stockOf(product)).toBe(5);
      expect(await historyOf(shopper.token, id)).toContainEqual(
        expect.objectContaining({ event: 'CANCELLED', actor: 'ADMIN', reason: 'ADMIN' }),
      );
    }
  });

  it('is told where an order can go, and does not confirm what was not paid', async () => {
    const { id } = await place();
    expect(await move(boss.token, id, 'CONFIRMED')).toMatchObject({
      status: 409,
      body: { code: 'ORDER_NOT_PAID' },
    });
    await cancel(shopper.token, id);
    expect(await move(boss.token, id, 'CONFIRMED')).toMatchObject({
      status: 409,
      body: { code: 'ILLEGAL_TRANSITION', from: 'CANCELLED', to: 'CONFIRMED', allowed: [] },
    });
  });

  it('is who moves orders by hand, nobody else', async () => {
    const { id } = await place();
    expect(await move(shopper.token, id, 'CONFIRMED')).toMatchObject({
      status: 403,
      body: { code: 'FORBIDDEN' },
    });
    expect((await orderOf(shopper.token, id)).status).toBe('PENDING');
  });
});
