import { NIL, v7 as makeId } from 'uuid';
import { makeDatabase } from '../../apps/user/src/db/make-database.ts';
import { makePrismaUserStore } from '../../apps/user/src/db/make-prisma-user-store.ts';
import {
  makePasswordHasher,
  type PasswordHasher,
} from '../../apps/user/src/domain/password-hasher.ts';
import type { UserStore } from '../../apps/user/src/domain/user-store.ts';
import type { DemoAccount } from '../start/demo-passwords.ts';

type Tools = { readonly store: UserStore; readonly hasher: PasswordHasher };

/**
 * Gives an account that is there the password of this start in place of one that an earlier start
 * gave it, and ends its sessions. A password that a person chose stays.
 */
const changePassword = async (
  { store, hasher }: Tools,
  { password, formerPasswords }: DemoAccount,
  { user, passwordHash: oldHash }: NonNullable<Awaited<ReturnType<UserStore['findCredentials']>>>,
): Promise<void> => {
  for (const former of formerPasswords) {
    if (!(await hasher.verify(former, oldHash))) continue;
    const newHash = await hasher.hash(password);
    await store.updatePassword({ userId: user.id, oldHash, newHash, keepSessionId: NIL });
    return;
  }
};

/** Adds the demo accounts that are missing, and sets the passwords of all. @returns how many it added */
export const seedAccounts = async (
  databaseUrl: string,
  accounts: readonly DemoAccount[],
): Promise<number> => {
  const database = makeDatabase({ databaseUrl, databasePoolSize: 2 });
  try {
    const store = makePrismaUserStore(database);
    const hasher = await makePasswordHasher({ concurrency: 1, queue: 0 });
    let added = 0;
    for (const account of accounts) {
      const { email, password, role } = account;
      const found = await store.findCredentials(email);
      if (found) {
        await changePassword({ store, hasher }, account, found);
        continue;
      }
      const now = new Date();
      await store.insertUser(
        { id: makeId(), email, name: null, role, createdAt: now, updatedAt: now },
        await hasher.hash(password),
        { isDemo: true },
      );
      added += 1;
    }
    return added;
  } finally {
    await database.close();
  }
};
