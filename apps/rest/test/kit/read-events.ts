import { createParser } from 'eventsource-parser';

/** An event of a stream, with its data parsed. */
export type ReceivedEvent = {
  readonly id: string | undefined;
  readonly event: string | undefined;
  readonly data: unknown;
};

/** Reads the events of a response of server-sent events. */
export const readEvents = (text: string): readonly ReceivedEvent[] => {
  const events: ReceivedEvent[] = [];
  const parser = createParser({
    onEvent: ({ id, event, data }) => events.push({ id, event, data: JSON.parse(data) as unknown }),
  });
  parser.feed(text);
  return events;
};
