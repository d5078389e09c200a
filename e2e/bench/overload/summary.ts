import { percentile } from '../measure.ts';
import type { Arrival } from './open-loop.ts';

/** A response within this time is in time. */
const IN_TIME_MS = 1000;

/** What became of the requests of one load. */
export type Summary = {
  readonly offeredPerSecond: number;
  /** Answered with 200 within a second. */
  readonly inTimePerSecond: number;
  /** Answered with 200, later. */
  readonly late: number;
  /** Answered with 503 and Retry-After. */
  readonly rejected: number;
  /** Answered with another status, or with 503 without Retry-After. */
  readonly failed: number;
  /** Connections that were reset or closed before a response. */
  readonly resets: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly rejectedP99Ms: number;
};

export const summarize = (arrivals: readonly Arrival[], seconds: number): Summary => {
  const answered = arrivals.filter(({ status }) => status === 200).map(({ ms }) => ms);
  const inTime = answered.filter((ms) => ms <= IN_TIME_MS).length;
  const rejected = arrivals.filter(({ status, hasRetryAfter }) => status === 503 && hasRetryAfter);
  const resets = arrivals.filter(({ status }) => status === null).length;
  return {
    offeredPerSecond: arrivals.length / seconds,
    inTimePerSecond: inTime / seconds,
    late: answered.length - inTime,
    rejected: rejected.length,
    failed: arrivals.length - answered.length - rejected.length - resets,
    resets,
    p50Ms: percentile(answered, 0.5),
    p99Ms: percentile(answered, 0.99),
    rejectedP99Ms: percentile(
      rejected.map(({ ms }) => ms),
      0.99,
    ),
  };
};

/** What part of the peak must be answered in time. */
const LEAST_PART = 0.9;

export type Verdict = { readonly sentence: string; readonly held: boolean };

/** @param peakPerSecond the throughput of a closed loop */
export const judgeOverload = (
  name: string,
  peakPerSecond: number,
  { inTimePerSecond, late, failed, resets, rejectedP99Ms }: Summary,
): readonly Verdict[] => {
  const part = inTimePerSecond / peakPerSecond;
  return [
    {
      sentence: `${name}: ${(100 * part).toFixed(0)} % of the peak is answered within 1 s (>= 90 %)`,
      held: part >= LEAST_PART,
    },
    {
      sentence:
        `${name}: the rest is rejected with 503 and Retry-After at once ` +
        `(${late} late, ${failed} failed)`,
      held: late + failed === 0 && !(rejectedP99Ms > IN_TIME_MS),
    },
    { sentence: `${name}: no connection is reset (${resets})`, held: resets === 0 },
  ];
};
