/** The middle of some measurements, in milliseconds. */
export const median = (times: readonly number[]): number => {
  const sorted = times.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
};

/** The time that this part of the measurements, from 0 to 1, stays within; in milliseconds. */
export const percentile = (times: readonly number[], part: number): number => {
  const sorted = times.toSorted((a, b) => a - b);
  return sorted[Math.min(Math.floor(sorted.length * part), sorted.length - 1)] ?? Number.NaN;
};

/**
 * Times the same work on two sides, by turns, so that whatever else the machine does falls on both.
 * The first tenth of the rounds warms up and is not counted.
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
  return rows
    .map((row) =>
      row
        .map((cell, column) =>
          column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
        )
        .join('  '),
    )
    .join('\n');
};
