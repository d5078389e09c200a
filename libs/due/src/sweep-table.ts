import type { Logger } from '@cartograph/logging';
import { runLinked } from '@cartograph/telemetry';
import type { DueMetrics } from './due-metrics.ts';
import type { DueRow, DueTable } from './due-table.ts';
import { makeAlarm } from './make-alarm.ts';

/** A table, and what is done with its due rows. */
export type SweptTable = {
  readonly table: DueTable;
  /** How many rows of this table are processed at a time. */
  readonly slots: number;
  /**
   * Does the next step of a row: one remote call and one write, within STEP_TIMEOUT_MS (every wait in
   * it has a shorter timeout of its own: nothing interrupts it). It may run twice, even at the same
   * time.
   * @returns when the row is due next; null: nothing is left to do
   * @throws to be retried
   */
  readonly process: (id: string) => Promise<Date | null>;
};

export type Sweeper = {
  /** Checks for due rows now: call it after a write that made one due. */
  readonly wake: () => void;
  /** Claims no more rows, and waits for the steps in progress. */
  readonly stop: () => Promise<void>;
};

/**
 * A step ends within this time: before the lease of its row does, with time to write its end. One
 * that takes longer counts as failed; what it still does has no effect on when its row is due.
 */
export const STEP_TIMEOUT_MS = 15_000;

/** How late a row is claimed at most, give or take a quarter. */
const TICK_MS = 1_000;

/** The longest pause after claims that failed. */
const MAX_PAUSE_MS = 10_000;

/** Processes of one service do not check at the same moment. */
const jittered = (pauseMs: number): number => pauseMs * (0.75 + Math.random() / 2);

/** @throws when the step takes longer than it may; it is not interrupted */
const withinTimeout = async (step: Promise<Date | null>): Promise<Date | null> => {
  const { promise: tooLong, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => reject(new Error(`the step took longer than ${STEP_TIMEOUT_MS} ms`)),
    STEP_TIMEOUT_MS,
  );
  try {
    return await Promise.race([step, tooLong]);
  } finally {
    clearTimeout(timer);
  }
};

/**
 * Claims the due rows of one table and processes them, until it is stopped. A batch has as many rows
 * as slots are free, so no claimed row waits while its lease runs out.
 */
export const sweepTable = (
  { table, slots, process }: SweptTable,
  measured: DueMetrics,
  log: Logger,
): Sweeper => {
  const alarm = makeAlarm();
  const running = new Set<Promise<void>>();
  let isStopping = false;
  // Set while all slots are taken: rows may wait for the next one that is free.
  let isFull = false;

  const writeFailure = async (row: DueRow, error: unknown): Promise<void> => {
    const end = await table.fail(row, error);
    const isFinal = end === 'DEAD';
    measured.failed(table.name, isFinal);
    const fields = { table: table.name, id: row.id, attempts: row.attempts, err: error };
    if (isFinal) log.error(fields, 'due row dead');
    else log.warn(fields, 'due row failed');
  };

  const spanOptions = { attributes: { 'shop.due.table': table.name } };

  const runStep = async (row: DueRow): Promise<void> => {
    measured.claimed(table.name, row.lagMs);
    try {
      // A `process` that throws before its first await is a failure like any other.
      const step = runLinked(`process ${table.name}`, spanOptions, [row.cause], async () =>
        process(row.id),
      );
      const end = await withinTimeout(step).then(
        (nextAt) => () => table.finish(row, nextAt),
        (error: unknown) => () => writeFailure(row, error),
      );
      await end();
    } catch (error) {
      // The row is taken again when its lease ends.
      measured.failed(table.name, false);
      log.warn({ table: table.name, id: row.id, err: error }, 'end of a due row not written');
    }
  };

  const start = (row: DueRow): void => {
    const step = runStep(row).finally(() => {
      running.delete(step);
      if (isFull) alarm.ring();
    });
    running.add(step);
  };

  const sweep = async (): Promise<void> => {
    let failures = 0;
    while (!isStopping) {
      alarm.reset();
      const free = slots - running.size;
      isFull = free === 0;
      if (free > 0) {
        try {
          const rows = await table.claim(free);
          failures = 0;
          isFull = rows.length === free;
          rows.forEach(start);
        } catch (error) {
          failures += 1;
          log.warn({ table: table.name, err: error }, 'due rows not claimed');
        }
      }
      await alarm.wait(jittered(Math.min(TICK_MS * 2 ** failures, MAX_PAUSE_MS)));
    }
  };

  const sweeping = sweep();
  return {
    wake: alarm.ring,
    stop: async () => {
      isStopping = true;
      alarm.ring();
      await sweeping;
      await Promise.all(running);
    },
  };
};
