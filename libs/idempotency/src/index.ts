export {
  makeIdempotency,
  MIN_RETENTION_MS,
  type Idempotency,
  type IdempotencyTimes,
  type IdempotentRequest,
  type IdempotencyProblem,
} from './make-idempotency.ts';
export type { IdempotencyStore } from './idempotency-store.ts';
export { makeIdempotencyStore } from './make-idempotency-store.ts';
