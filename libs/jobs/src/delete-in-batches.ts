/** Rows per statement: each holds its locks for milliseconds, not for the whole purge. */
export const PURGE_BATCH = 1_000;

/** Batches per purge. A longer one would outlast its lease; the next purge continues. */
export const PURGE_MAX_BATCHES = 100;

/**
 * Deletes batches until one is not full, or there were 100 of them.
 * @param deleteBatch deletes up to `limit` rows, and returns how many it deleted
 * @returns how many rows were deleted
 */
export const deleteInBatches = async (
  deleteBatch: (limit: number) => Promise<number>,
  limit: number = PURGE_BATCH,
): Promise<number> => {
  let deleted = 0;
  for (let batch = 0; batch < PURGE_MAX_BATCHES; batch += 1) {
    const count = await deleteBatch(limit);
    deleted += count;
    if (count < limit) break;
  }
  return deleted;
};
