import type { Prisma } from './generated/client.ts';

/**
 * Revokes the sessions that are not revoked yet. The database writes the time when the transaction
 * commits.
 * @returns the ids of those that were revoked now
 */
export const revokeSessions = async (
  tx: Pick<Prisma.TransactionClient, 'session'>,
  where: Prisma.SessionWhereInput,
): Promise<readonly string[]> => {
  const rows = await tx.session.updateManyAndReturn({
    where: { ...where, revokedAt: null },
    data: { revokedAt: new Date() },
    select: { id: true },
  });
  return rows.map(({ id }) => id);
};
