import { setTimeout as sleep } from 'node:timers/promises';
import { toTable } from '../../bench/measure.ts';
import { addProducts, registerCustomers } from '../../bench/production/customers.ts';
import {
  withProductionShop,
  type ProductionShop,
} from '../../bench/production/open-production-shop.ts';
import { cpuBetween, readCpu } from '../../bench/production/process-cpu.ts';
import { makeShopClient, type ShopClient } from '../../bench/production/shop-client.ts';
import { toOutcome, type Outcome } from '../proof.ts';
import { makeAttacks, type Attack } from './attacks.ts';
import { findFaults, p99Of, slowestOf, type Measured, type Page } from './judge.ts';

/** The options of the command line. */
export type AttacksOptions = { readonly times: number; readonly only?: string };

const PRODUCTS = 20;

/** The pause of a customer between two pages. */
const PAUSE_MS = 20;

/** Before anything is measured: code is compiled, and connections are opened. */
const WARM_UP_PAGES = 200;

/** As long as this, pages are requested without any attack. */
const CALM_MS = 5_000;

const readPage = async (client: ShopClient): Promise<Page> => {
  const begunAt = performance.now();
  const { status } = await client.send('rest', 'GET', '/v1/products?limit=1', undefined);
  return { status, ms: performance.now() - begunAt };
};

/** Reads pages, one after another, until `work` has ended. */
const browseDuring = async <Result>(
  client: ShopClient,
  work: Promise<Result>,
): Promise<{ readonly result: Result; readonly pages: readonly Page[] }> => {
  const ended = new AbortController();
  const pages: Page[] = [];
  const browse = async (): Promise<void> => {
    do {
      pages.push(await readPage(client));
      await sleep(PAUSE_MS);
    } while (!ended.signal.aborted);
  };
  const [result] = await Promise.all([work.finally(() => ended.abort()), browse()]);
  return { result, pages };
};

const send = async ({ atOnce, send: sendOne }: Attack, times: number): Promise<string[]> => {
  if (atOnce) return Promise.all(Array.from({ length: times }, sendOne));
  const endings: string[] = [];
  while (endings.length < times) endings.push(await sendOne());
  return endings;
};

type Apps = Readonly<Record<Attack['app'], number>>;

/** @returns what was measured, and the CPU of both public processes, in milliseconds */
const measure = async <Result>(
  { pids, ...shop }: ProductionShop,
  client: ShopClient,
  work: () => Promise<Result>,
) => {
  const apps: Apps = { router: pids.router, rest: pids.rest };
  const before = readCpu(shop, apps);
  const browsed = await browseDuring(client, work());
  const used = cpuBetween(before, readCpu(shop, apps));
  return { ...browsed, used: { router: used['router'] ?? 0, rest: used['rest'] ?? 0 } };
};

const tableOf = (all: readonly Measured[]): string =>
  toTable([
    ['', 'times', 'ended as', 'CPU ms each', 'pages', 'p99 ms', 'slowest ms'],
    ...all.map(({ what, times, endings, pages, cpuMs }) => [
      what,
      String(times),
      [...new Set(endings)].join(', '),
      cpuMs.toFixed(1),
      String(pages.length),
      p99Of(pages).toFixed(0),
      slowestOf(pages).toFixed(0),
    ]),
  ]);

/**
 * Sends each attack many times, while another customer reads pages. It holds when each is refused, and
 * no page takes longer than 300 ms.
 */
export const proveAttacks = (options: AttacksOptions): Promise<Outcome> =>
  withProductionShop({}, async (shop) => {
    // The customer's own connection.
    const client = makeShopClient(shop, 1);
    const [attacker] = await registerCustomers(client, 1);
    if (!attacker) throw new Error('no customer');
    const { attacks, close } = makeAttacks(shop, attacker.token);
    try {
      const chosen = attacks.filter(
        ({ what }) => options.only === undefined || what === options.only,
      );
      if (chosen.length === 0) {
        throw new Error(`there is no such attack: ${attacks.map(({ what }) => what).join('; ')}`);
      }
      await addProducts(shop, client, PRODUCTS);
      for (let read = 0; read < WARM_UP_PAGES; read += 1) await readPage(client);

      const calm = await measure(shop, client, () => sleep(CALM_MS));
      const none = { what: 'no attack', expected: null, times: 0, endings: [], cpuMs: 0 };
      const measured: Measured[] = [{ ...none, pages: calm.pages }];
      for (const attack of chosen) {
        const { what, app, expected } = attack;
        const { times } = options;
        const { result, pages, used } = await measure(shop, client, () => send(attack, times));
        const ofPages = (calm.used[app] / calm.pages.length) * pages.length;
        const cpuMs = Math.max(0, used[app] - ofPages) / times;
        measured.push({ what, expected, times, endings: result, pages, cpuMs });
      }
      console.log(tableOf(measured));
      return toOutcome(`${chosen.length} attacks`, measured.flatMap(findFaults));
    } finally {
      await Promise.all([client.close(), close()]);
    }
  });
