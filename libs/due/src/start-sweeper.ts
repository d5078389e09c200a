import type { Logger } from '@cartograph/logging';
import { makeDueMetrics } from './due-metrics.ts';
import { makeAlarm } from './make-alarm.ts';
import { sweepTable, type Sweeper, type SweptTable } from './sweep-table.ts';

/** How often overdue and dead rows are counted. */
const COUNT_EVERY_MS = 15_000;

/**
 * Processes the rows that are due, at least once each: those of a table up to `slots` at a time, and
 * of one table independently of all others. Several processes share the work. While the database is
 * unreachable, it logs that and continues.
 */
export const startSweeper = (options: { tables: readonly SweptTable[]; log: Logger }): Sweeper => {
  const { tables, log } = options;
  const measured = makeDueMetrics(tables.map(({ table }) => table.name));
  const sweeps = tables.map((swept) => sweepTable(swept, measured, log));

  const count = async ({ table }: SweptTable): Promise<void> => {
    try {
      measured.counted(table.name, await table.count());
    } catch (error) {
      log.warn({ table: table.name, err: error }, 'due rows not counted');
    }
  };
  const alarm = makeAlarm();
  let isStopping = false;
  const countRepeatedly = async (): Promise<void> => {
    while (!isStopping) {
      await Promise.all(tables.map(count));
      await alarm.wait(COUNT_EVERY_MS);
    }
  };
  const counting = countRepeatedly();

  return {
    wake: () => {
      for (const sweep of sweeps) sweep.wake();
    },
    stop: async () => {
      isStopping = true;
      alarm.ring();
      await Promise.all([counting, ...sweeps.map((sweep) => sweep.stop())]);
      measured.stop();
    },
  };
};
