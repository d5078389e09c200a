import { randomUUID } from 'node:crypto';
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually, makeTestDatabase } from '@cartograph/testing';
import { dumpShop } from '../../tools/backup/dump-shop.ts';
import { findDifferences } from '../../tools/backup/find-differences.ts';
import { restoreDatabase } from '../../tools/backup/restore-shop.ts';
import { checkOrder } from '../proofs/crash/check-ledger.ts';
import { findImbalances, readProducts } from '../sandbox/ledger.ts';
import type { Sandbox } from '../sandbox/open-sandbox.ts';
import { withSandbox } from '../sandbox/open-sandboxes.ts';
import type { ServiceName } from '../sandbox/service-process.ts';
import { addressesOf, copyProvider, restoreDatabases, withClients } from './prepare-databases.ts';
import { runLoad } from './run-load.ts';
import { settleShop } from './settle-shop.ts';

const SERVICES: readonly ServiceName[] = ['user', 'product', 'order', 'payment'];
const ENV = { SIMULATOR_DELAY_MS: '500', RESERVATION_SWEEP_MS: '1000' };

const START_STOCK = 10_000;
const PRODUCTS = 5;
const CUSTOMERS = 8;
/** Orders that are done before the backup, and after it. */
const ORDERS = 25;

const account = { email: `${randomUUID()}@example.com`, password: 'correct horse battery' };

let folder: string;

beforeAll(async () => {
  folder = await fs.mkdtemp(path.join(os.tmpdir(), 'cartograph-backup-'));
});

afterAll(() => fs.rm(folder, { recursive: true }));

const untilDone = (done: () => number, count: number) =>
  eventually(() => {
    if (done() < count) throw new Error(`${done()} orders are done`);
  }, 60_000);

/** Charges of the provider that the restored shop knows nothing of. */
const findUnknownCharges = ({ databases }: Sandbox) =>
  databases.payment.query<{ orderId: string; at: Date }>(
    `SELECT split_part(idempotency_key, ':', 1) AS "orderId", created_at AS at
     FROM simulator_charges WHERE NOT EXISTS (
       SELECT FROM payments WHERE order_id::text = split_part(idempotency_key, ':', 1)
       AND failure_code IS DISTINCT FROM 'not_started')`,
  );

describe('a backup of all databases, made while customers buy', () => {
  it('is restored into an empty shop: every order ends, stock and money balance', async () => {
    const backup = path.join(folder, 'backup');
    const { restored, at, ordered } = await withSandbox(
      { services: SERVICES, env: ENV },
      async (shop) => {
        const products = await Promise.all(
          Array.from({ length: PRODUCTS }, () => shop.addProduct({ stock: START_STOCK })),
        );
        await shop.send('register', account);
        const load = runLoad(shop, products, CUSTOMERS);
        await untilDone(load.done, ORDERS);
        const { manifest } = await dumpShop(addressesOf(shop.databases), backup);
        await untilDone(load.done, load.done() + ORDERS);
        await load.stop();
        const databases = await restoreDatabases(SERVICES, () => backup);
        await copyProvider(shop.databases.payment, databases.payment);
        const all = await shop.databases.order.query('SELECT FROM orders');
        return { restored: databases, at: new Date(manifest.at), ordered: all.length };
      },
    );

    // A payment may have been started and not requested yet; nothing else may differ.
    const early = await withClients(restored, (clients) => findDifferences(clients, 0));
    expect(early.differences.filter(({ kind }) => kind !== 'payment missing')).toEqual([]);

    const makeDatabase = async (service: ServiceName) => restored[service];
    await withSandbox({ services: SERVICES, env: ENV, makeDatabase }, async (shop) => {
      const orders = await settleShop(shop);
      expect(orders.length).toBeGreaterThan(ORDERS / 2);
      expect(orders.length).toBeLessThan(ordered);
      const charges = await findUnknownCharges(shop);
      expect(charges.filter((charge) => charge.at < at)).toEqual([]);
      const lost = new Set(charges.map(({ orderId }) => orderId));
      const known = orders.filter(({ id }) => !lost.has(id));
      expect(known.flatMap((order) => checkOrder(order))).toEqual([]);

      const entries = await readProducts(shop);
      expect(findImbalances(entries)).toEqual([]);
      expect(entries.map(({ stock, held, sold }) => ({ units: stock + sold, held }))).toEqual(
        entries.map(() => ({ units: START_STOCK, held: 0 })),
      );
      const late = await withClients(restored, (clients) => findDifferences(clients, 0));
      expect(late).toEqual({ orders: orders.length, differences: [] });
      expect(await shop.send('login', account)).toMatchObject({ __typename: 'Session' });
    });
  }, 300_000);

  it('is restored into a database without tables, but not over rows', async () => {
    const backup = path.join(folder, 'backup');
    const order = await makeTestDatabase();
    const target = { service: 'order', databaseUrl: order.url } as const;
    expect(await restoreDatabase(target, backup)).toBeGreaterThan(ORDERS);
    await expect(restoreDatabase(target, backup)).rejects.toThrow('is not empty: nothing was done');
    await order.drop();
  });
});
