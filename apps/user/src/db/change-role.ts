import type { Role } from '@cartograph/auth';
import type { Database } from './make-database.ts';
import { revokeSessions } from './revoke-sessions.ts';

/**
 * Gives an account a role and revokes its sessions, for their access tokens name the former one: all
 * of it or nothing.
 * @returns how many sessions were revoked; null when there is no such account
 */
export const changeRole = (database: Database, email: string, role: Role): Promise<number | null> =>
  database.$transaction(async (tx) => {
    // A sign-in that is under way waits here, or is waited for: it opens no session after this.
    const [user] = await tx.$queryRaw<{ id: string }[]>`
      SELECT id FROM users WHERE email = ${email} FOR UPDATE`;
    if (!user) return null;
    const revoked = await revokeSessions(tx, { userId: user.id });
    await tx.user.update({ where: { id: user.id }, data: { role, updatedAt: new Date() } });
    return revoked.length;
  });
