import { sampledTraceparent } from '@cartograph/telemetry';
import { v7 as makeId } from 'uuid';
import { eventTypes, type EventData, type EventType } from './event-types.ts';

/** An event without its envelope. */
export type EventDraft = {
  [Type in EventType]: {
    readonly type: Type;
    /** The id of the order, payment or product. */
    readonly subject: string;
    readonly data: EventData<Type>;
    /** When it happened; now, if not given. */
    readonly time?: Date;
  };
}[EventType];

/**
 * An event in the envelope of CloudEvents 1.0, as JSON (github.com/cloudevents/spec, "Context
 * Attributes"). Two with the same `id` are the same event.
 */
export type CloudEvent = {
  [Type in EventType]: {
    readonly specversion: '1.0';
    readonly id: string;
    readonly source: (typeof eventTypes)[Type]['source'];
    readonly type: Type;
    readonly subject: string;
    readonly time: string;
    readonly datacontenttype: 'application/json';
    /** The span that caused it, when that is recorded (CloudEvents' extension for distributed tracing). */
    readonly traceparent?: string;
    readonly data: EventData<Type>;
  };
}[EventType];

/** Puts an event into its envelope, with a new id. */
export const makeEvent = ({ type, subject, data, time = new Date() }: EventDraft): CloudEvent => {
  const traceparent = sampledTraceparent();
  return {
    specversion: '1.0',
    id: makeId(),
    source: eventTypes[type].source,
    type,
    subject,
    time: time.toISOString(),
    datacontenttype: 'application/json',
    ...(traceparent !== null && { traceparent }),
    data,
    // The compiler can't infer that type, source and data belong together.
  } as CloudEvent;
};
