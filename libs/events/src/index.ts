export { makeEvent, type CloudEvent, type EventDraft } from './cloud-event.ts';
export { eventTypes, type EventData, type EventType } from './event-types.ts';
export { natsServers, type NatsServers } from './make-nats-publisher.ts';
export { writeEvents } from './outbox.ts';
export { startEvents, type Events } from './start-events.ts';
