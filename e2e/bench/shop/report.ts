import { toTable } from '../measure.ts';
import { type Figures, total } from './figures.ts';
import { floorOf } from './measure-floor.ts';

const number = (value: number): string => {
  if (Math.abs(value) < 0.005) return '0';
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);
};

/** Throughput and latency, and the sums over processes and databases. */
export const summarize = (rows: readonly Figures[]): string =>
  toTable([
    ['', 'per s', 'p50 ms', 'p99 ms', 'CPU ms', 'SQL', 'transactions', 'calls', 'counted'],
    ...rows.map((row) => [
      row.name,
      number(row.perSecond),
      number(row.p50Ms),
      number(row.p99Ms),
      number(total(row.cpuMs)),
      number(total(row.statements)),
      number(total(row.transactions)),
      number(total(row.calls)),
      String(row.operations),
    ]),
  ]);

type Kind = 'cpuMs' | 'statements' | 'transactions' | 'calls';

/** One amount of each operation, by process or database: those that have any. */
export const breakDown = (title: string, rows: readonly Figures[], kind: Kind): string => {
  const names = [...new Set(rows.flatMap((row) => Object.keys(row[kind])))].filter((name) =>
    rows.some((row) => Math.abs(row[kind][name] ?? 0) >= 0.005),
  );
  const lines = rows.map((row) => [row.name, ...names.map((name) => number(row[kind][name] ?? 0))]);
  return toTable([[title, ...names], ...lines]);
};

/** The statements of each operation, the most frequent first. */
export const listQueries = (rows: readonly Figures[]): string =>
  rows
    .map(({ name, queries }) =>
      [
        `${name}:`,
        ...Object.entries(queries).map(([text, count]) => `  ${count.toFixed(2)}  ${text}`),
      ].join('\n'),
    )
    .join('\n');

const change = (before: number, after: number): string =>
  before > 0 ? `${number(before)} -> ${number(after)} (x${(after / before).toFixed(2)})` : '';

/** How much more an operation costs than its floor in the same run; empty when none was measured. */
export const compareFloors = (rows: readonly Figures[]): string => {
  const lines = rows.flatMap((row) => {
    const floor = rows.find(({ name }) => name === floorOf(row.name));
    if (!floor) return [];
    const throughput = row.perSecond / floor.perSecond;
    const cpu = total(row.cpuMs) / total(floor.cpuMs);
    return [[row.name, `x${throughput.toFixed(3)}`, `x${cpu.toFixed(1)}`]];
  });
  return lines.length === 0 ? '' : toTable([['compared with its floor', 'per s', 'CPU'], ...lines]);
};

/** What has changed since another run, for the operations of both. */
export const compareRuns = (before: readonly Figures[], after: readonly Figures[]): string =>
  toTable([
    ['change', 'per s', 'CPU ms', 'SQL', 'transactions', 'calls'],
    ...after.flatMap((row) => {
      const earlier = before.find(({ name }) => name === row.name);
      if (!earlier) return [];
      const sums = (['cpuMs', 'statements', 'transactions', 'calls'] as const).map((kind) =>
        change(total(earlier[kind]), total(row[kind])),
      );
      return [[row.name, change(earlier.perSecond, row.perSecond), ...sums]];
    }),
  ]);
