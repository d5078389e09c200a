import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { jetstreamManager, type JetStreamManager } from '@nats-io/jetstream';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { eventually } from '@cartograph/testing';
import { findBroker, startBroker } from '../test/start-broker.ts';
import { makeEvent, type CloudEvent } from './cloud-event.ts';
import { eventTypes } from './event-types.ts';
import { lowStock } from '../test/open-outbox.ts';
import { makeNatsPublisher, STREAM } from './make-nats-publisher.ts';
import { natsServers } from './nats-servers.ts';
import type { Publisher } from './publish-to-broker.ts';

const program = await findBroker();

let broker: Awaited<ReturnType<typeof startBroker>>;
let connection: NatsConnection;
let manager: JetStreamManager;

const makePublisher = () => makeNatsPublisher(natsServers().parse(broker.url));

const makeEvents = (count: number): CloudEvent[] =>
  Array.from({ length: count }, () => makeEvent(lowStock()));

const publishAll = async (publisher: Publisher, events: readonly CloudEvent[]): Promise<void> => {
  for (const event of events) await publisher.publish(event);
};

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

const openConnection = async () => {
  connection = await connect({ servers: broker.url.replace('nats://', ''), timeout: 2_000 });
  manager = await jetstreamManager(connection);
};

// Without a broker there is nothing to test: findBroker prints that, and throws where CI=true.
if (program === null) it('NATS was not tried: there is no nats-server', () => undefined);
else {
  describe('events on NATS', () => {
    beforeAll(async () => {
      broker = await startBroker(program);
      await openConnection();
    });

    afterEach(async () => {
      await manager.streams.delete(STREAM);
    });

    afterAll(async () => {
      await connection.close();
      await broker.close();
    });

    it('have their type as subject, and keep their order', async () => {
      const publisher = makePublisher();
      const events = makeEvents(3);
      await publishAll(publisher, events);
      expect(await readStream()).toEqual(
        events.map((event) => ({
          subject: 'stock.low',
          type: 'application/cloudevents+json; charset=UTF-8',
          event,
        })),
      );
      await publisher.close();
    });

    it('are stored once when another process publishes them again', async () => {
      const [publisher, other] = [makePublisher(), makePublisher()];
      const events = makeEvents(5);
      await publishAll(publisher, events.slice(0, 3));
      await publishAll(other, events);
      expect((await readStream()).map(({ event }) => event)).toEqual(events);
      await publisher.close();
      await other.close();
    });

    it('have one stream for all types, made by the first publisher', async () => {
      const publishers = [makePublisher(), makePublisher(), makePublisher()];
      await Promise.all(publishers.map((publisher) => publishAll(publisher, makeEvents(1))));
      const { config, state } = await manager.streams.info(STREAM);
      expect(config.subjects.toSorted()).toEqual(Object.keys(eventTypes).toSorted());
      expect(state.messages).toBe(3);
      await Promise.all(publishers.map((publisher) => publisher.close()));
    });

    it('add the subjects that a stream lacks, and change nothing else', async () => {
      await manager.streams.add({
        name: STREAM,
        subjects: ['order.created', 'audit'],
        max_msgs: 77,
      });
      const publisher = makePublisher();
      await publishAll(publisher, makeEvents(1));
      const { config } = await manager.streams.info(STREAM);
      expect(config.subjects).toEqual(expect.arrayContaining(['audit', 'stock.low']));
      expect(config.max_msgs).toBe(77);
      await publisher.close();
    });

    it('are refused while the broker is down, and published when it is up again', async () => {
      const publisher = makePublisher();
      const [before, during] = [makeEvents(1), makeEvents(2)];
      await publishAll(publisher, before);
      await broker.kill();
      await expect(publishAll(publisher, during)).rejects.toThrow();
      await expect(publishAll(publisher, during)).rejects.toThrow();
      await broker.start();
      await eventually(() => publishAll(publisher, during));
      await connection.close();
      await openConnection();
      expect((await readStream()).map(({ event }) => event)).toEqual([...before, ...during]);
      await publisher.close();
    });
  });
}
