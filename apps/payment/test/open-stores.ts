import { makeTestDatabase } from '@cartograph/testing';
import { makeDatabase } from '../src/db/make-database.ts';
import { makePrismaPaymentStore } from '../src/db/make-prisma-payment-store.ts';
import { makePrismaRefundStore } from '../src/db/make-prisma-refund-store.ts';

/** Opens the stores of payments and refunds on a database of their own, without a server. */
export const openStores = async () => {
  const testDatabase = await makeTestDatabase('payment');
  const { database, pool, close } = makeDatabase({
    databaseUrl: testDatabase.url,
    databasePoolSize: 3,
  });
  return {
    testDatabase,
    payments: makePrismaPaymentStore(database, pool),
    refunds: makePrismaRefundStore(database, pool),
    close: async (): Promise<void> => {
      await close();
      await testDatabase.drop();
    },
  };
};

export type Stores = Awaited<ReturnType<typeof openStores>>;
