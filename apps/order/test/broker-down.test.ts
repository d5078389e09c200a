import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventTypes, type EventType } from '@cartograph/events';
import { findBroker, startBroker } from '@cartograph/events/test';
import { eventually } from '@cartograph/testing';
import { jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { openOrder, type Shop } from './open-order.ts';

const program = await findBroker();

let broker: Awaited<ReturnType<typeof startBroker>>;
let shop: Shop;

/** The events of an order that the broker stored, in their order. */
const publishedOf = async (orderId: string): Promise<EventType[]> => {
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

const unpublished = () =>
  shop.database.query('SELECT id FROM events WHERE broker_published_at IS NULL');

// Without a broker there is nothing to test: findBroker prints that, and throws where CI=true.
if (program === null) it('NATS was not tried: there is no nats-server', () => undefined);
else {
  describe('a service whose broker is down', () => {
    beforeAll(async () => {
      broker = await startBroker(program);
      // It is down when the service starts, too.
      await broker.kill();
      shop = await openOrder({ NATS_URL: broker.url });
    });

    afterAll(async () => {
      await shop.close();
      await broker.close();
    });

    it('sells on, and publishes all events once and in order when it is up again', async () => {
      const ada = shop.signIn();
      const first = await ada.createAny();
      expect(await ada.pay(first.id)).toMatchObject({ status: 'CONFIRMED' });
      expect(await unpublished()).toHaveLength(2);

      await broker.start();
      await eventually(async () => expect(await unpublished()).toEqual([]));
      expect(await publishedOf(first.id)).toEqual(['order.created', 'order.confirmed']);

      await broker.kill();
      const second = await ada.createAny();
      expect(await ada.cancel(second.id)).toMatchObject({ status: 'CANCELLED' });
      expect(await unpublished()).toHaveLength(2);
      await broker.start();
      await eventually(async () => expect(await unpublished()).toEqual([]));
      expect(await publishedOf(second.id)).toEqual(['order.created', 'order.cancelled']);
      expect(await publishedOf(first.id)).toEqual(['order.created', 'order.confirmed']);
    });
  });
}
