import { Type, type Static } from 'typebox';
import { documented } from './documented.ts';

const MAX_DIGITS = 9;

/** An order has few events; a number that none of them has is that of an event to come. */
const EVENT_NUMBER = `^[0-9]{1,${MAX_DIGITS}}$`;

const isEventNumber = (text: string): boolean => new RegExp(EVENT_NUMBER).test(text);

/** The header with which a client of server-sent events reconnects. */
export const lastEventIdHeaders = Type.Object({
  'last-event-id': Type.Optional(
    Type.Refine(
      Type.String({
        description:
          'The `id` of the last event that the client has: those after it are sent. Without it, all are.',
        maxLength: MAX_DIGITS,
        ...documented({ pattern: EVENT_NUMBER, examples: ['1'] }),
      }),
      isEventNumber,
      () => 'must be the id of an event',
    ),
  ),
});

/** The number of the last event that the client has; 0 for none. */
export const readLastEventId = (headers: Static<typeof lastEventIdHeaders>): number =>
  Number(headers['last-event-id'] ?? 0);
