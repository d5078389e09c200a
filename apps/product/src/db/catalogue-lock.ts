import type { Prisma } from './generated/client.ts';

/** Any number that no other lock of this database has. */
const CATALOGUE_LOCK = 7_001;

/**
 * Lets changes of the catalogue happen one after another, to the end of the transaction. Each one
 * also changes shared rows (the words, the shelves): two at once could wait for each other. Stock,
 * which moves with every order, does not wait for this.
 */
export const lockCatalogue = async (tx: Prisma.TransactionClient): Promise<void> => {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(${CATALOGUE_LOCK})`;
};
