import { setTimeout as sleep } from 'node:timers/promises';
import { addProducts, makeAdmin, registerCustomers } from '../../bench/production/customers.ts';
import { makeShopClient } from '../../bench/production/shop-client.ts';
import { toOutcome, type Outcome } from '../proof.ts';
import { checkRecords, countConfirmed } from './check-records.ts';
import { startLoad, type Load } from './load.ts';
import { withReplicas, type Replicas } from './open-replicas.ts';
import type { Replica } from './replica.ts';
import { runStories } from './run-stories.ts';
import { makeArrivals, REQUESTS_PER_ARRIVAL } from './shopping.ts';
import { summarize } from './summarize.ts';

const PRODUCTS = 50;
const CUSTOMERS = 16;

/** Connections to the router and to REST: more than requests are in progress in a shop that works. */
const CONNECTIONS = 256;

/** Caches and compilers are warm after this. */
const WARM_UP_MS = 5_000;

/** A replica that was started serves for this long before the next one is stopped. */
const SETTLE_MS = 500;

/** As many failures are printed before the records are compared. */
const MAX_SHOWN = 20;

type Options = {
  readonly times: number;
  readonly rate: number;
  /** Whether a replica of each app is stopped at the same time. */
  readonly together: boolean;
};

/** The replicas that are stopped at the same time: one, or one of each app. */
const groupsOf = (replicas: readonly Replica[], together: boolean): readonly Replica[][] =>
  together
    ? [...Map.groupBy(replicas, ({ number }) => number).values()]
    : replicas.map((replica) => [replica]);

/**
 * Stops and starts each group of replicas in turn.
 * @returns one sentence for each replica that did not stop cleanly
 */
const restartEach = async (
  { replicas, haproxy }: Replicas,
  load: Load,
  { times, together }: Pick<Options, 'times' | 'together'>,
): Promise<readonly string[]> => {
  const faults: string[] = [];
  for (let round = 1; round <= times; round += 1) {
    for (const group of groupsOf(replicas, together)) {
      const names = group.map(({ name }) => name);
      load.mark(`${names.join(', ')} stop`);
      const ends = await Promise.all(group.map((replica) => replica.stop()));
      faults.push(...ends.flatMap((fault) => fault ?? []));
      load.mark(`${names.join(', ')} start`);
      await Promise.all(group.map((replica) => replica.start()));
      await haproxy.untilUp(names);
      load.check();
      await sleep(SETTLE_MS);
    }
    console.log(`${round} of ${times} rounds done`);
  }
  return faults;
};

/**
 * Two replicas of each app behind haproxy, with NATS and Redis. First the stories of customers run
 * against them, as against any shop. Then each of the twelve processes gets SIGTERM and is started again,
 * while requests arrive at a fixed rate. None of them may fail, and none is tried again; at the end
 * orders, stock and money balance.
 */
export const proveReplicas = (options: Options): Promise<Outcome> =>
  withReplicas(async (shop) => {
    const { times, rate } = options;
    const client = makeShopClient(shop, CONNECTIONS);
    try {
      const { email } = await makeAdmin(shop, client);
      const failedStories = await runStories(shop, email);
      const confirmed = await countConfirmed(shop);
      const products = await addProducts(shop, client, PRODUCTS);
      const customers = await registerCustomers(client, CUSTOMERS);
      const load = startLoad({
        perSecond: rate / REQUESTS_PER_ARRIVAL,
        arrive: makeArrivals(client, customers, products),
      });
      const startedAt = performance.now();
      await sleep(WARM_UP_MS);
      const stops = await restartEach(shop, load, options).finally(() => load.stop());
      const samples = await load.stop();
      const seconds = (performance.now() - startedAt) / 1_000;

      const failures = samples.flatMap(({ error }) => error ?? []);
      for (const failure of failures.slice(0, MAX_SHOWN)) console.log(failure);
      const paid = samples.filter(({ kind, error }) => kind === 'pay order' && error === null);
      const faults = [
        ...failedStories,
        ...stops,
        ...failures,
        ...(await checkRecords(shop, confirmed + paid.length)),
      ];
      const perSecond = (samples.length / seconds).toFixed(0);
      const outcome = toOutcome(
        `${shop.replicas.length} processes stopped ${times} times each in ${(seconds / 60).toFixed(1)} minutes: ${samples.length} requests (${perSecond} per second), ${failures.length} failed, ${paid.length} orders paid`,
        faults,
      );
      return { ...outcome, report: `${outcome.report}\n${summarize(samples)}` };
    } finally {
      await client.close();
    }
  });
