import type { PaymentCloudEvent } from '../domain/payment-event.ts';
import type { Prisma } from './generated/client.ts';

/** Stores an event in the transaction of its cause; it is carried later. */
export const storeEvent = async (
  tx: Prisma.TransactionClient,
  envelope: PaymentCloudEvent,
): Promise<void> => {
  await tx.event.createMany({
    data: [{ id: envelope.id, envelope, createdAt: new Date(envelope.time) }],
  });
};
