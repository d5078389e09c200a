import type { Logger } from '@cartograph/logging';
import { makeRedis } from '@cartograph/redis';
import { hashCode } from './hash-code.ts';
import { makeSharedResponses, type SharedResponses } from './make-shared-responses.ts';

/**
 * Opens the responses that the replicas of an app share, where there is a Redis. It does not wait
 * for Redis.
 * @param options.folder of the app
 * @param options.dependsOn settings that a response depends on
 */
export const openSharedResponses = async (options: {
  readonly redisUrl: string | null;
  readonly name: string;
  readonly folder: string;
  readonly dependsOn: readonly unknown[];
  readonly log: Logger;
}): Promise<{
  readonly responses: SharedResponses | null;
  readonly close: () => Promise<void>;
}> => {
  const { redisUrl: url, name, folder, dependsOn, log } = options;
  if (url === null) return { responses: null, close: async () => undefined };
  const scope = JSON.stringify([name, await hashCode(folder), ...dependsOn]);
  const redis = makeRedis({ url, name, log });
  return { responses: makeSharedResponses(redis, scope), close: redis.close };
};
