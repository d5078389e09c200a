import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventTypes } from '@cartograph/events';
import { eventually } from '@cartograph/testing';
import { HISTORY } from './operations.ts';
import { openOrder, type Shop } from './open-order.ts';

let shop: Shop;

beforeAll(async () => {
  shop = await openOrder();
});

afterAll(() => shop.close());

type Envelope = { type: string; subject: string; [name: string]: unknown };

const eventsOf = async (orderId: string): Promise<Envelope[]> => {
  const rows = await shop.database.query<{ envelope: Envelope }>(
    "SELECT envelope FROM events WHERE envelope->>'subject' = $1 ORDER BY position",
    [orderId],
  );
  return rows.map((row) => row.envelope);
};

describe('the history of an order', () => {
  it('has each event, oldest first, with its statuses, actor and reason', async () => {
    const ada = shop.signIn();
    const { id } = await ada.createAny();
    await ada.pay(id);
    await ada.pay(id);
    const history = await ada.historyOf(id);
    const shopDid = { actor: 'SHOP', user: null, note: null, at: expect.any(String) };
    const customerDid = {
      ...shopDid,
      actor: 'CUSTOMER',
      user: { id: ada.id },
      reason: null,
    };
    expect(history).toEqual([
      { ...customerDid, type: 'CREATED', fromStatus: null, toStatus: 'PENDING' },
      { ...customerDid, type: 'PAYMENT_STARTED', fromStatus: 'PENDING', toStatus: 'PENDING' },
      {
        ...shopDid,
        type: 'PAYMENT_DECIDED',
        fromStatus: 'PENDING',
        toStatus: 'PENDING',
        reason: 'SUCCEEDED',
      },
      {
        ...shopDid,
        type: 'CONFIRMED',
        fromStatus: 'PENDING',
        toStatus: 'CONFIRMED',
        reason: null,
      },
      {
        ...shopDid,
        type: 'STOCK_SETTLED',
        fromStatus: 'CONFIRMED',
        toStatus: 'CONFIRMED',
        reason: 'COMMITTED',
      },
    ]);
    const times = (history ?? []).map((event) => Date.parse(event.at));
    expect(times).toEqual(times.toSorted((a, b) => a - b));
  });

  it('names the provider’s reason when a payment was declined', async () => {
    const ada = shop.signIn();
    const { id } = await ada.createAny();
    await ada.pay(id, { paymentMethod: 'sim_decline' });
    expect((await ada.historyOf(id))?.slice(2).map(({ type, reason }) => [type, reason])).toEqual([
      ['PAYMENT_DECIDED', 'card_declined'],
      ['CANCELLED', 'PAYMENT_FAILED'],
      ['STOCK_SETTLED', 'RELEASED'],
    ]);
  });

  it('has each line once, however often a request is repeated', async () => {
    const ada = shop.signIn();
    const { id } = await ada.createAny();
    await Promise.all(Array.from({ length: 20 }, () => ada.pay(id)));
    await eventually(async () =>
      expect((await ada.historyOf(id))?.map((event) => event.type)).toEqual([
        'CREATED',
        'PAYMENT_STARTED',
        'PAYMENT_DECIDED',
        'CONFIRMED',
        'STOCK_SETTLED',
      ]),
    );
  });

  it('is visible to the owner and administrators; the administrator’s account only to administrators', async () => {
    const ada = shop.signIn();
    const admin = shop.signIn('ADMIN');
    const { id } = await ada.createAny();
    await admin.cancel(id);
    const actorFor = async (viewer: typeof ada) => {
      const [, cancelled] = (await viewer.historyOf(id)) ?? [];
      return [cancelled?.actor, cancelled?.user];
    };
    expect(await actorFor(ada)).toEqual(['ADMIN', null]);
    expect(await actorFor(shop.signIn('ADMIN'))).toEqual(['ADMIN', { id: admin.id }]);
    expect(await shop.signIn().historyOf(id)).toBeUndefined();
    const { data } = await shop.send(HISTORY, { id });
    expect(JSON.stringify(data)).not.toContain('CANCELLED');
  });

  it.each([
    ["UPDATE order_history SET note = 'nothing happened'"],
    ['DELETE FROM order_history'],
    ['TRUNCATE order_history'],
  ])('is append-only: %s', async (sql) => {
    await shop.signIn().createAny();
    await expect(shop.database.query(sql)).rejects.toThrow('append-only');
  });

  it.each([
    ['confirmed', "status = 'PENDING'"],
    ['confirmed', "status = 'CANCELLED', cancel_reason = 'ADMIN', cancelled_at = now()"],
    ['cancelled', "status = 'PENDING', cancel_reason = NULL, cancelled_at = NULL"],
    ['cancelled', "status = 'CONFIRMED', cancel_reason = NULL, cancelled_at = NULL"],
  ])('does not go back: a %s order, %s', async (end, change) => {
    const ada = shop.signIn();
    const { id } = await ada.createAny();
    await (end === 'confirmed' ? ada.pay(id) : ada.cancel(id));
    await expect(
      shop.database.query(`UPDATE orders SET ${change} WHERE id = $1`, [id]),
    ).rejects.toMatchObject({ constraint: 'orders_transition_check' });
  });
});

describe('the outbox', () => {
  it('has an envelope for each change of status, in order, and publishes it soon', async () => {
    const ada = shop.signIn();
    const order = await ada.createAny();
    await ada.pay(order.id);
    const events = await eventsOf(order.id);
    expect(events.map((event) => event.type)).toEqual(['order.created', 'order.confirmed']);
    expect(events[0]).toEqual({
      specversion: '1.0',
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      source: '/order',
      type: 'order.created',
      subject: order.id,
      time: order.createdAt,
      datacontenttype: 'application/json',
      data: {
        orderId: order.id,
        userId: ada.id,
        status: 'PENDING',
        total: { amount: 1999, currency: 'EUR' },
        items: [
          {
            productId: order.items[0]?.product.id,
            quantity: 1,
            unitPrice: { amount: 1999, currency: 'EUR' },
          },
        ],
        cancellationReason: null,
      },
    });
    const isData = eventTypes['order.created'].data;
    for (const { data } of events) expect(isData.safeParse(data).error).toBeUndefined();
    await eventually(async () => {
      const waiting = await shop.database.query(
        "SELECT id FROM events WHERE published_at IS NULL AND envelope->>'subject' = $1",
        [order.id],
      );
      expect(waiting).toEqual([]);
    });
  });

  it('has one event of a cancellation, with its reason', async () => {
    const ada = shop.signIn();
    const { id } = await ada.createAny();
    await Promise.all([ada.cancel(id), ada.cancel(id), ada.cancel(id)]);
    const [, cancelled, ...more] = await eventsOf(id);
    expect(cancelled).toMatchObject({
      type: 'order.cancelled',
      data: { status: 'CANCELLED', cancellationReason: 'CUSTOMER_REQUEST' },
    });
    expect(more).toEqual([]);
  });

  it('has one event when an order is created concurrently with one key', async () => {
    const ada = shop.signIn();
    const items = [{ productId: shop.services.addProduct(), quantity: 1 }];
    const input = { items, idempotencyKey: 'concurrent' };
    const orders = await Promise.all(Array.from({ length: 10 }, () => ada.create(input)));
    expect((await eventsOf(orders[0]?.id ?? '')).map((event) => event.type)).toEqual([
      'order.created',
    ]);
  });
});
