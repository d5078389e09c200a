export { makeRedis, type Redis, type RedisClient } from './make-redis.ts';
export { redisUrl } from './redis-url.ts';
