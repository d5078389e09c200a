import type { Logger } from '@cartograph/logging';
import type { ReportFault } from '@cartograph/validation';

/** Else a page that is read often would fill the log with one row. */
const REPORT_EVERY_MS = 60_000;

const MAX_REPORTED = 1_000;

/** Logs the rows that can't be displayed, each at most once a minute. */
export const makeFaultReporter = (log: Logger, now: () => number = Date.now): ReportFault => {
  const reported = new Map<string, number>();
  return ({ table, id, fault }) => {
    const key = `${table} ${id} ${fault}`;
    const last = reported.get(key);
    if (last !== undefined && now() - last < REPORT_EVERY_MS) return;
    if (reported.size >= MAX_REPORTED) reported.clear();
    reported.set(key, now());
    log.error({ table, id, fault }, "row left out of an answer: it can't be shown");
  };
};

/**
 * Whether Prisma could not read a value of a row: P2023, such as an enum value that a newer version
 * of the service has stored.
 */
export const isUnreadableRow = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'P2023';
