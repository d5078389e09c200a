import type { Query } from '../dashboard.ts';

/** Grafana's interval of a rate: as fine as the screen shows, and at least four scrapes. */
const INTERVAL = '$__rate_interval';

/** The series of a metric with these labels. */
export const select = (metric: string, matchers: readonly string[]): string =>
  matchers.length === 0 ? metric : `${metric}{${matchers.join(', ')}}`;

/** The growth per second of a counter, added up by labels. */
export const rateOf = (counter: string, matchers: readonly string[], by?: string): string => {
  const grouping = by === undefined ? '' : ` by (${by})`;
  return `sum${grouping} (rate(${select(counter, matchers)}[${INTERVAL}]))`;
};

/** The median, the 95th and the 99th percentile of a histogram. */
export const percentilesOf = (
  histogram: string,
  matchers: readonly string[],
  by?: string,
): readonly Query[] =>
  [0.5, 0.95, 0.99].map((quantile) => ({
    expr: quantileOf(quantile, histogram, matchers, by),
    legend: `p${quantile * 100}${by === undefined ? '' : ` {{${by}}}`}`,
  }));

/** One quantile of a histogram, for each value of a label. */
export const quantileOf = (
  quantile: number,
  histogram: string,
  matchers: readonly string[],
  by?: string,
): string => {
  const buckets = rateOf(`${histogram}_bucket`, matchers, by === undefined ? 'le' : `${by}, le`);
  return `histogram_quantile(${quantile}, ${buckets})`;
};

/** The greatest value of a gauge: several processes measure the same thing. */
export const maxOf = (gauge: string, matchers: readonly string[], by?: string): string =>
  `max${by === undefined ? '' : ` by (${by})`} (${select(gauge, matchers)})`;

/** 0 where a counter has not counted anything yet. */
export const orZero = (expr: string): string => `${expr} or on () vector(0)`;
