/** A webhook event of a provider, without its content, which may contain personal data. */
export type ProviderEvent = {
  readonly id: string;
  readonly provider: string;
  /** The provider's id of the event. */
  readonly eventId: string;
  /** The charge that the event names, if any. */
  readonly chargeKey: string | null;
  readonly chargeReference: string | null;
  readonly receivedAt: Date;
};

/** Stores webhook events. */
export type ProviderEventStore = {
  /**
   * Inserts each event of a provider once.
   * @param delayMs the time after which it is due to be processed
   */
  readonly insertEvent: (
    event: ProviderEvent,
    delayMs: number,
  ) => Promise<{ readonly event: ProviderEvent; readonly isNew: boolean }>;
  readonly findEvent: (id: string) => Promise<ProviderEvent | null>;
  /** Stores that nothing is left to do for an event. */
  readonly markProcessed: (id: string) => Promise<void>;
  /** Deletes events that were processed longer ago; unprocessed ones stay for an operator. */
  readonly purge: (retentionMs: number) => Promise<void>;
};
