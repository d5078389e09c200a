import { problem } from '@cartograph/errors';
import type { UserStore } from '../domain/user-store.ts';
import { Prisma } from './generated/client.ts';
import type { Database } from './make-database.ts';

const USER_COLUMNS = {
  id: true,
  email: true,
  role: true,
  createdAt: true,
  updatedAt: true,
} as const;

/** P2002: a unique constraint refused the row. The address is the only one an account can break. */
const isTaken = (error: unknown): boolean =>
  error instanceof Prisma.PrismaClientKnownRequestError && error.code === 'P2002';

/** Keeps accounts in the user database. */
export const makePrismaUserStore = (database: Database): UserStore => ({
  insertUser: async (user, passwordHash) => {
    try {
      return await database.user.create({ data: { ...user, passwordHash }, select: USER_COLUMNS });
    } catch (error) {
      if (isTaken(error)) return problem('EMAIL_TAKEN');
      throw error;
    }
  },

  findUsers: (ids) =>
    database.user.findMany({ where: { id: { in: [...ids] } }, select: USER_COLUMNS }),

  findCredentials: async (email) => {
    const row = await database.user.findUnique({
      where: { email },
      select: { ...USER_COLUMNS, passwordHash: true },
    });
    if (!row) return null;
    const { passwordHash, ...user } = row;
    return { user, passwordHash };
  },

  insertSession: async (session) => {
    const { refreshTokenHash, refreshTokenExpiresAt, ...row } = session;
    await database.session.create({
      data: {
        ...row,
        refreshTokens: {
          create: {
            hash: refreshTokenHash,
            createdAt: session.createdAt,
            expiresAt: refreshTokenExpiresAt,
          },
        },
      },
    });
  },
});
