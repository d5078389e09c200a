import { expect, it } from 'vitest';
import { measureShop } from './bench-shop.ts';

it('counts the SQL, the calls and the CPU of a purchase and a page, and of their floors', async () => {
  const rows = await measureShop({
    only: ['page', 'purchase'],
    clients: 2,
    // So many that what an idle shop does meanwhile is a small part, also on a busy machine.
    operations: 40,
    seconds: 1,
    warmUp: 1,
    settle: 1,
  });
  const [page, purchase, pageFloor, purchaseFloor] = rows;
  expect(rows.map(({ name }) => name)).toEqual([
    'page',
    'purchase',
    'floor: page',
    'floor: purchase',
  ]);
  for (const row of rows) expect(row.operations).toBeGreaterThanOrEqual(40);
  // What an idle shop uses is subtracted: after a second of it on a busy machine, that may be more.
  const apps = ['user', 'product', 'order', 'payment', 'router', 'rest'];
  for (const row of rows) expect(Object.keys(row.cpuMs)).toEqual(expect.arrayContaining(apps));
  // The floor's own process is not part of the idle shop.
  for (const row of [pageFloor, purchaseFloor]) expect(row?.cpuMs['floor']).toBeGreaterThan(0);
  expect(page?.statements['product']).toBeCloseTo(1, 0);
  expect(page?.calls['product']).toBeCloseTo(1, 0);
  expect(pageFloor?.statements['product']).toBeCloseTo(1, 0);
  // The router calls the order service twice.
  expect(purchase?.calls['order']).toBeGreaterThan(1.5);
  for (const database of ['order', 'product', 'payment']) {
    expect(purchase?.statements[database]).toBeGreaterThan(1);
    expect(purchaseFloor?.statements[database]).toBeGreaterThan(2.5);
  }
  // On a busy machine six processes take a minute to start.
}, 300_000);
