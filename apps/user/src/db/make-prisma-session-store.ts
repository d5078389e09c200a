import { cutPage } from '@cartograph/pagination';
import type { RefreshDecision } from '../domain/refresh-token.ts';
import type { StoredSession } from '../domain/session.ts';
import type { SessionStore } from '../domain/user-store.ts';
import type { Prisma } from './generated/client.ts';
import type { Database } from './make-database.ts';
import { revokeSessions } from './revoke-sessions.ts';
import { USER_COLUMNS } from './user-columns.ts';

/** A session that was not revoked and is not past its end. */
const whereActive = (now: Date) => ({ revokedAt: null, expiresAt: { gt: now } });

type Transaction = Prisma.TransactionClient;

const SESSION_COLUMNS = {
  id: true,
  userId: true,
  device: true,
  createdAt: true,
  lastUsedAt: true,
} as const;

/** Those who meet at one row wait in line: longer than Prisma's defaults of 2 s and 5 s. */
const PATIENCE = { maxWait: 10_000, timeout: 15_000 };

/** Concurrent refreshes of one token wait here in line; each sees what the one before it did. */
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

const carryOut = async (
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

/** Sessions that one sign-in ends: more are there only after the limit was made smaller. */
const MAX_SURPLUS = 1_000;

/**
 * Revokes the oldest sessions of an account that has more than it may, the new one aside.
 * @returns their ids
 */
const revokeOldest = async (
  tx: Transaction,
  { id, userId, createdAt: now }: Pick<StoredSession, 'id' | 'userId' | 'createdAt'>,
  maxSessions: number,
): Promise<readonly string[]> => {
  const surplus = await tx.session.findMany({
    where: { id: { not: id }, userId, ...whereActive(now) },
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
 * Keeps sessions in the user database.
 * @param onRevoked is told of sessions that this process revoked, once that is committed
 */
export const makePrismaSessionStore = (
  database: Database,
  onRevoked: (ids: readonly string[]) => void = () => {},
): SessionStore => ({
  insertSession: async (session, { hash, expiresAt }, { passwordHash, role }, maxSessions) => {
    const revoked = await database.$transaction(async (tx) => {
      // A change of password or role waits until the session is there to be ended, or is waited for.
      // So do other sign-ins to the account: each counts the sessions of those before it.
      const [row] = await tx.$queryRaw<{ password_hash: string; role: string }[]>`
        SELECT password_hash, role FROM users WHERE id = ${session.userId}::uuid FOR NO KEY UPDATE`;
      if (row?.password_hash !== passwordHash || row.role !== role) return null;
      await tx.session.create({
        data: {
          ...session,
          refreshTokens: { create: { hash, expiresAt, createdAt: session.createdAt } },
        },
      });
      return revokeOldest(tx, session, maxSessions);
    }, PATIENCE);
    onRevoked(revoked ?? []);
    return revoked !== null;
  },

  refresh: async (hash, now, decide) => {
    const { revoked, ...result } = await database.$transaction(async (tx) => {
      await lockToken(tx, hash);
      const stored = await findToken(tx, hash);
      const decision = decide(stored);
      const revoked = stored ? await carryOut(tx, hash, stored.session.id, decision, now) : [];
      return { decision, stored, revoked };
    }, PATIENCE);
    onRevoked(revoked);
    return result;
  },

  listSessions: (userId, now, limit) =>
    database.session.findMany({
      where: { userId, ...whereActive(now) },
      orderBy: [{ lastUsedAt: 'desc' }, { id: 'desc' }],
      take: limit,
      select: SESSION_COLUMNS,
    }),

  pageSessions: async (userId, now, { first, after }) => {
    const rows = await database.session.findMany({
      where: { userId, ...whereActive(now), ...(after !== null && { id: { lt: after } }) },
      orderBy: { id: 'desc' },
      take: first + 1,
      select: SESSION_COLUMNS,
    });
    return cutPage(rows, first);
  },

  findActiveIds: async (ids, now) => {
    const rows = await database.session.findMany({
      where: { id: { in: [...ids] }, ...whereActive(now) },
      select: { id: true },
    });
    return rows.map(({ id }) => id);
  },

  findSessionIdOfToken: async (hash) => {
    const row = await database.refreshToken.findUnique({
      where: { hash },
      select: { sessionId: true },
    });
    return row?.sessionId ?? null;
  },

  endSessions: async ({ sessionId, ...owner }) => {
    const where = { ...owner, ...(sessionId !== undefined && { id: sessionId }) };
    const ids = await revokeSessions(database, where);
    onRevoked(ids);
    return ids.length;
  },
});
