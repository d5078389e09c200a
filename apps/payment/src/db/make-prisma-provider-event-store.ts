import { deleteInBatches } from '@cartograph/jobs';
import type { ProviderEvent, ProviderEventStore } from '../domain/provider-event-store.ts';
import type { ProviderEvent as ProviderEventRow } from './generated/client.ts';
import { planJob } from './jobs.ts';
import type { Database } from './make-database.ts';

const toEvent = ({ processedAt: _, chargeRef, ...row }: ProviderEventRow): ProviderEvent => ({
  ...row,
  chargeReference: chargeRef,
});

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

  purge: async (retentionMs) => {
    await deleteInBatches(
      (limit) => database.$executeRaw`
        DELETE FROM provider_events WHERE id IN (
          SELECT id FROM provider_events
          WHERE processed_at < now() - make_interval(secs => ${retentionMs / 1_000}::float)
          ORDER BY processed_at LIMIT ${limit}
          FOR UPDATE SKIP LOCKED
        )`,
    );
  },
});
