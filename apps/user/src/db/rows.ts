import { showRows } from '@cartograph/pagination';
import { makeEnumReader } from '@cartograph/postgres';
import {
  findDateFault,
  makeRowIsolatingReader,
  makeRowFilter,
  type ReportFault,
} from '@cartograph/validation';
import type { ActiveSession } from '../domain/session.ts';
import type { Sessions } from '../domain/sessions.ts';
import type { User } from '../domain/user.ts';
import type { Users } from '../domain/users.ts';

/** The columns of an account that the domain reads: never the password hash. */
export const USER_COLUMNS = {
  id: true,
  email: true,
  name: true,
  role: true,
  createdAt: true,
  updatedAt: true,
} as const;

/** Selects the columns of `USER_COLUMNS` under the names that Prisma uses. */
export const USER_SELECTION = `id, email, name, role::text, created_at AS "createdAt",
  updated_at AS "updatedAt"`;

/** The columns of a session that its owner sees. */
export const SESSION_COLUMNS = {
  id: true,
  userId: true,
  device: true,
  createdAt: true,
  lastUsedAt: true,
} as const;

/** A newer version may have stored other roles. */
const ROLES: ReadonlySet<User['role']> = new Set(['USER', 'ADMIN']);

const readRole = makeEnumReader('role', [...ROLES]);

/** An account as it is stored. @throws for a role that this version does not know, as Prisma does */
export const toKnownUser = (row: User): User => ({ ...row, role: readRole(row.role) });

const findUserFault = ({ role, createdAt, updatedAt }: User): string | null =>
  ROLES.has(role) ? findDateFault([createdAt, updatedAt]) : 'role: is not known';

const findSessionFault = ({ createdAt, lastUsedAt }: ActiveSession): string | null =>
  findDateFault([createdAt, lastUsedAt]);

/**
 * Accounts as clients read them: rows that cannot be displayed are left out and reported.
 * @param isUnreadable whether a read failed because of what is in a row
 */
export const hideFaultyUsers = <Given extends Pick<Users, 'findUsers'>>(
  users: Given,
  report: ReportFault,
  isUnreadable: (error: unknown) => boolean,
): Given => {
  const isShown = makeRowFilter<User>(report, {
    table: 'users',
    idOf: ({ id }) => id,
    findFault: findUserFault,
  });
  const find = makeRowIsolatingReader(report, {
    table: 'users',
    find: users.findUsers,
    isUnreadable,
  });
  return { ...users, findUsers: async (ids) => (await find(ids)).filter(isShown) };
};

/** Sessions as their owners read them: rows that cannot be displayed are left out and reported. */
export const hideFaultySessions = <Given extends Pick<Sessions, 'list' | 'page'>>(
  sessions: Given,
  report: ReportFault,
): Given => {
  const isShown = makeRowFilter<ActiveSession>(report, {
    table: 'sessions',
    idOf: ({ id }) => id,
    findFault: findSessionFault,
  });
  return {
    ...sessions,
    list: async (userId) => (await sessions.list(userId)).filter(isShown),
    page: async (...args) =>
      showRows(await sessions.page(...args), (session) => (isShown(session) ? session : null)),
  };
};
