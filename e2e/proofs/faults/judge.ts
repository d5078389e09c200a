import { percentile } from '../../bench/measure.ts';
import type { Ending } from './requests.ts';

/** A request that needs what is broken has ended by then: the deadline of the router, and a second. */
export const DEADLINE_MS = 16_000;

/** The p99 of other requests during a fault, as a multiple of theirs without one. */
export const MAX_P99_RATIO = 1.5;

/** The shop does all again so soon after a fault. */
export const MAX_RECOVERY_MS = 10_000;

/** What was measured of one fault. */
export type Measured = {
  readonly name: string;
  /** Requests that need what is broken, during the fault. */
  readonly affected: readonly Ending[];
  /** Requests that do not, without the fault: before and after it. */
  readonly before: readonly Ending[];
  /** The same, during the fault. */
  readonly during: readonly Ending[];
  /** From the end of the fault until a request that needs what was broken is done; null: never. */
  readonly recoveryMs: number | null;
};

export const p99Of = (endings: readonly Ending[]): number =>
  percentile(
    endings.map(({ ms }) => ms),
    0.99,
  );

export const slowestOf = (endings: readonly Ending[]): number =>
  Math.max(0, ...endings.map(({ ms }) => ms));

export const countOf = (endings: readonly Ending[], kind: Ending['kind']): number =>
  endings.filter((ending) => ending.kind === kind).length;

export const ratioOf = ({ before, during }: Measured): number => p99Of(during) / p99Of(before);

/** As much of a wrong response as a report shows. */
const SHOWN = 200;

/** @returns a sentence for each thing that must hold and does not */
export const findFaults = (measured: Measured): readonly string[] => {
  const { name, affected, before, during, recoveryMs } = measured;
  const wrong = [...affected, ...during, ...before].filter(({ kind }) => kind === 'wrong');
  const failed = [...before, ...during].filter(({ kind }) => kind === 'coded');
  const slowest = slowestOf(affected);
  const ratio = ratioOf(measured);
  const faults = [
    affected.length === 0 && 'no request needed what was broken',
    wrong.length > 0 &&
      `${wrong.length} requests ended without a code: ${wrong[0]?.text.slice(0, SHOWN)}`,
    failed.length > 0 &&
      `${failed.length} other requests failed: ${failed[0]?.text.slice(0, SHOWN)}`,
    slowest > DEADLINE_MS && `a request took ${slowest.toFixed(0)} ms (<= ${DEADLINE_MS})`,
    !(ratio <= MAX_P99_RATIO) &&
      `the p99 of others was ${ratio.toFixed(2)} times as high (<= ${MAX_P99_RATIO})`,
    (recoveryMs === null || recoveryMs > MAX_RECOVERY_MS) &&
      `the shop had not recovered after ${recoveryMs?.toFixed(0) ?? 'any number of'} ms ` +
        `(<= ${MAX_RECOVERY_MS})`,
  ];
  return faults.flatMap((fault) => (fault === false ? [] : [`${name}: ${fault}`]));
};
