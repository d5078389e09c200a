import { setTimeout as sleep } from 'node:timers/promises';
import { percentile } from '../measure.ts';
import { runClosedLoop } from '../production/closed-loop.ts';
import type { ProductionShop } from '../production/open-production-shop.ts';
import { REPORTED_AFTER_MS } from '../production/statement-counts.ts';
import { perSecond, readCounters, usageBetween, type Usage } from './counters.ts';
import { add, type Figures, perOperation } from './figures.ts';
import type { Operation } from './operations.ts';

/** How an operation is measured. */
export type Measuring = {
  readonly clients: number;
  /** How long clients send it. */
  readonly seconds: number;
  /** How often at least. */
  readonly operations: number;
  /** How long the shop may work on afterwards, in milliseconds. */
  readonly settleMs: number;
};

export type IdleRates = Omit<Usage, 'seconds'>;

/** Counts what a shop does of itself. */
export const measureIdle = async (shop: ProductionShop, ms: number): Promise<IdleRates> => {
  const before = await readCounters(shop);
  await sleep(ms);
  return perSecond(usageBetween(before, await readCounters(shop)));
};

/** How long after an operation its counts are complete; transactions, when it is long enough. */
export const settleMsOf = (operation: Operation, { settleMs }: Measuring): number =>
  operation.hasBackgroundWork ? settleMs : Math.min(settleMs, REPORTED_AFTER_MS);

/**
 * Measures one operation, with the work that the shop does after its responses.
 * @param idle what the shop does of itself, which is subtracted
 * @param more processes beside those of the shop, by name
 */
export const measureOperation = async (
  shop: ProductionShop,
  operation: Operation,
  options: Measuring & { idle: IdleRates; more?: Readonly<Record<string, number>> },
): Promise<Figures> => {
  const { clients, seconds, operations: least, idle, more } = options;
  const before = await readCounters(shop, more);
  const { latencies, seconds: lasted } = await runClosedLoop({
    clients: Math.min(clients, operation.clients ?? clients),
    seconds,
    operations: least,
    work: operation.send,
  });
  const loaded = await readCounters(shop, more);
  await sleep(settleMsOf(operation, options));
  const after = await readCounters(shop, more);
  const usage = {
    ...usageBetween(before, after),
    // Connections that are closed when idle: the time of their backends is known by name until then.
    cpuMs: add(usageBetween(before, loaded).cpuMs, usageBetween(loaded, after).cpuMs),
  };

  const operations = latencies.length;
  const average = (kind: keyof IdleRates) =>
    perOperation(usage[kind], idle[kind], usage.seconds, operations);
  const calls = average('calls');
  const { [operation.entry]: served = 0, ...others } = calls;
  const queries = Object.entries(average('queries'))
    .filter(([, count]) => count >= 0.01)
    .toSorted(([, one], [, other]) => other - one);
  return {
    name: operation.name,
    operations,
    perSecond: operations / lasted,
    p50Ms: percentile(latencies, 0.5),
    p99Ms: percentile(latencies, 0.99),
    cpuMs: average('cpuMs'),
    statements: average('statements'),
    transactions: average('transactions'),
    calls: { ...others, [operation.entry]: served - operation.requests },
    queries: Object.fromEntries(queries),
  };
};
