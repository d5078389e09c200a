import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventTypes, type EventType } from '@cartograph/events';
import { findBroker, startBroker } from '@cartograph/events/test';
import { eventually } from '@cartograph/testing';
import { jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { openShop, type Shop } from './open-shop.ts';

const program = await findBroker();

let broker: Awaited<ReturnType<typeof startBroker>>;
let shop: Shop;

/** What the broker has of an order, in its order. */
const heardOf = async (orderId: string): Promise<EventType[]> => {
  const connection = await connect({ servers: new URL(broker.url).host, timeout: 2_000 });
  try {
    const manager = await jetstreamManager(connection);
    const { state } = await manager.streams.info('CARTOGRAPH');
    const types: EventType[] = [];
    for (let seq = state.first_seq; seq <= state.last_seq; seq += 1) {
      const message = await manager.streams.getMessage('CARTOGRAPH', { seq });
      const event = message?.json<{ type: EventType; subject: string; data: object }>();
      if (event?.subject !== orderId) continue;
      expect(eventTypes[event.type].data.safeParse(event.data).error).toBeUndefined();
      types.push(event.type);
    }
    return types;
  } finally {
    await connection.close();
  }
};

const unpublished = () => shop.database.query('SELECT id FROM events WHERE published_at IS NULL');

// Without a broker there is nothing to test: findBroker has said so, and fails where CI=true.
if (program === null) it('NATS was not tried: there is no nats-server', () => undefined);
else {
  describe('a shop whose broker goes away', () => {
    beforeAll(async () => {
      broker = await startBroker(program);
      // It is not there when the shop opens, either.
      await broker.kill();
      shop = await openShop({ NATS_URL: broker.url });
    });

    afterAll(async () => {
      await shop.close();
      await broker.close();
    });

    it('sells on, and tells everything, once and in order, when it is back', async () => {
      const ada = shop.signIn();
      const first = await ada.createAny();
      expect(await ada.pay(first.id)).toMatchObject({ status: 'CONFIRMED' });
      expect(await unpublished()).toHaveLength(2);

      await broker.start();
      await eventually(async () => expect(await unpublished()).toEqual([]));
      expect(await heardOf(first.id)).toEqual(['order.created', 'order.confirmed']);

      await broker.kill();
      const second = await ada.createAny();
      expect(await ada.cancel(second.id)).toMatchObject({ status: 'CANCELLED' });
      expect(await unpublished()).toHaveLength(2);
      await broker.start();
      await eventually(async () => expect(await unpublished()).toEqual([]));
      expect(await heardOf(second.id)).toEqual(['order.created', 'order.cancelled']);
      expect(await heardOf(first.id)).toEqual(['order.created', 'order.confirmed']);
    });
  });
}
