/** How many values were at most as large as each upper bound, by bound. It ends with Infinity. */
export type Histogram = ReadonlyMap<number, number>;

/** The values that were added between two readings. After a restart, a process counts from 0 again. */
export const growth = (before: Histogram, after: Histogram): Histogram => {
  const total = (of: Histogram): number => of.get(Infinity) ?? 0;
  if (total(after) < total(before)) return after;
  return new Map([...after].map(([bound, count]) => [bound, count - (before.get(bound) ?? 0)]));
};

/**
 * Estimates a quantile as Prometheus does: values are spread evenly within a bucket.
 * @param q such as 0.99
 * @returns null where there are no values; the last finite bound for a value above it
 */
export const quantile = (q: number, histogram: Histogram): number | null => {
  const buckets = [...histogram].toSorted(([a], [b]) => a - b);
  const total = histogram.get(Infinity) ?? 0;
  if (total <= 0) return null;
  const rank = q * total;
  let [lower, below] = [0, 0];
  for (const [upper, count] of buckets) {
    if (count >= rank) {
      if (upper === Infinity) return lower;
      return lower + (upper - lower) * ((rank - below) / (count - below));
    }
    [lower, below] = [upper, count];
  }
  return lower;
};
