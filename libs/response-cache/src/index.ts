export {
  DEFAULT_CACHE_LIMITS,
  readCacheLimits,
  responseCacheEnv,
  type CacheLimits,
} from './cache-config.ts';
export { readCacheHint, type CacheHint } from './read-cache-hint.ts';
export { makeResponseCache, type Answer, type ResponseCache } from './make-response-cache.ts';
