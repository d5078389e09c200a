export { makeBusinessMetrics } from './business-metrics.ts';
export type { CloudEvent, EventDraft } from './cloud-event.ts';
export type { Consumer } from './consumer.ts';
export {
  listDeadLetteredEvents,
  retryDeadLetteredEvents,
  type DeadLetteredEvent,
} from './dead-lettered-events.ts';
export { eventTypes, type EventData, type EventType } from './event-types.ts';
export { natsServers, type NatsServers } from './nats-servers.ts';
export { startEvents, type Events } from './start-events.ts';
export { writeEvents } from './write-events.ts';
