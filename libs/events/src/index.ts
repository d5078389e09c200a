export { makeEvent, type CloudEvent, type EventDraft } from './cloud-event.ts';
export { eventTypes, type EventData, type EventType } from './event-types.ts';
export { natsServers, type NatsServers } from './nats-servers.ts';
export { writeEvents } from './outbox.ts';
export { startEvents, type Events } from './start-events.ts';
