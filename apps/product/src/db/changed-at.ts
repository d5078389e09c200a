/**
 * SQL: the `updated_at` of a product that changes now. Evaluated when its row is locked, so that the
 * time is not that before a wait for the lock. Never earlier than before, so that readers with
 * `updatedSince` miss no change when clocks differ; a date that is further ahead is wrong, and corrected.
 * @param column the present `updated_at`: SQL
 */
export const changedAt = (column: string): string =>
  `greatest(clock_timestamp(), least(${column}, clock_timestamp() + interval '1 minute'))`;
