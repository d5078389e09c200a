import type { ClientBase } from 'pg';
import type { CloudEvent } from './cloud-event.ts';
import type { EventType } from './event-types.ts';

/** Something in a service that listens to the service's own events. */
export type Consumer = {
  /** Stays the same for ever: what it has consumed is noted under it. */
  readonly name: string;
  readonly types: readonly EventType[];
  /**
   * Does what the event asks for. What it writes with `client` is written together with the note
   * that the event is consumed: once, whatever dies when.
   * @returns what is to be done when that has been written, for effects outside the database
   * @throws to be told again; meanwhile the events that follow wait
   */
  readonly handle: (event: CloudEvent, client: ClientBase) => Promise<(() => void) | void>;
};
