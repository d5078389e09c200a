export {
  DEFAULT_CACHE_LIMITS,
  readCacheLimits,
  responseCacheEnv,
  type CacheLimits,
} from './cache-config.ts';
export { readCacheHint, type CacheHint } from './read-cache-hint.ts';
export {
  makeResponseCache,
  type Answer,
  type ResponseCache,
  type Sharing,
} from './make-response-cache.ts';
export type { SharedResponses } from './make-shared-responses.ts';
export { openSharedResponses } from './open-shared-responses.ts';
export { joinParts, splitParts } from './response-text.ts';
