import { growth, quantile, type Histogram } from './histogram.ts';
import type { Metrics } from './read-metrics.ts';

/** A reading of a process, and when it was. */
export type TimedReading = {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly metrics: Metrics | null;
};

/** The requests of a process between two readings. All are null where one of them is missing. */
export type TrafficPoint = {
  /** When the later reading was, in milliseconds since 1970. */
  readonly at: number;
  readonly requestsPerSecond: number | null;
  readonly errorsPerSecond: number | null;
  /** Null without requests, too. */
  readonly p99Seconds: number | null;
};

/** A counter begins at 0 again when its process restarts. */
const grown = (before: number, after: number): number => (after < before ? after : after - before);

/** The requests between two readings. */
export const trafficBetween = (before: TimedReading, after: TimedReading): TrafficPoint => {
  const { at } = after;
  const [old, current] = [before.metrics, after.metrics];
  const seconds = (at - before.at) / 1_000;
  if (!old || !current || seconds <= 0)
    return { at, requestsPerSecond: null, errorsPerSecond: null, p99Seconds: null };
  return {
    at,
    requestsPerSecond: grown(old.requests, current.requests) / seconds,
    errorsPerSecond: grown(old.failures, current.failures) / seconds,
    p99Seconds: quantile(0.99, growth(old.durations, current.durations)),
  };
};

/** The requests between each reading and the next one. */
export const trafficOf = (readings: readonly TimedReading[]): readonly TrafficPoint[] =>
  readings.slice(1).flatMap((after, index) => {
    const before = readings[index];
    return before ? [trafficBetween(before, after)] : [];
  });

/** A quantile of what was added in all readings; null where nothing was. */
export const quantileOver = (
  q: number,
  readings: readonly TimedReading[],
  histogramOf: (metrics: Metrics) => Histogram,
): number | null => {
  const read = readings.flatMap(({ metrics }) => (metrics ? [metrics] : []));
  const [first, last] = [read[0], read.at(-1)];
  return first && last ? quantile(q, growth(histogramOf(first), histogramOf(last))) : null;
};

/** An error that happened between two readings. */
export type LastError = {
  /** When it was read, in milliseconds since 1970. */
  readonly at: number;
  readonly process: string;
  readonly code: string;
  readonly where: string;
  readonly count: number;
};

/** The errors that happened between two readings; what a process counted before the first is none. */
export const errorsBetween = (
  process: string,
  before: TimedReading,
  after: TimedReading,
): readonly LastError[] => {
  const [old, current] = [before.metrics, after.metrics];
  if (!old || !current) return [];
  return [...current.errors].flatMap(([key, { code, where, count }]) => {
    const more = grown(old.errors.get(key)?.count ?? 0, count);
    return more > 0 ? [{ at: after.at, process, code, where, count: more }] : [];
  });
};
