import { type CpuSnapshot, cpuBetween, readCpu } from '../production/process-cpu.ts';
import { readCalls } from '../production/call-counts.ts';
import type { ProductionShop } from '../production/open-production-shop.ts';
import {
  readStatements,
  statementsBetween,
  type StatementSnapshot,
} from '../production/statement-counts.ts';

type Amounts = Readonly<Record<string, number>>;

/** All counters of a shop at one time. */
export type Snapshot = {
  readonly at: number;
  readonly cpu: CpuSnapshot;
  readonly sql: StatementSnapshot;
  readonly calls: Amounts;
};

/** What happened in between. */
export type Usage = {
  readonly seconds: number;
  readonly cpuMs: Amounts;
  readonly statements: Amounts;
  readonly transactions: Amounts;
  readonly calls: Amounts;
  /** Calls of each statement, `database: text`. */
  readonly queries: Amounts;
};

/** @param more processes beside those of the shop, by name */
export const readCounters = async (shop: ProductionShop, more: Amounts = {}): Promise<Snapshot> => {
  const [sql, calls] = await Promise.all([readStatements(shop.admin), readCalls(shop)]);
  const cpu = readCpu(shop, { ...shop.pids, ...more });
  return { at: performance.now(), cpu, sql, calls };
};

const mapValues = <Value>(
  values: Readonly<Record<string, Value>>,
  map: (value: Value, name: string) => number,
): Amounts =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, map(value, name)]));

/** The text of a statement in one line. */
const lineOf = (query: string): string => query.replaceAll(/\s+/g, ' ').trim().slice(0, 300);

export const usageBetween = (before: Snapshot, after: Snapshot): Usage => {
  const sql = statementsBetween(before.sql, after.sql);
  const queries: Record<string, number> = {};
  for (const { database, query, calls } of sql.statements) {
    const key = `${database}: ${lineOf(query)}`;
    queries[key] = (queries[key] ?? 0) + calls;
  }
  return {
    seconds: (after.at - before.at) / 1000,
    cpuMs: cpuBetween(before.cpu, after.cpu),
    statements: mapValues(sql.databases, ({ statements }) => statements),
    transactions: mapValues(sql.databases, ({ transactions }) => transactions),
    calls: mapValues(after.calls, (count, app) => count - (before.calls[app] ?? 0)),
    queries,
  };
};

/** What an idle shop does in a second. */
export const perSecond = ({ seconds, ...amounts }: Usage): Omit<Usage, 'seconds'> => {
  const rate = (values: Amounts): Amounts => mapValues(values, (amount) => amount / seconds);
  return {
    cpuMs: rate(amounts.cpuMs),
    statements: rate(amounts.statements),
    transactions: rate(amounts.transactions),
    calls: rate(amounts.calls),
    queries: rate(amounts.queries),
  };
};
