import { setTimeout as sleep } from 'node:timers/promises';
import type { Outcome } from '../../proofs/proof.ts';
import { median, toTable } from '../measure.ts';
import { buy, chooseBasket } from '../production/buy.ts';
import { runClosedLoop } from '../production/closed-loop.ts';
import { addProducts, registerCustomers } from '../production/customers.ts';
import { withProductionShop, type ProductionShop } from '../production/open-production-shop.ts';
import { cpuBetween, readCpu } from '../production/process-cpu.ts';
import { makeShopClient } from '../production/shop-client.ts';
import { total } from '../shop/figures.ts';

/** The part of a purchase's CPU that telemetry may cost. */
const MAX_PART = 0.05;

/** What turns off metrics, and the log lines of requests; trace ids remain. */
const OFF = { OTEL_SDK_DISABLED: 'true', LOG_LEVEL: 'error' };

const PRODUCTS = 100;

/** Work after the last response of a round. */
const SETTLE_MS = 2_000;

/** The options of the command line. */
export type TelemetryOptions = {
  readonly clients: number;
  readonly seconds: number;
  readonly rounds: number;
};

/** Milliseconds of CPU for each purchase of one round, summed over all processes of the shop. */
type Round = () => Promise<number>;

const prepare = async (shop: ProductionShop, options: TelemetryOptions) => {
  const { clients, seconds } = options;
  const client = makeShopClient(shop, clients);
  const products = await addProducts(shop, client, PRODUCTS);
  const customers = await registerCustomers(client, clients);
  const round: Round = async () => {
    const before = readCpu(shop, shop.pids);
    const { latencies } = await runClosedLoop({
      clients,
      seconds,
      operations: clients,
      work: async (index) => {
        const customer = customers[index];
        if (customer) await buy(client, customer, chooseBasket(products));
      },
    });
    await sleep(SETTLE_MS);
    return total(cpuBetween(before, readCpu(shop, shop.pids))) / latencies.length;
  };
  return { round, close: () => client.close() };
};

/**
 * Measures what telemetry costs of a purchase: two shops in production mode, one with the default
 * settings and one without telemetry, buy in turn, and two rounds that follow each other are compared.
 */
export const benchTelemetry = (options: TelemetryOptions): Promise<Outcome> =>
  withProductionShop({}, (withIt) =>
    withProductionShop({ env: OFF }, async (without) => {
      const sides = [await prepare(withIt, options), await prepare(without, options)] as const;
      const costs: [number[], number[]] = [[], []];
      try {
        for (const { round } of sides) await round();
        for (let index = 0; index < options.rounds; index += 1) {
          const order = index % 2 === 0 ? ([0, 1] as const) : ([1, 0] as const);
          for (const side of order) costs[side].push(await sides[side].round());
        }
      } finally {
        await Promise.all(sides.map((side) => side.close()));
      }
      // Of two rounds that follow each other: the speed of a machine changes from minute to minute.
      const part = median(costs[0].map((on, round) => (on - (costs[1][round] ?? on)) / on));
      const held = part < MAX_PART;
      const row = (name: string, all: readonly number[]) => [
        name,
        ...[median(all), Math.min(...all), Math.max(...all)].map((ms) => ms.toFixed(2)),
      ];
      const table = toTable([
        ['CPU ms of a purchase', 'median', 'least', 'most'],
        row('with telemetry', costs[0]),
        row('without', costs[1]),
      ]);
      const sentence = `telemetry is ${(100 * part).toFixed(1)} % of a purchase (< 5 %)`;
      return { held, report: `${table}\n${held ? 'held' : 'BROKEN'}: ${sentence}` };
    }),
  );
