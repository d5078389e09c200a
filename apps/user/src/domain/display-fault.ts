import { showRows } from '@cartograph/pagination';
import {
  findDateFault,
  makeRowIsolatingReader,
  makeRowFilter,
  type ReportFault,
} from '@cartograph/validation';
import type { ActiveSession } from './session.ts';
import type { Sessions } from './sessions.ts';
import type { User } from './user.ts';
import type { Users } from './users.ts';

/** A newer version may have stored another one already. */
const ROLES: ReadonlySet<User['role']> = new Set(['USER', 'ADMIN']);

/** Why a stored account can't be written into an answer; null when it can. */
export const findUserFault = ({ role, createdAt, updatedAt }: User): string | null =>
  ROLES.has(role) ? findDateFault([createdAt, updatedAt]) : 'role: is not known';

/** Why a stored session can't be written into an answer; null when it can. */
export const findSessionFault = ({ createdAt, lastUsedAt }: ActiveSession): string | null =>
  findDateFault([createdAt, lastUsedAt]);

/**
 * Accounts as clients read them: what can't be shown is left out and reported.
 * @param isUnreadable whether a read failed for what is in a row
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

/** Sessions as their owners read them: what can't be shown is left out and reported. */
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
