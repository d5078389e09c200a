import { hiveOf } from '../hive/measure-hive.ts';
import { type Figures, total } from './figures.ts';

/** A limit that a run must hold. */
export type Limit = {
  readonly sentence: string;
  /** Null when the operations were not measured. */
  readonly holds: (rows: readonly Figures[]) => boolean | null;
};

type Amount = (row: Figures) => number;

const atMost = (name: string, what: string, amount: Amount, limit: number, unit = ''): Limit => ({
  sentence: `${name}: ${what} <= ${limit}${unit}`,
  holds: (rows) => {
    const row = rows.find((one) => one.name === name);
    return row ? amount(row) <= limit : null;
  },
});

/** REST costs no more than a tenth of the throughput. */
const LEAST_PART = 0.9;

const keepsUp = (name: string, graphName: string): Limit => ({
  sentence: `${name}: >= ${LEAST_PART} of the throughput of GraphQL`,
  holds: (rows) => {
    const [row, graph] = [name, graphName].map((one) => rows.find((found) => found.name === one));
    return row && graph ? row.perSecond >= LEAST_PART * graph.perSecond : null;
  },
});

/** Hive Gateway was measured in the same run, in front of the same subgraphs. */
const beatsHive = (name: string): Limit => ({
  sentence: `${name}: more throughput than Hive Gateway`,
  holds: (rows) => {
    const [row, hive] = [name, hiveOf(name)].map((one) => rows.find((found) => found.name === one));
    return row && hive ? row.perSecond > hive.perSecond : null;
  },
});

const cpu: Amount = ({ cpuMs }) => total(cpuMs);
const statements: Amount = (row) => total(row.statements);
const calls: Amount = (row) => total(row.calls);

/** What a request may cost on two cores: docs/performance.md. */
export const LIMITS: readonly Limit[] = [
  atMost('purchase', 'CPU', cpu, 30, ' ms'),
  atMost('purchase', 'statements', statements, 40),
  atMost('purchase', 'calls between processes', calls, 6),
  atMost('page', 'CPU', cpu, 2, ' ms'),
  atMost('page, cached', 'CPU', cpu, 1, ' ms'),
  atMost('me', 'CPU', cpu, 6, ' ms'),
  beatsHive('page'),
  beatsHive('page, cached'),
  keepsUp('REST page', 'page'),
  keepsUp('REST page, cached', 'page, cached'),
  keepsUp('REST purchase', 'purchase'),
];

/** One line for each limit that can be judged. */
export const judge = (
  rows: readonly Figures[],
): { readonly held: boolean; readonly report: string } => {
  const judged = LIMITS.flatMap(({ sentence, holds }) => {
    const result = holds(rows);
    return result === null ? [] : [{ sentence, held: result }];
  });
  return {
    held: judged.every(({ held }) => held),
    report: judged
      .map(({ sentence, held }) => `${held ? 'held:  ' : 'BROKEN:'} ${sentence}`)
      .join('\n'),
  };
};
