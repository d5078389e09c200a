import { percentile } from '../../bench/measure.ts';

/** The slowest page of another customer during an attack. */
export const MAX_PAGE_MS = 300;

/** A page that another customer requested. */
export type Page = { readonly status: number; readonly ms: number };

/** What was measured during one attack. */
export type Measured = {
  readonly what: string;
  /** The statuses and codes that refuse it; null: nothing was sent. */
  readonly expected: readonly string[] | null;
  /** How often it was sent. */
  readonly times: number;
  /** How each ended: a status and a code. */
  readonly endings: readonly string[];
  readonly pages: readonly Page[];
  /** CPU of the attacked process for one request, in milliseconds; without that of the pages. */
  readonly cpuMs: number;
};

const timesOf = (pages: readonly Page[]): readonly number[] => pages.map(({ ms }) => ms);

export const slowestOf = (pages: readonly Page[]): number => Math.max(0, ...timesOf(pages));

export const p99Of = (pages: readonly Page[]): number => percentile(timesOf(pages), 0.99);

/** @returns a sentence for each thing that must hold and does not */
export const findFaults = ({
  what,
  expected,
  times,
  endings,
  pages,
}: Measured): readonly string[] => {
  const unexpected = endings.filter((ending) => expected && !expected.includes(ending));
  const failed = pages.filter(({ status }) => status !== 200);
  const slowest = slowestOf(pages);
  const faults = [
    endings.length !== times && `${endings.length} of ${times} ended`,
    unexpected.length > 0 &&
      `${unexpected.length} were not refused as ${expected?.join(' or ')}: ${unexpected[0]}`,
    pages.length === 0 && 'no page was requested',
    failed.length > 0 && `${failed.length} pages failed: ${failed[0]?.status}`,
    slowest > MAX_PAGE_MS && `a page took ${slowest.toFixed(0)} ms (<= ${MAX_PAGE_MS})`,
  ];
  return faults.flatMap((fault) => (fault === false ? [] : [`${what}: ${fault}`]));
};
