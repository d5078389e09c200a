import type { Transaction } from '@cartograph/jobs';
import { makeEvent, type EventDraft } from './cloud-event.ts';

/**
 * Writes events into the outbox, in the transaction of their cause: both are there, or neither.
 * They are carried from there, in this order. It is one statement, and none without events.
 */
export const writeEvents = async (
  tx: Transaction,
  drafts: readonly EventDraft[],
): Promise<void> => {
  if (drafts.length === 0) return;
  const envelopes = JSON.stringify(drafts.map(makeEvent));
  await tx.$executeRaw`
    INSERT INTO events (id, envelope, created_at)
    SELECT (envelope->>'id')::uuid, envelope, (envelope->>'time')::timestamptz
    FROM jsonb_array_elements(${envelopes}::jsonb) WITH ORDINALITY AS given(envelope, place)
    ORDER BY place`;
};
