/**
 * `node e2e/upgrade/make-old-state.ts CHECKOUT`: runs the services of commit 94e3a95, the last one
 * whose work was all in jobs, stops them with work in progress, and writes their databases to
 * `old-state/`. CHECKOUT is a working copy of that commit with its packages (`npm ci`) and its
 * generated files (`npm run generate:prisma`).
 */
import fs from 'node:fs/promises';
import path from 'node:path';
import { Client } from 'pg';
import { dumpDatabase } from './dump-database.ts';
import { makeOldOrders, type OldOrder } from './make-old-orders.ts';
import { openOldWorld } from './old-world.ts';

/** For how long the services are stopped: pending payments are settled, and orders are overdue. */
const DOWN_MS = 13 * 60_000;

const TARGET = path.join(import.meta.dirname, 'old-state');

const [checkout] = process.argv.slice(2);
if (checkout === undefined) throw new Error('where is the checkout of 94e3a95?');

const world = await openOldWorld(path.resolve(checkout));
try {
  const orders: readonly OldOrder[] = await makeOldOrders(world);
  const urls = await world.stopServices();
  const stoppedAt = new Date(Date.now() + DOWN_MS);
  for (const [service, url] of Object.entries(urls)) {
    const client = new Client(url);
    await client.connect();
    await fs.writeFile(path.join(TARGET, `${service}.sql`), await dumpDatabase(client, stoppedAt));
    await client.end();
  }
  await fs.writeFile(path.join(TARGET, 'orders.json'), `${JSON.stringify(orders, null, 2)}\n`);
  console.log(`${orders.length} orders written to ${TARGET}`);
} finally {
  await world.close();
}
