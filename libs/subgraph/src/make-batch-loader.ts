import { throwIfCancelled } from '@cartograph/resilience';
import DataLoader from 'dataloader';

const NOT_CACHED = { cache: false };

/**
 * Makes a loader of rows by key, for one request: all keys of one tick become one query, unless the
 * request was cancelled.
 * @param findMany the rows of these keys, in any order; a key without a row resolves to null
 */
export const makeBatchLoader = <Row>(
  findMany: (keys: readonly string[]) => Promise<readonly Row[]>,
  keyOf: (row: Row) => string,
): DataLoader<string, Row | null> =>
  new DataLoader(async (keys) => {
    throwIfCancelled();
    const rows = new Map((await findMany(keys)).map((row) => [keyOf(row), row]));
    return keys.map((key) => rows.get(key) ?? null);
  });

/**
 * As makeBatchLoader, for keys that have many rows; a key without rows resolves to an empty list. It keeps nothing:
 * of two mutations in one request, the second one may add rows.
 */
export const makeGroupLoader = <Row>(
  findMany: (keys: readonly string[]) => Promise<readonly Row[]>,
  keyOf: (row: Row) => string,
): DataLoader<string, readonly Row[]> =>
  new DataLoader(async (keys) => {
    throwIfCancelled();
    const groups = Map.groupBy(await findMany([...new Set(keys)]), keyOf);
    return keys.map((key) => groups.get(key) ?? []);
  }, NOT_CACHED);
