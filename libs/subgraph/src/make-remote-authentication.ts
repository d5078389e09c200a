import { makeJwksFetcher, makeJwksKeyFinder, makeTokenVerifier } from '@cartograph/auth';
import type { Logger } from '@cartograph/logging';
import type { ServiceClientOptions } from '@cartograph/resilience';
import { followRevocations, makeRemoteRevocations } from '@cartograph/sessions';
import type { SubgraphOptions } from './make-subgraph-server.ts';
import type { SubgraphConfig } from './subgraph-config.ts';

/**
 * Authenticates viewers with what the user service publishes: the keys of access tokens, and the
 * revoked sessions, of which it maintains a copy until it is closed.
 */
export const makeRemoteAuthentication = (
  config: SubgraphConfig & { readonly users: ServiceClientOptions },
  log: Logger,
): Pick<SubgraphOptions<never>, 'verifyToken' | 'checkSession' | 'close'> => {
  const feed = makeRemoteRevocations(config.users);
  const follower = followRevocations({ read: feed.read, limits: config.sessionStaleness, log });
  return {
    verifyToken: makeTokenVerifier(
      makeJwksKeyFinder(makeJwksFetcher(config.jwksUrl), {
        refreshAfterMs: config.jwksRefreshMs,
        maxAgeMs: config.jwksMaxAgeMs,
        onFetchFailed: (error) => log.warn({ err: error }, 'key set not fetched'),
      }),
      config.tokenScope,
    ),
    checkSession: follower.check,
    close: () => {
      follower.close();
      return feed.close();
    },
  };
};
