/** A command that Redis did not answer in time. It may have been executed, or may be later. */
export class RedisTimeout extends Error {
  override readonly name = 'RedisTimeout';

  constructor(timeoutMs: number) {
    super(`redis did not answer within ${timeoutMs} ms`);
  }
}

/**
 * Waits for work no longer than this. A reply that arrived while this process was busy is still
 * read: timers fire before sockets are read, so the time is only over after the next read.
 * @throws RedisTimeout
 */
export const within = async <Result>(timeoutMs: number, work: Promise<Result>): Promise<Result> => {
  const { promise, reject } = Promise.withResolvers<never>();
  const expire = () => setImmediate(() => reject(new RedisTimeout(timeoutMs)));
  const timer = setTimeout(expire, timeoutMs);
  try {
    return await Promise.race([work, promise]);
  } finally {
    clearTimeout(timer);
  }
};
