import { describe, expect, it } from 'vitest';
import { redisUrl } from './redis-url.ts';

describe('REDIS_URL', () => {
  it.each(['redis://127.0.0.1:6379', 'redis://cache/2', 'rediss://shop:s%40crt@redis.test:6380/0'])(
    'may be %s',
    (text) => {
      expect(redisUrl().parse(text)).toBe(text);
    },
  );

  it.each(['127.0.0.1:6379', 'http://cache', 'redis', 'rediss:secret', 'redis://cache/shop'])(
    'is never %s, which the error does not repeat',
    (text) => {
      const { error } = redisUrl().safeParse(text);
      expect(error?.issues.map(({ message }) => message)).toEqual([
        'is not a redis:// or rediss:// address',
      ]);
    },
  );

  it('is never one whose password the client could not decode', () => {
    const { error } = redisUrl().safeParse('redis://shop:50%off@cache:6379');
    expect(error?.issues.map(({ message }) => message)).toEqual([
      'is not percent-encoded: % is %25',
    ]);
  });
});
