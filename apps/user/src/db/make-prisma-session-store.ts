import { cutPage } from '@cartograph/pagination';
import type { RefreshDecision } from '../domain/refresh-token.ts';
import type { SessionStore } from '../domain/session-store.ts';
import type { StoredSession } from '../domain/session.ts';
import type { Prisma } from './generated/client.ts';
import type { Database } from './make-database.ts';
import { SESSION_COLUMNS, USER_COLUMNS } from './rows.ts';

type Transaction = Prisma.TransactionClient;

/** A session that was not revoked, has not expired and was used in the last `activeMs`. */
const whereActive = (now: Date, activeMs: number) => ({
  revokedAt: null,
  expiresAt: { gt: now },
  lastUsedAt: { gt: new Date(Math.max(0, now.getTime() - activeMs)) },
});

/**
 * Revokes the sessions that are not revoked yet. The database writes the time when the transaction
 * commits.
 * @returns the ids of those that were revoked now
 */
export const revokeSessions = async (
  tx: Pick<Transaction, 'session'>,
  where: Prisma.SessionWhereInput,
): Promise<readonly string[]> => {
  const rows = await tx.session.updateManyAndReturn({
    where: { ...where, revokedAt: null },
    data: { revokedAt: new Date() },
    select: { id: true },
  });
  return rows.map(({ id }) => id);
};

/** Concurrent refreshes of one token queue here; each sees what the one before it wrote. */
const lockToken = (tx: Transaction, hash: Uint8Array<ArrayBuffer>) =>
  tx.$queryRaw`SELECT 1 FROM refresh_tokens WHERE hash = ${hash} FOR UPDATE`;

const findToken = async (tx: Transaction, hash: Uint8Array<ArrayBuffer>) => {
  const row = await tx.refreshToken.findUnique({
    where: { hash },
    include: { session: { include: { user: { select: USER_COLUMNS } } } },
  });
  if (!row) return null;
  const { user, ...session } = row.session;
  return { session, user, expiresAt: row.expiresAt, usedAt: row.usedAt, successor: row.successor };
};

/** @returns the ids of the sessions that were revoked */
const execute = async (
  tx: Transaction,
  hash: Uint8Array<ArrayBuffer>,
  sessionId: string,
  decision: RefreshDecision,
  now: Date,
): Promise<readonly string[]> => {
  if (decision.kind === 'revoke') return revokeSessions(tx, { id: sessionId });
  if (decision.kind !== 'rotate') return [];
  await tx.refreshToken.update({
    where: { hash },
    data: { usedAt: now, successor: decision.successor },
  });
  await tx.refreshToken.create({
    data: { hash: decision.hash, sessionId, createdAt: now, expiresAt: decision.expiresAt },
  });
  await tx.session.update({ where: { id: sessionId }, data: { lastUsedAt: now } });
  return [];
};

/** Sessions that one sign-in revokes at most: there are more only after the limit was lowered. */
const MAX_SURPLUS = 1_000;

/**
 * Revokes the oldest sessions of an account beyond its limit, but not the new one.
 * @returns their ids
 */
const revokeOldest = async (
  tx: Transaction,
  { id, userId, createdAt: now }: Pick<StoredSession, 'id' | 'userId' | 'createdAt'>,
  maxSessions: number,
  activeMs: number,
): Promise<readonly string[]> => {
  const surplus = await tx.session.findMany({
    where: { id: { not: id }, userId, ...whereActive(now, activeMs) },
    // Ids are UUIDv7: the order of sign-ins.
    orderBy: { id: 'desc' },
    skip: maxSessions - 1,
    take: MAX_SURPLUS,
    select: { id: true },
  });
  if (surplus.length === 0) return [];
  return revokeSessions(tx, { id: { in: surplus.map((session) => session.id) } });
};

/**
 * Stores sessions in the user database.
 * @param activeMs how long after its last use a session can still be used
 * @param onRevoked receives the sessions that this process revoked, after the commit
 */
export const makePrismaSessionStore = (
  { prisma }: Database,
  activeMs: number,
  onRevoked: (ids: readonly string[]) => void = () => {},
): SessionStore => ({
  insertSession: async (session, { hash, expiresAt }, { passwordHash, role }, maxSessions) => {
    const revoked = await prisma.$transaction(async (tx) => {
      // Serialises with changes of the password or role, which revoke this session if they come
      // later, and with other sign-ins, so that each counts the sessions of those before it.
      const [row] = await tx.$queryRaw<{ password_hash: string; role: string }[]>`
        SELECT password_hash, role FROM users WHERE id = ${session.userId}::uuid FOR NO KEY UPDATE`;
      if (row?.password_hash !== passwordHash || row.role !== role) return null;
      await tx.session.create({
        data: {
          ...session,
          refreshTokens: { create: { hash, expiresAt, createdAt: session.createdAt } },
        },
      });
      return revokeOldest(tx, session, maxSessions, activeMs);
    });
    onRevoked(revoked ?? []);
    return revoked !== null;
  },

  refresh: async (hash, decide) => {
    const { revoked, ...result } = await prisma.$transaction(async (tx) => {
      await lockToken(tx, hash);
      const stored = await findToken(tx, hash);
      const now = new Date();
      const decision = decide(stored, now);
      const revoked = stored ? await execute(tx, hash, stored.session.id, decision, now) : [];
      return { decision, now, stored, revoked };
    });
    onRevoked(revoked);
    return result;
  },

  listSessions: (userId, now, limit) =>
    prisma.session.findMany({
      where: { userId, ...whereActive(now, activeMs) },
      orderBy: [{ lastUsedAt: 'desc' }, { id: 'desc' }],
      take: limit,
      select: SESSION_COLUMNS,
    }),

  pageSessions: async (userId, now, { direction, size, from }) => {
    const isForward = direction === 'FORWARD';
    const next = from !== null && { id: isForward ? { lt: from } : { gt: from } };
    const rows = await prisma.session.findMany({
      where: { userId, ...whereActive(now, activeMs), ...next },
      orderBy: { id: isForward ? 'desc' : 'asc' },
      take: size + 1,
      select: SESSION_COLUMNS,
    });
    return cutPage(rows, size);
  },

  findActiveIds: async (ids, now) => {
    const rows = await prisma.session.findMany({
      where: { id: { in: [...ids] }, ...whereActive(now, activeMs) },
      select: { id: true },
    });
    return rows.map(({ id }) => id);
  },

  findSessionIdOfToken: async (hash) => {
    const row = await prisma.refreshToken.findUnique({
      where: { hash },
      select: { sessionId: true },
    });
    return row?.sessionId ?? null;
  },

  endSessions: async ({ sessionId, ...owner }) => {
    const where = { ...owner, ...(sessionId !== undefined && { id: sessionId }) };
    const ids = await revokeSessions(prisma, where);
    onRevoked(ids);
    return ids.length;
  },
});
