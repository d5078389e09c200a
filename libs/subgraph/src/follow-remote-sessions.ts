import type { Logger } from '@cartograph/logging';
import type { ServiceClientOptions } from '@cartograph/resilience';
import { followRevocations, makeRemoteRevocations } from '@cartograph/sessions';
import type { SessionCheck } from './request-context.ts';
import type { SubgraphConfig } from './subgraph-config.ts';

/** Maintains a copy of the user service's revoked sessions until it is closed. */
export const followRemoteSessions = (
  config: SubgraphConfig & { readonly users: ServiceClientOptions },
  log: Logger,
): { readonly check: SessionCheck; readonly close: () => Promise<void> } => {
  const feed = makeRemoteRevocations(config.users);
  const follower = followRevocations({ read: feed.read, limits: config.sessionStaleness, log });
  return {
    check: follower.check,
    close: () => {
      follower.close();
      return feed.close();
    },
  };
};
