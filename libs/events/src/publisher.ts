import type { CloudEvent } from './cloud-event.ts';

/** A way for events to get to those who listen. */
export type Publisher = {
  readonly name: string;
  /**
   * Takes events over, in their order; it resolves when all of them are safe. It may be told the
   * same ones again: a process can die before it notes that they were taken.
   */
  readonly carry: (events: readonly CloudEvent[]) => Promise<void>;
  readonly close: () => Promise<void>;
};
