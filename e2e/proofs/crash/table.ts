/** What was found in one scenario. */
export type Row = {
  readonly name: string;
  readonly boundaries: number;
  runs: number;
  /** Runs in which the boundary did not come by. */
  missed: number;
  faults: number;
  /** The slowest recovery, from when the victim could serve again. */
  slowestMs: number;
};

/** `1.5 s` of 1,500. */
export const toSeconds = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`;

const COLUMNS = ['boundaries', 'runs', 'missed', 'faults', 'slowest'] as const;

const cells = (row: Row): readonly string[] => [
  String(row.boundaries),
  String(row.runs),
  String(row.missed),
  String(row.faults),
  toSeconds(row.slowestMs),
];

/** Prints a line a scenario, and one for all of them. */
export const printTable = (rows: readonly Row[]): void => {
  const sum = (key: 'boundaries' | 'runs' | 'missed' | 'faults') =>
    rows.reduce((total, row) => total + row[key], 0);
  const all: Row = {
    name: 'all',
    boundaries: sum('boundaries'),
    runs: sum('runs'),
    missed: sum('missed'),
    faults: sum('faults'),
    slowestMs: Math.max(0, ...rows.map((row) => row.slowestMs)),
  };
  const width = Math.max(8, ...rows.map(({ name }) => name.length));
  const line = (name: string, values: readonly string[]) =>
    `${name.padEnd(width)}${values.map((value) => value.padStart(12)).join('')}`;
  console.log(`\n${line('scenario', COLUMNS)}`);
  for (const row of [...rows, all]) console.log(line(row.name, cells(row)));
};
