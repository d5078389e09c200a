import { problem } from '@cartograph/errors';
import { onConstraint } from '@cartograph/postgres';
import type { UserStore } from '../domain/user-store.ts';
import type { Database } from './make-database.ts';
import { revokeSessions } from './make-prisma-session-store.ts';
import { findCredentials, findUsers } from './read-users.ts';
import { USER_COLUMNS } from './rows.ts';

/** `npm start` makes fewer; enough for an error message. */
const MAX_DEMO_EMAILS = 10;

/**
 * Stores accounts in the user database.
 * @param onRevoked receives the sessions that this process revoked, after the commit
 */
export const makePrismaUserStore = (
  { prisma, pool }: Database,
  onRevoked: (ids: readonly string[]) => void = () => {},
): UserStore => ({
  insertUser: (user, passwordHash, { isDemo } = { isDemo: false }) =>
    prisma.user
      .create({ data: { ...user, passwordHash, isDemo }, select: USER_COLUMNS })
      .catch(onConstraint('users_email_key', () => problem('EMAIL_TAKEN'))),

  findUsers: (ids) => findUsers(pool, ids),

  findDemoEmails: async () => {
    const rows = await prisma.user.findMany({
      where: { isDemo: true },
      select: { email: true },
      take: MAX_DEMO_EMAILS,
    });
    return rows.map(({ email }) => email);
  },

  findCredentials: (email) => findCredentials(pool, email),

  updateName: async (id, name) => {
    const [user] = await prisma.user.updateManyAndReturn({
      where: { id },
      data: { name, updatedAt: new Date() },
      select: USER_COLUMNS,
    });
    return user ?? null;
  },

  updateRole: async (email, role) => {
    const ids = await prisma.$transaction(async (tx) => {
      // Serialises with a concurrent sign-in, which opens no session after this.
      const [user] = await tx.$queryRaw<{ id: string }[]>`
        SELECT id FROM users WHERE email = ${email} FOR UPDATE`;
      if (!user) return null;
      const revoked = await revokeSessions(tx, { userId: user.id });
      await tx.user.update({ where: { id: user.id }, data: { role, updatedAt: new Date() } });
      return revoked;
    });
    onRevoked(ids ?? []);
    return ids && ids.length;
  },

  updatePassword: async ({ userId, oldHash, newHash, keepSessionId }) => {
    const ids = await prisma.$transaction(async (tx) => {
      const { count: changed } = await tx.user.updateMany({
        where: { id: userId, passwordHash: oldHash },
        data: { passwordHash: newHash, updatedAt: new Date() },
      });
      return changed === 0 ? null : revokeSessions(tx, { userId, id: { not: keepSessionId } });
    });
    onRevoked(ids ?? []);
    return ids && ids.length;
  },

  rehash: async (userId, oldHash, newHash) => {
    await prisma.user.updateMany({
      where: { id: userId, passwordHash: oldHash },
      data: { passwordHash: newHash },
    });
  },
});
