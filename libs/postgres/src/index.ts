export { inTransaction } from './in-transaction.ts';
export { isOverload } from './is-overload.ts';
export {
  makeDatabasePool,
  type DatabaseConfig,
  type StatementLimits,
} from './make-database-pool.ts';
export { makeEnumReader } from './make-enum-reader.ts';
export { onConstraint } from './on-constraint.ts';
export { openPool, type PoolOptions } from './open-pool.ts';
export { prismaOptions } from './prisma-options.ts';
export { readRows, type Reads, type Statement } from './read-rows.ts';
