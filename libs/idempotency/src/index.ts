export {
  makeIdempotency,
  MIN_RETENTION_MS,
  type Idempotency,
  type IdempotencyTimes,
  type IdempotentRequest,
  type IdempotencyProblem,
  type ResponseSlot,
} from './make-idempotency.ts';
export type { IdempotencyStore, Lease } from './idempotency-store.ts';
export { makeIdempotencyStore } from './make-idempotency-store.ts';
