import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { jetstreamManager, type JetStreamManager } from '@nats-io/jetstream';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { eventually } from '@cartograph/testing';
import { findBroker, startBroker } from '../test/start-broker.ts';
import { makeEvent, type CloudEvent } from './cloud-event.ts';
import { eventTypes } from './event-types.ts';
import { lowStock } from '../test/open-outbox.ts';
import { makeNatsPublisher, STREAM } from './make-nats-publisher.ts';
import { natsServers } from './nats-servers.ts';

const program = await findBroker();

let broker: Awaited<ReturnType<typeof startBroker>>;
let connection: NatsConnection;
let manager: JetStreamManager;

const makeCarrier = () => makeNatsPublisher(natsServers().parse(broker.url));

const makeEvents = (count: number): CloudEvent[] =>
  Array.from({ length: count }, () => makeEvent(lowStock()));

/** Every message of the stream, in its order. */
const readStream = async (): Promise<{ subject: string; type: string; event: CloudEvent }[]> => {
  const { state } = await manager.streams.info(STREAM);
  const messages = [];
  for (let seq = state.first_seq; seq <= state.last_seq && seq > 0; seq += 1) {
    const message = await manager.streams.getMessage(STREAM, { seq });
    if (!message) continue;
    messages.push({
      subject: message.subject,
      type: message.header.get('content-type'),
      event: message.json<CloudEvent>(),
    });
  }
  return messages;
};

const look = async () => {
  connection = await connect({ servers: broker.url.replace('nats://', ''), timeout: 2_000 });
  manager = await jetstreamManager(connection);
};

// Without a broker there is nothing to test: findBroker has said so, and fails where CI=true.
if (program === null) it('NATS was not tried: there is no nats-server', () => undefined);
else {
  describe('events on NATS', () => {
    beforeAll(async () => {
      broker = await startBroker(program);
      await look();
    });

    afterEach(async () => {
      await manager.streams.delete(STREAM);
    });

    afterAll(async () => {
      await connection.close();
      await broker.close();
    });

    it('have their type as subject, and are whole, in their order', async () => {
      const publisher = makeCarrier();
      const events = makeEvents(3);
      await publisher.carry(events);
      expect(await readStream()).toEqual(
        events.map((event) => ({
          subject: 'stock.low',
          type: 'application/cloudevents+json; charset=UTF-8',
          event,
        })),
      );
      await publisher.close();
    });

    it('are there once, though they are carried twice, by another process', async () => {
      const [publisher, other] = [makeCarrier(), makeCarrier()];
      const events = makeEvents(5);
      await publisher.carry(events.slice(0, 3));
      await other.carry(events);
      expect((await readStream()).map(({ event }) => event)).toEqual(events);
      await publisher.close();
      await other.close();
    });

    it('have one stream, made by whoever comes first, for all types', async () => {
      const publishers = [makeCarrier(), makeCarrier(), makeCarrier()];
      await Promise.all(publishers.map((publisher) => publisher.carry(makeEvents(1))));
      const { config, state } = await manager.streams.info(STREAM);
      expect(config.subjects.toSorted()).toEqual(Object.keys(eventTypes).toSorted());
      expect(state.messages).toBe(3);
      await Promise.all(publishers.map((publisher) => publisher.close()));
    });

    it('add what a stream lacks, and leave the rest of it as it was made', async () => {
      await manager.streams.add({
        name: STREAM,
        subjects: ['order.created', 'audit'],
        max_msgs: 77,
      });
      const publisher = makeCarrier();
      await publisher.carry(makeEvents(1));
      const { config } = await manager.streams.info(STREAM);
      expect(config.subjects).toEqual(expect.arrayContaining(['audit', 'stock.low']));
      expect(config.max_msgs).toBe(77);
      await publisher.close();
    });

    it('are not taken while the broker is away, and are when it is back', async () => {
      const publisher = makeCarrier();
      const [before, during] = [makeEvents(1), makeEvents(2)];
      await publisher.carry(before);
      await broker.kill();
      await expect(publisher.carry(during)).rejects.toThrow();
      await expect(publisher.carry(during)).rejects.toThrow();
      await broker.start();
      await eventually(() => publisher.carry(during));
      await connection.close();
      await look();
      expect((await readStream()).map(({ event }) => event)).toEqual([...before, ...during]);
      await publisher.close();
    });
  });
}
