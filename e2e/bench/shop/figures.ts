/** The figures of one operation; amounts are of one operation on average. */
export type Figures = {
  readonly name: string;
  /** How many were counted. */
  readonly operations: number;
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** CPU in milliseconds, by process. */
  readonly cpuMs: Readonly<Record<string, number>>;
  /** By database; BEGIN and COMMIT are statements. */
  readonly statements: Readonly<Record<string, number>>;
  readonly transactions: Readonly<Record<string, number>>;
  /** Requests that a process of the shop sent to another, by the one that served them. */
  readonly calls: Readonly<Record<string, number>>;
  /** The most frequent statements, `database: text`, by their number. */
  readonly queries: Readonly<Record<string, number>>;
};

/** One run: what it measured, and where. */
export type Run = {
  readonly commit: string;
  readonly at: string;
  readonly clients: number;
  readonly seconds: number;
  readonly rows: readonly Figures[];
};

/** The sum over processes or databases. */
export const total = (amounts: Readonly<Record<string, number>>): number =>
  Object.values(amounts).reduce((sum, amount) => sum + amount, 0);

/** Adds amounts of the same names. */
export const add = (
  some: Readonly<Record<string, number>>,
  others: Readonly<Record<string, number>>,
): Record<string, number> => {
  const sums = { ...some };
  for (const [name, amount] of Object.entries(others)) sums[name] = (sums[name] ?? 0) + amount;
  return sums;
};

/** Subtracts what an idle shop does in the same time, and divides by the number of operations. */
export const perOperation = (
  amounts: Readonly<Record<string, number>>,
  idlePerSecond: Readonly<Record<string, number>>,
  seconds: number,
  operations: number,
): Record<string, number> =>
  Object.fromEntries(
    Object.entries(amounts).map(([name, amount]) => [
      name,
      (amount - (idlePerSecond[name] ?? 0) * seconds) / operations,
    ]),
  );
