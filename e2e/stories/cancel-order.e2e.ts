import { beforeAll, describe, expect, it } from 'vitest';
import { cancel, historyOf, orderOf, pay, placeOrder } from '../testkit/orders.ts';
import { admin, newShopper, type Account } from '../testkit/accounts.ts';
import { stockOf } from '../testkit/products.ts';
import { problem, rest } from '../testkit/rest.ts';

let shopper: Account;
let administrator: Account;

beforeAll(async () => {
  [shopper, administrator] = await Promise.all([newShopper(), admin()]);
});

const place = () => placeOrder(shopper.token, { qty: 2 });

const setStatus = (token: string, id: string, status: string) =>
  rest('POST', `/v1/orders/${id}/status`, { token, body: { status, reason: 'checked' } });

describe('cancelling an order', () => {
  it('returns the units to stock, and records the reason', async () => {
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
      user_id: shopper.id,
      reason: 'CUSTOMER_REQUEST',
      note: 'too slow',
    });
  });

  it('has one result and returns the units once, also when it is repeated concurrently', async () => {
    const { product, id } = await place();
    const responses = await Promise.all(
      Array.from({ length: 8 }, () => cancel(shopper.token, id, 'enough')),
    );
    const again = await cancel(shopper.token, id);
    for (const { status, body } of [...responses, again]) {
      expect({ status, body }).toEqual({ status: 200, body: again.body });
    }
    expect(await stockOf(product)).toBe(5);
    const history = await historyOf(shopper.token, id);
    expect(history.filter(({ event }) => event === 'CANCELLED')).toHaveLength(1);
  });

  it('is refused for other accounts, as if there were no such order', async () => {
    const { product, id } = await place();
    const stranger = await newShopper();
    expect(await cancel(stranger.token, id)).toMatchObject(problem(404, 'ORDER_NOT_FOUND'));
    expect(await rest('GET', `/v1/orders/${id}/history`, { token: stranger.token })).toMatchObject(
      problem(404, 'ORDER_NOT_FOUND'),
    );
    expect(await rest('POST', `/v1/orders/${id}/cancel`)).toMatchObject(
      problem(401, 'UNAUTHENTICATED'),
    );
    expect((await orderOf(shopper.token, id)).status).toBe('PENDING');
    expect(await stockOf(product)).toBe(3);
  });

  it('is refused when the order is paid', async () => {
    const { product, id } = await place();
    await pay(shopper.token, id);
    const refused = await cancel(shopper.token, id);
    expect(refused).toMatchObject(
      problem(409, 'ORDER_NOT_PENDING', { order: { id, status: 'CONFIRMED' } }),
    );
    expect(await stockOf(product)).toBe(3);
  });

  it('is final: the order cannot be paid any more', async () => {
    const { id } = await place();
    await cancel(shopper.token, id);
    expect(await pay(shopper.token, id)).toMatchObject(
      problem(409, 'ORDER_NOT_PENDING', { order: { status: 'CANCELLED' } }),
    );
  });
});

describe('an administrator', () => {
  it('cancels any order, in two ways', async () => {
    const ways = [cancel, (token: string, id: string) => setStatus(token, id, 'CANCELLED')];
    for (const end of ways) {
      const { product, id } = await place();
      expect(await end(administrator.token, id)).toMatchObject({
        status: 200,
        body: { status: 'CANCELLED', cancellation: { reason: 'ADMIN' } },
      });
      expect(await stockOf(product)).toBe(5);
      expect(await historyOf(shopper.token, id)).toContainEqual(
        expect.objectContaining({ event: 'CANCELLED', actor: 'ADMIN', reason: 'ADMIN' }),
      );
    }
  });

  it('sees the allowed transitions, and cannot confirm an order that is not paid', async () => {
    const { id } = await place();
    expect(await setStatus(administrator.token, id, 'CONFIRMED')).toMatchObject(
      problem(409, 'ORDER_NOT_PAID'),
    );
    await cancel(shopper.token, id);
    expect(await setStatus(administrator.token, id, 'CONFIRMED')).toMatchObject(
      problem(409, 'ILLEGAL_TRANSITION', { from: 'CANCELLED', to: 'CONFIRMED', allowed: [] }),
    );
  });

  it('is the only one who sets the status of an order', async () => {
    const { id } = await place();
    expect(await setStatus(shopper.token, id, 'CONFIRMED')).toMatchObject(
      problem(403, 'FORBIDDEN'),
    );
    expect((await orderOf(shopper.token, id)).status).toBe('PENDING');
  });
});
