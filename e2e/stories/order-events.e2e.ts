import { afterEach, describe, expect, it } from 'vitest';
import { eventuallyInShop as eventually } from '@cartograph/testing';
import { readEvents } from '../../apps/rest/test/kit/read-events.ts';
import { newShopper } from '../testkit/accounts.ts';
import { pay, placeOrder } from '../testkit/orders.ts';
import { problem, rest } from '../testkit/rest.ts';
import { watchOrder, type WatchedOrder } from '../testkit/watch-order.ts';

const open: WatchedOrder[] = [];

const watch = (token: string, id: string): WatchedOrder => {
  const watched = watchOrder(token, id);
  open.push(watched);
  return watched;
};

afterEach(() => {
  for (const watched of open.splice(0)) watched.close();
});

const pathOf = (id: string): string => `/v1/orders/${id}/events`;

/** The events after one, from a response that ends. */
const eventsAfter = async (token: string, id: string, last: string) => {
  const headers = { 'last-event-id': last };
  const { status, text } = await rest('GET', pathOf(id), { token, headers });
  return { status, ids: readEvents(text).map((event) => event.id) };
};

describe('the events of an order', () => {
  it('show its payment, end after it, and go on from any of them', async () => {
    const { token } = await newShopper();
    const { id } = await placeOrder(token);
    const watched = watch(token, id);
    await eventually(() => expect(watched.events()).toEqual(['1 PENDING']));
    expect((await pay(token, id)).status).toBe(200);
    await eventually(() => expect(watched.isOver()).toBe(true));
    expect(watched.events()).toEqual(['1 PENDING', '2 CONFIRMED']);
    expect(watched.statuses().at(-1)).toBe(204);

    expect(await eventsAfter(token, id, '0')).toEqual({ status: 200, ids: ['1', '2'] });
    expect(await eventsAfter(token, id, '1')).toEqual({ status: 200, ids: ['2'] });
    expect(await eventsAfter(token, id, '2')).toEqual({ status: 204, ids: [] });
  });

  it('say that a payment was declined', async () => {
    const { token } = await newShopper();
    const { id } = await placeOrder(token);
    await pay(token, id, 'sim_decline');
    const { text } = await rest('GET', pathOf(id), { token });
    expect(readEvents(text)).toMatchObject([
      { id: '1', data: { status: 'PENDING', reason: null } },
      { id: '2', data: { status: 'CANCELLED', reason: 'PAYMENT_FAILED' } },
    ]);
  });

  it('are for the account of the order alone', async () => {
    const { token } = await newShopper();
    const { id } = await placeOrder(token);
    const stranger = await newShopper();
    const ofOther = await rest('GET', pathOf(id), { token: stranger.token });
    expect(ofOther).toMatchObject(problem(404, 'ORDER_NOT_FOUND'));
    expect(await rest('GET', pathOf(id))).toMatchObject(problem(401, 'UNAUTHENTICATED'));
  });

  it('end when the session is signed out', async () => {
    const { token } = await newShopper();
    const { id } = await placeOrder(token);
    const watched = watch(token, id);
    await eventually(() => expect(watched.events()).toEqual(['1 PENDING']));
    expect((await rest('POST', '/v1/auth/logout', { token })).status).toBe(204);
    await eventually(() => expect(watched.isOver()).toBe(true));
    expect(watched.statuses().at(-1)).toBe(401);
    expect(watched.events()).toEqual(['1 PENDING']);
  });
});
