import { setTimeout as sleep } from 'node:timers/promises';
import type { ServiceName } from '../../../tools/services.ts';
import { toTable } from '../../bench/measure.ts';
import { sendAtRate } from '../../bench/overload/open-loop.ts';
import { chooseBasket, createOrder } from '../../bench/production/buy.ts';
import { addProducts, registerCustomers } from '../../bench/production/customers.ts';
import { withProductionShop } from '../../bench/production/open-production-shop.ts';
import { makeShopClient } from '../../bench/production/shop-client.ts';
import { toOutcome, type Outcome } from '../proof.ts';
import { FAULTS, type BreakableShop, type Fault } from './faults.ts';
import { countOf, findFaults, p99Of, ratioOf, slowestOf, type Measured } from './judge.ts';
import { makeSender, type Ending, type RequestName, type Sender } from './requests.ts';
import { startLink, type Link } from './start-link.ts';

/** The options of the command line. */
export type FaultsOptions = {
  readonly seconds: number;
  readonly rate: number;
  readonly only?: string;
};

const PRODUCTS = 50;

/** Requests per second that need what is broken. */
const AFFECTED_RATE = 5;

const ALL: readonly RequestName[] = ['page', 'me', 'order', 'pay'];
const WARM_UP_S = 5;

/** After each fault: what failed has been settled, and breakers are closed. */
const PAUSE_MS = 10_000;

const PROBE_EVERY_MS = 100;
const GIVE_UP_MS = 60_000;

/** More than requests are ever in progress. */
const CONNECTIONS = 1_000;

/** Sends requests of each name in turn. @returns how they ended, when all have */
const sendInTurn = (
  send: Sender,
  names: readonly RequestName[],
  perSecond: number,
  seconds: number,
): Promise<readonly Ending[]> =>
  sendAtRate({ perSecond, seconds, send: (index) => send(names[index % names.length] ?? 'page') });

/** @returns milliseconds until a request is done again; null when it takes too long */
const timeRecovery = async (send: Sender, name: RequestName): Promise<number | null> => {
  const startedAt = performance.now();
  while (performance.now() - startedAt < GIVE_UP_MS) {
    // A request that was sent too early may wait for its deadline: the next is not kept waiting.
    const ending = await Promise.race([send(name), sleep(1_000, null)]);
    if (ending?.kind === 'done') return performance.now() - startedAt;
    await sleep(PROBE_EVERY_MS);
  }
  return null;
};

const measure = async (
  fault: Fault,
  shop: BreakableShop,
  send: Sender,
  { rate, seconds }: FaultsOptions,
): Promise<Measured> => {
  const { name, affected, others } = fault;
  const before = await sendInTurn(send, others, rate, seconds / 2);
  const end = await fault.begin(shop);
  const sending = Promise.all([
    sendInTurn(send, [affected], AFFECTED_RATE, seconds),
    sendInTurn(send, others, rate, seconds),
  ]);
  // What is in progress when the fault ends must end, too, and must not delay the recovery.
  await sleep(seconds * 1_000).finally(end);
  const recoveryMs = await timeRecovery(send, affected);
  const [broken, during] = await sending;
  await sleep(PAUSE_MS);
  const after = await sendInTurn(send, others, rate, seconds / 2);
  return { name, affected: broken, before: [...before, ...after], during, recoveryMs };
};

const tableOf = (all: readonly Measured[]): string =>
  toTable([
    [
      ...['', 'needed it', 'done', 'coded', 'wrong', 'slowest ms', 'others'],
      ...['p99 ms', 'p99 without', 'ratio', 'recovered ms'],
    ],
    ...all.map((one) => [
      one.name,
      String(one.affected.length),
      ...(['done', 'coded', 'wrong'] as const).map((kind) => String(countOf(one.affected, kind))),
      slowestOf(one.affected).toFixed(0),
      String(one.during.length),
      p99Of(one.during).toFixed(1),
      p99Of(one.before).toFixed(1),
      ratioOf(one).toFixed(2),
      one.recoveryMs?.toFixed(0) ?? 'never',
    ]),
  ]);

/**
 * Breaks one thing after another of a shop in production mode, while customers use it. It holds when
 * requests that need what is broken end with a code within their deadline, the others do not become much
 * slower, and all is well soon after the fault ends, without anything being done for it.
 */
export const proveFaults = async (options: FaultsOptions): Promise<Outcome> => {
  const faults = FAULTS.filter(({ name }) => options.only === undefined || name === options.only);
  if (faults.length === 0) {
    throw new Error(`there is no such fault: ${FAULTS.map(({ name }) => name).join(', ')}`);
  }
  const links = new Map<ServiceName, Link>();
  const databasePortOf = async (service: ServiceName, port: number): Promise<number> => {
    const link = await startLink(port);
    links.set(service, link);
    return link.port;
  };
  return withProductionShop({ databasePortOf }, async (opened) => {
    const shop = { ...opened, links: Object.fromEntries(links) as BreakableShop['links'] };
    const client = makeShopClient(opened, CONNECTIONS);
    try {
      const products = await addProducts(opened, client, PRODUCTS);
      const [customer] = await registerCustomers(client, 1);
      if (!customer) throw new Error('no customer');
      const basket = chooseBasket(products);
      const makeOrderSender = async (): Promise<Sender> =>
        makeSender(client, customer, await createOrder(client, customer, basket));
      await sendInTurn(await makeOrderSender(), ALL, options.rate, WARM_UP_S);
      const measured: Measured[] = [];
      for (const fault of faults) {
        // Of an order that is not paid yet.
        measured.push(await measure(fault, shop, await makeOrderSender(), options));
      }
      console.log(tableOf(measured));
      return toOutcome(`${measured.length} parts were broken`, measured.flatMap(findFaults));
    } finally {
      await client.close();
    }
  }).finally(() => Promise.all([...links.values()].map((link) => link.close())));
};
