import { readSigningKey, type SigningKey } from '@cartograph/auth';
import {
  ConfigError,
  milliseconds,
  parseEnv,
  pem,
  port,
  postgresUrl,
  secret,
  type Env,
} from '@cartograph/config';
import { z } from 'zod';
import { subgraphConfig, subgraphEnv, type SubgraphConfig } from '@cartograph/subgraph';
import type { HashingLimits } from './domain/password-hasher.ts';
import type { SessionLifetime } from './domain/session.ts';

/** What the user service reads from its environment. */
export type Config = SubgraphConfig & {
  readonly signingKey: SigningKey;
  readonly accessTokenLifetimeMs: number;
  readonly sessionLifetime: SessionLifetime;
  readonly hashing: HashingLimits;
  /** Passwords that may be common all the same. */
  readonly allowedPasswords: readonly string[];
};

/** What the examples of the documentation sign up with: welcome anywhere but in production. */
const EXAMPLE_PASSWORDS = ['P@ssw0rd'];

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

const userEnv = subgraphEnv.extend({
  USER_PORT: port().default(4001),
  USER_DATABASE_URL: postgresUrl(),
  JWT_PRIVATE_KEY: pem(),
  ACCESS_TOKEN_LIFETIME_MS: milliseconds().default(10 * MINUTE_MS),
  SESSION_IDLE_MS: milliseconds().default(14 * DAY_MS),
  SESSION_ABSOLUTE_MS: milliseconds().default(90 * DAY_MS),
  HASH_CONCURRENCY: z.coerce.number().int().min(1).default(2),
  HASH_QUEUE: z.coerce.number().int().min(0).default(100),
  PRODUCT_SECRET: secret(),
  ORDER_SECRET: secret(),
  PAYMENT_SECRET: secret(),
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
      {
        name: 'user',
        port: values.USER_PORT,
        databaseUrl: values.USER_DATABASE_URL,
        sisterSecrets: {
          product: values.PRODUCT_SECRET,
          order: values.ORDER_SECRET,
          payment: values.PAYMENT_SECRET,
        },
      },
      values,
    ),
    signingKey: readKey(values.JWT_PRIVATE_KEY),
    accessTokenLifetimeMs: values.ACCESS_TOKEN_LIFETIME_MS,
    allowedPasswords: values.NODE_ENV === 'production' ? [] : EXAMPLE_PASSWORDS,
    hashing: { concurrency: values.HASH_CONCURRENCY, queue: values.HASH_QUEUE },
    sessionLifetime: { idleMs: values.SESSION_IDLE_MS, absoluteMs: values.SESSION_ABSOLUTE_MS },
  };
};
