/** The value that this part of the values, from 0 to 1, does not exceed. */
export const percentile = (values: readonly number[], part: number): number => {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(Math.floor(sorted.length * part), sorted.length - 1)] ?? Number.NaN;
};

export const median = (values: readonly number[]): number => percentile(values, 0.5);

/**
 * Times the same work on two sides, alternately, so that other load of the machine affects both.
 * A tenth of the rounds more warms up and is not counted.
 * @returns the median of each side, in milliseconds
 */
export const compare = async (
  rounds: number,
  sides: readonly [() => Promise<unknown>, () => Promise<unknown>],
): Promise<readonly [number, number]> => {
  const times: [number[], number[]] = [[], []];
  const warmUp = Math.ceil(rounds / 10);
  for (let round = 0; round < rounds + warmUp; round += 1) {
    for (const [index, work] of round % 2 === 0
      ? [...sides.entries()]
      : [...sides.entries()].reverse()) {
      const start = performance.now();
      await work();
      if (round >= warmUp) times[index as 0 | 1].push(performance.now() - start);
    }
  }
  return [median(times[0]), median(times[1])];
};

/** A table of texts, columns aligned. The first row is the head. */
export const toTable = (rows: readonly (readonly string[])[]): string => {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  const pad = (cell: string, column: number): string => {
    const width = widths[column] ?? 0;
    return column === 0 ? cell.padEnd(width) : cell.padStart(width);
  };
  return rows.map((row) => row.map(pad).join('  ')).join('\n');
};
