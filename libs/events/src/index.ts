export { makeBusinessMetrics } from './business-metrics.ts';
export { makeEvent, type CloudEvent, type EventDraft } from './cloud-event.ts';
export { eventTypes, type EventData, type EventType } from './event-types.ts';
export {
  listDeadLetteredEvents,
  retryDeadLetteredEvents,
  type Consumer,
  type DeadLetteredEvent,
} from './inbox.ts';
export { runJobsCommand } from './jobs-command.ts';
export { natsServers, type NatsServers } from './make-nats-publisher.ts';
export { writeEvents } from './outbox.ts';
export { startEvents, type Events } from './start-events.ts';
