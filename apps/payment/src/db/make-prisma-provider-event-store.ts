import type { ProviderEvent, ProviderEventStore } from '../domain/provider-events.ts';
import type { ProviderEvent as ProviderEventRow } from './generated/client.ts';
import { planJob } from './jobs.ts';
import type { Database } from './make-database.ts';

const toEvent = (row: ProviderEventRow): ProviderEvent => ({
  id: row.id,
  provider: row.provider,
  eventId: row.eventId,
  chargeKey: row.chargeKey,
  chargeReference: row.chargeRef,
  receivedAt: row.receivedAt,
});

/** Keeps what providers tell in the payment database. */
export const makePrismaProviderEventStore = (database: Database): ProviderEventStore => ({
  insertEvent: ({ chargeReference, ...event }) =>
    database.$transaction(async (tx) => {
      const { provider, eventId } = event;
      const { count } = await tx.providerEvent.createMany({
        data: [{ ...event, chargeRef: chargeReference }],
        skipDuplicates: true,
      });
      if (count === 1) await planJob(tx, 'process_event', event.id);
      const row = await tx.providerEvent.findUniqueOrThrow({
        where: { provider_eventId: { provider, eventId } },
      });
      return { event: toEvent(row), isNew: count === 1 };
    }),

  findEvent: async (id) => {
    const row = await database.providerEvent.findUnique({ where: { id } });
    return row && toEvent(row);
  },

  markProcessed: async (id) => {
    await database.providerEvent.update({ where: { id }, data: { processedAt: new Date() } });
  },
});

/** How long events that were processed are kept: longer than any provider repeats one. */
const KEPT_DAYS = 30;

const BATCH = 1_000;

/** Deletes events that were processed long ago; one that was not is left for a person to look at. */
export const forgetProviderEvents = async (database: Database): Promise<void> => {
  let count: number;
  do {
    count = await database.$executeRaw`
      DELETE FROM provider_events WHERE id IN (
        SELECT id FROM provider_events
        WHERE processed_at < now() - make_interval(days => ${KEPT_DAYS}::int)
        ORDER BY processed_at LIMIT ${BATCH}
      )`;
  } while (count === BATCH);
};
