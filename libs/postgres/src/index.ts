export { inTransaction } from './in-transaction.ts';
export { isOverload } from './is-overload.ts';
export { onConstraint } from './on-constraint.ts';
export { openPool, type PoolOptions } from './open-pool.ts';
export { prismaOptions, type DatabaseConfig } from './prisma-options.ts';
