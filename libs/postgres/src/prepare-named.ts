import type { Pool } from 'pg';
import { allowsPreparing, statementNameOf } from './statement-names.ts';

type Query = (...query: readonly unknown[]) => Promise<unknown>;

/** Adds the name of its comment to a statement: `query(text, values)` or `query({ text, values })`. */
const withName = ([first, ...rest]: readonly unknown[]): readonly unknown[] => {
  if (typeof first === 'string') {
    const name = Array.isArray(rest[0]) ? statementNameOf(first) : undefined;
    return name === undefined
      ? [first, ...rest]
      : [{ name, text: first, values: rest[0] }, ...rest.slice(1)];
  }
  const { name, text } = (first ?? {}) as { name?: string; text?: unknown };
  if (name !== undefined || typeof text !== 'string') return [first, ...rest];
  return [{ ...(first as object), name: statementNameOf(text) }, ...rest];
};

/**
 * Makes `query` of a pool prepare statements that begin with a comment like `product.reserve`, once per
 * connection (see statementNameOf). Transactions (`pool.connect`) are not affected.
 */
export const prepareNamed = (pool: Pool, databaseUrl: string): Pool => {
  if (!allowsPreparing(databaseUrl)) return pool;
  const query = pool.query.bind(pool) as unknown as Query;
  return Object.assign(pool, {
    query: ((...given) => query(...withName(given))) as Query as unknown as Pool['query'],
  });
};
