import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Variables } from '@cartograph/command';
import type { AppName } from '../../../tools/services.ts';
import type { Outcome } from '../../proofs/proof.ts';
import { toTable } from '../measure.ts';
import { runClosedLoop } from '../production/closed-loop.ts';
import { addProducts, registerCustomers } from '../production/customers.ts';
import { type ProductionShop, withProductionShop } from '../production/open-production-shop.ts';
import { makeShopClient } from '../production/shop-client.ts';
import { buyForReaders, makeOperations } from '../shop/operations.ts';
import { parsePss, parseRss } from './parse-memory.ts';

const PRODUCTS = 100;

/** The most that the processes of the apps may take together, in megabytes. */
const MAX_IDLE_MB = 900;
const MAX_LOADED_MB = 1_200;

/** V8 shrinks the heap of an idle process only after a while. */
const IDLE_MS = 30_000;

type Memory = Readonly<Record<AppName, number>>;

/** RSS counts the pages that the apps share, such as Node's program, for each app; PSS once. */
type Measured = { readonly rss: Memory; readonly pss: Memory };

const readMemory = ({ pids }: ProductionShop): Measured => {
  const read = (file: string, parse: (text: string) => number): Memory =>
    Object.fromEntries(
      Object.entries(pids).map(([app, pid]) => [
        app,
        parse(fs.readFileSync(`/proc/${pid}/${file}`, 'utf8')),
      ]),
    ) as Memory;
  return { rss: read('status', parseRss), pss: read('smaps_rollup', parsePss) };
};

const sumOf = (memory: Memory): number =>
  Object.values(memory).reduce((sum, megabytes) => sum + megabytes, 0);

/** A shop that has too much to do refuses requests, which is load as well. */
const throwUnlessRefused = (error: unknown): void => {
  if (!(error instanceof Error && error.message.includes(': 503 '))) throw error;
};

type Load = { readonly clients: number; readonly seconds: number };

/**
 * Measures the memory of the six apps: without requests, and after each operation was sent. Their
 * code has been compiled by an earlier start, as on each but the first start of a version.
 */
export const benchMemory = async (options: Load): Promise<Outcome> => {
  const compiled = fs.mkdtempSync(path.join(os.tmpdir(), 'cartograph-compiled-'));
  const env = { NODE_COMPILE_CACHE: compiled };
  try {
    await withProductionShop({ env }, async () => {});
    return await measureMemory(options, env);
  } finally {
    fs.rmSync(compiled, { recursive: true });
  }
};

const measureMemory = (options: Load, env: Variables): Promise<Outcome> =>
  withProductionShop({ env }, async (shop) => {
    await sleep(IDLE_MS);
    const idle = readMemory(shop);
    const client = makeShopClient(shop, options.clients);
    try {
      const shoppers = {
        client,
        products: await addProducts(shop, client, PRODUCTS),
        buyers: await registerCustomers(client, options.clients),
        readers: await registerCustomers(client, options.clients),
      };
      await buyForReaders(shoppers);
      for (const { send } of makeOperations(shoppers)) {
        const work = (index: number) => send(index).catch(throwUnlessRefused);
        await runClosedLoop({ ...options, operations: 1, work });
      }
    } finally {
      await client.close();
    }
    const loaded = readMemory(shop);
    const row = (name: string, memory: Memory): string[] => [
      name,
      ...[...Object.values(memory), sumOf(memory)].map((megabytes) => megabytes.toFixed(0)),
    ];
    const table = toTable([
      ['MB', ...Object.keys(idle.rss), 'sum'],
      row('idle', idle.rss),
      row('idle, PSS', idle.pss),
      row('loaded', loaded.rss),
      row('loaded, PSS', loaded.pss),
    ]);
    const held = sumOf(idle.rss) < MAX_IDLE_MB && sumOf(loaded.rss) < MAX_LOADED_MB;
    const limits = `idle below ${MAX_IDLE_MB} MB, loaded below ${MAX_LOADED_MB} MB`;
    return { held, report: `${table}\n${held ? 'held' : 'BROKEN'}: ${limits}` };
  });
