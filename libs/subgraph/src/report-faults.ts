import type { Logger } from '@cartograph/logging';
import type { ReportFault } from '@cartograph/validation';

/** A page that is read often would fill the log with one row. */
const REPORT_EVERY_MS = 60_000;

const MAX_REMEMBERED = 1_000;

/** Logs the rows that can't be shown, each of them at most once a minute. */
export const makeFaultReporter = (log: Logger, now: () => number = Date.now): ReportFault => {
  const reported = new Map<string, number>();
  return ({ table, id, fault }) => {
    const key = `${table} ${id} ${fault}`;
    const last = reported.get(key);
    if (last !== undefined && now() - last < REPORT_EVERY_MS) return;
    if (reported.size >= MAX_REMEMBERED) reported.clear();
    reported.set(key, now());
    log.error({ table, id, fault }, "row left out of an answer: it can't be shown");
  };
};

/**
 * Whether Prisma failed to read a row for what is in it: P2023, as with a value of an enum that a
 * newer version of the service has stored already.
 */
export const isUnreadableRow = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'P2023';
