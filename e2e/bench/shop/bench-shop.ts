import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Outcome } from '../../proofs/proof.ts';
import { runClosedLoop } from '../production/closed-loop.ts';
import { addProducts, registerCustomers } from '../production/customers.ts';
import {
  type ProductionShop,
  ROOT,
  withProductionShop,
} from '../production/open-production-shop.ts';
import { makeShopClient, type ShopClient } from '../production/shop-client.ts';
import { measureHive } from '../hive/measure-hive.ts';
import { checkResultFile, readResultFile } from '../result-file.ts';
import type { Figures, Run } from './figures.ts';
import { judge } from './limits.ts';
import { measureIdle, type Measuring, measureOperation, settleMsOf } from './measure-operation.ts';
import { buySample, measureFloors } from './measure-floor.ts';
import { buyForReaders, makeOperations } from './operations.ts';
import { breakDown, compareFloors, compareRuns, listQueries, summarize } from './report.ts';

const PRODUCTS = 100;

/** For the time of one run. */
const HIVE_SECRET = randomBytes(32).toString('hex');

/** The options of the command line. */
export type ShopOptions = {
  readonly clients: number;
  readonly seconds: number;
  readonly operations: number;
  readonly warmUp: number;
  readonly settle: number;
  readonly only?: readonly string[];
  readonly checkout?: string;
  readonly json?: string;
  readonly compare?: string;
  readonly queries?: boolean;
  readonly profile?: string;
  readonly hive?: boolean;
};

const commitOf = (checkout: string): string =>
  execFileSync('git', ['describe', '--always', '--dirty'], { cwd: checkout, encoding: 'utf8' });

const measureAll = async (
  shop: ProductionShop,
  client: ShopClient,
  options: ShopOptions,
): Promise<readonly Figures[]> => {
  const { clients, seconds, operations, warmUp, only = [] } = options;
  const measuring: Measuring = { clients, seconds, operations, settleMs: options.settle * 1000 };
  const shoppers = {
    client,
    products: await addProducts(shop, client, PRODUCTS),
    buyers: await registerCustomers(client, clients),
    readers: await registerCustomers(client, clients),
  };
  const all = makeOperations(shoppers);
  const unknown = only.filter((name) => !all.some((one) => one.name === name));
  if (unknown.length > 0) {
    const names = all.map(({ name }) => name).join('; ');
    throw new Error(`no such operation: ${unknown.join('; ')}; there are: ${names}`);
  }
  const chosen = all.filter(({ name }) => only.length === 0 || only.includes(name));
  if (chosen.some(({ name }) => name === 'me')) await buyForReaders(shoppers);
  const sample = await buySample(shoppers);
  // Compiled code is quicker; background work of the warm-up is over before anything is counted.
  for (const { send, clients: most = clients } of chosen) {
    const warming = { clients: Math.min(clients, most), operations, seconds: warmUp };
    await runClosedLoop({ ...warming, work: send });
  }
  const settleMs = Math.max(...chosen.map((operation) => settleMsOf(operation, measuring)));
  await sleep(settleMs);
  const idle = await measureIdle(shop, settleMs);

  const rows: Figures[] = [];
  for (const operation of chosen) {
    rows.push(await measureOperation(shop, operation, { ...measuring, idle }));
  }
  const names = chosen.map(({ name }) => name);
  const beside = { ...measuring, warmUp, idle };
  const hive = options.hive
    ? await measureHive(shop, names, { ...beside, secret: HIVE_SECRET })
    : [];
  return [...rows, ...hive, ...(await measureFloors(shop, names, sample, beside))];
};

/** Opens a shop, and measures the chosen operations and their floors. */
export const measureShop = ({ checkout = ROOT, profile, ...options }: ShopOptions) =>
  withProductionShop(
    {
      checkout,
      ...(options.hive && { env: { ROUTER_AUTHORIZATION: `hive:${HIVE_SECRET}` } }),
      ...(profile && { profileDir: path.resolve(profile) }),
    },
    async (shop) => {
      const client = makeShopClient(shop, options.clients);
      try {
        return await measureAll(shop, client, options);
      } finally {
        await client.close();
      }
    },
  );

/** Measures what a request of each kind costs, in a shop in production mode. */
export const benchShop = async (options: ShopOptions): Promise<Outcome> => {
  const { checkout = ROOT, clients, seconds } = options;
  // Before the measurement, which takes minutes.
  if (options.json) checkResultFile(options.json);
  const earlier = options.compare ? readResultFile<Run>(options.compare) : null;
  const rows = await measureShop(options);
  const run: Run = {
    commit: commitOf(checkout).trim(),
    at: new Date().toISOString(),
    clients,
    seconds,
    rows,
  };
  if (options.json) fs.writeFileSync(options.json, `${JSON.stringify(run, null, 2)}\n`);
  const { held, report } = judge(rows);
  const sections = [
    `commit ${run.commit}, ${clients} clients, ${seconds} s each; CPU, SQL and calls per operation`,
    summarize(rows),
    breakDown('CPU ms', rows, 'cpuMs'),
    breakDown('statements', rows, 'statements'),
    breakDown('transactions', rows, 'transactions'),
    breakDown('calls', rows, 'calls'),
    compareFloors(rows),
    ...(options.queries ? [listQueries(rows)] : []),
    ...(earlier ? [compareWith(earlier, rows)] : []),
    report,
  ];
  return { held, report: sections.filter((section) => section !== '').join('\n\n') };
};

const compareWith = (earlier: Run, rows: readonly Figures[]): string =>
  `since ${earlier.commit} of ${earlier.at}:\n${compareRuns(earlier.rows, rows)}`;
