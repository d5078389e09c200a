import { readSigningKey, type SigningKey } from '@cartograph/auth';
import {
  ConfigError,
  milliseconds,
  parseEnv,
  pem,
  port,
  postgresUrl,
  type Env,
} from '@cartograph/config';
import { subgraphConfig, subgraphEnv, type SubgraphConfig } from '@cartograph/subgraph';
import type { SessionLifetime } from './domain/session.ts';

/** What the user service reads from its environment. */
export type Config = SubgraphConfig & {
  readonly signingKey: SigningKey;
  readonly accessTokenLifetimeMs: number;
  readonly sessionLifetime: SessionLifetime;
};

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

const userEnv = subgraphEnv.extend({
  USER_PORT: port().default(4001),
  USER_DATABASE_URL: postgresUrl(),
  JWT_PRIVATE_KEY: pem(),
  ACCESS_TOKEN_LIFETIME_MS: milliseconds().default(10 * MINUTE_MS),
  SESSION_IDLE_MS: milliseconds().default(14 * DAY_MS),
  SESSION_ABSOLUTE_MS: milliseconds().default(90 * DAY_MS),
});

const readKey = (text: string): SigningKey => {
  try {
    return readSigningKey(text);
  } catch {
    // The cause may repeat parts of the key.
    throw new ConfigError(['JWT_PRIVATE_KEY: is not an RSA key of at least 2048 bits in PKCS #8']);
  }
};

/**
 * Reads the configuration of the user service.
 * @throws ConfigError that names every variable that is missing or not valid
 */
export const readConfig = (env: Env): Config => {
  const values = parseEnv(userEnv, env);
  return {
    ...subgraphConfig(
      { name: 'user', port: values.USER_PORT, databaseUrl: values.USER_DATABASE_URL },
      values,
    ),
    signingKey: readKey(values.JWT_PRIVATE_KEY),
    accessTokenLifetimeMs: values.ACCESS_TOKEN_LIFETIME_MS,
    sessionLifetime: { idleMs: values.SESSION_IDLE_MS, absoluteMs: values.SESSION_ABSOLUTE_MS },
  };
};
