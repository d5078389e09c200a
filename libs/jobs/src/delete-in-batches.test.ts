import { describe, expect, it } from 'vitest';
import { deleteInBatches, PURGE_BATCH, PURGE_MAX_BATCHES } from './delete-in-batches.ts';

describe('a purge', () => {
  const makeTable = (rows: number) => {
    const limits: number[] = [];
    const deleteBatch = async (limit: number) => {
      limits.push(limit);
      const count = Math.min(limit, rows);
      rows -= count;
      return count;
    };
    return { limits, deleteBatch };
  };

  it.each([
    [0, 1],
    [999, 1],
    [1_000, 2],
    [2_500, 3],
  ])('of %i rows takes %i statements', async (rows, statements) => {
    const { limits, deleteBatch } = makeTable(rows);
    expect(await deleteInBatches(deleteBatch)).toBe(rows);
    expect(limits).toEqual(Array(statements).fill(PURGE_BATCH));
  });

  it('ends after a hundred batches, and leaves the rest to the next purge', async () => {
    const { limits, deleteBatch } = makeTable(Infinity);
    expect(await deleteInBatches(deleteBatch, 10)).toBe(10 * PURGE_MAX_BATCHES);
    expect(limits).toHaveLength(PURGE_MAX_BATCHES);
  });
});
