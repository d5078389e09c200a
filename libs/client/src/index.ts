export type { TypedText } from './document-type.ts';
export type * from './generated/graphql.ts';
export { DEFAULT_LIMITS, type ClientLimits } from './limits.ts';
export type { CallOptions } from './make-caller.ts';
export { makeShopClient, type ShopClientOptions } from './make-shop-client.ts';
export {
  isProblem,
  match,
  unwrapOrThrow,
  type AnyProblem,
  type Handlers,
  type ProblemOf,
  type SuccessOf,
} from './match.ts';
export { operations } from './operations.ts';
export { makeMemorySessionStore, type SessionStore, type StoredSession } from './session-store.ts';
export type { KeyedOptions, ProductKey, ReadOptions, ShopClient } from './shop-client.ts';
export { ShopClientError, type ClientCode, type GraphError } from './shop-client-error.ts';
