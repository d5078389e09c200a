import { v7 as makeId } from 'uuid';
import { makeDatabase } from '../../apps/user/src/db/make-database.ts';
import { makePrismaUserStore } from '../../apps/user/src/db/make-prisma-user-store.ts';
import { DEMO_ACCOUNTS } from '../../apps/user/src/domain/demo-accounts.ts';
import { makePasswordHasher } from '../../apps/user/src/domain/password-hasher.ts';

/** Opens the demo accounts that are missing. @returns how many */
export const seedAccounts = async (databaseUrl: string): Promise<number> => {
  const database = makeDatabase({ databaseUrl, databasePoolSize: 2 });
  try {
    const store = makePrismaUserStore(database);
    let added = 0;
    for (const { email, password, role } of DEMO_ACCOUNTS) {
      if (await store.findCredentials(email)) continue;
      const hasher = await makePasswordHasher({ concurrency: 1, queue: 0 });
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
    await database.$disconnect();
  }
};
