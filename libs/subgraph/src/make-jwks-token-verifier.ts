import {
  makeJwksFetcher,
  makeJwksKeyFinder,
  makeTokenVerifier,
  type TokenVerifier,
} from '@cartograph/auth';
import type { Logger } from '@cartograph/logging';
import type { SubgraphConfig } from './subgraph-config.ts';

/** Makes the verifier of access tokens, with the keys that the user service publishes. */
export const makeJwksTokenVerifier = (config: SubgraphConfig, log: Logger): TokenVerifier =>
  makeTokenVerifier(
    makeJwksKeyFinder(makeJwksFetcher(config.jwksUrl), {
      refreshAfterMs: config.jwksRefreshMs,
      maxAgeMs: config.jwksMaxAgeMs,
      onFetchFailed: (error) => log.warn({ err: error }, 'key set not fetched'),
    }),
    config.tokenScope,
  );
