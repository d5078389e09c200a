import { eventually } from '@cartograph/testing';
import pg from 'pg';
import { findDifferences } from '../../tools/backup/find-differences.ts';
import type { Difference } from '../../tools/backup/judge-order.ts';
import type { ShopAccess } from './release.ts';

/** The services that publish events. */
const PUBLISHERS = ['order', 'payment', 'product'] as const;

const SETTLE_MS = 20_000;

type Clients = Readonly<Record<(typeof PUBLISHERS)[number], pg.Client>>;

const withClients = async <Result>(
  { databases }: ShopAccess,
  use: (clients: Clients) => Promise<Result>,
): Promise<Result> => {
  const clientOf = (name: string) =>
    new pg.Client(databases.find(({ service }) => service === name)?.databaseUrl);
  const clients: Clients = {
    order: clientOf('order'),
    payment: clientOf('payment'),
    product: clientOf('product'),
  };
  try {
    await Promise.all(Object.values(clients).map((client) => client.connect()));
    return await use(clients);
  } finally {
    await Promise.all(Object.values(clients).map((client) => client.end()));
  }
};

/**
 * Waits until the processes that run now have published all events: what they do in the background
 * works, too.
 * @throws when some stay
 */
export const waitForEvents = (shop: ShopAccess): Promise<void> =>
  withClients(shop, (clients) =>
    eventually(async () => {
      for (const service of PUBLISHERS) {
        const { rowCount } = await clients[service].query(
          'SELECT FROM events WHERE published_at IS NULL',
        );
        if (rowCount) throw new Error(`${rowCount} events of ${service} are not published`);
      }
    }, SETTLE_MS),
  );

/** Compares the records of all services, once nothing is in progress. @returns what differs */
export const checkRecords = (shop: ShopAccess): Promise<readonly string[]> =>
  withClients(shop, async (clients) => {
    let found: readonly Difference[] = [];
    await eventually(async () => {
      found = (await findDifferences(clients, 0)).differences;
      if (found.length > 0) throw new Error('records differ');
    }, SETTLE_MS).catch(() => {});
    return found.map(({ kind, orderId }) => `${kind}: order ${orderId}`);
  });
