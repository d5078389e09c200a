import { KeyFileError, makeSingleKeyRing } from '@cartograph/auth';
import {
  ConfigError,
  milliseconds,
  millisecondsFrom,
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
import type { ShareLimits } from './domain/hashing-shares.ts';
import type { SessionLifetime } from './domain/session.ts';
import { readKeyRingFile } from './read-key-ring-file.ts';
import { throttleConfig, throttleEnv, type ThrottleConfig } from './throttle-config.ts';
import type { KeySource } from './watch-key-ring.ts';

/** What the user service reads from its environment. */
export type Config = SubgraphConfig & {
  readonly keys: KeySource;
  readonly accessTokenLifetimeMs: number;
  readonly sessionLifetime: SessionLifetime;
  /** Sessions that an account may have. */
  readonly maxSessions: number;
  /** How long ended sessions are kept, in milliseconds. */
  readonly sessionRetentionMs: number;
  readonly purgeIntervalMs: number;
  readonly hashing: HashingLimits;
  readonly hashingShares: ShareLimits;
  readonly throttle: ThrottleConfig;
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
  JWT_PRIVATE_KEY: pem().optional(),
  JWT_KEYS_FILE: z.string().optional(),
  JWT_KEYS_RELOAD_MS: milliseconds().default(1_000),
  ACCESS_TOKEN_LIFETIME_MS: milliseconds().default(10 * MINUTE_MS),
  SESSION_IDLE_MS: milliseconds().default(14 * DAY_MS),
  SESSION_ABSOLUTE_MS: milliseconds().default(90 * DAY_MS),
  // The revocation feed reads what was revoked within the lifetime of an access token.
  SESSION_RETENTION_MS: millisecondsFrom(DAY_MS).default(7 * DAY_MS),
  PURGE_INTERVAL_MS: millisecondsFrom(1_000).default(10 * MINUTE_MS),
  SESSIONS_PER_ACCOUNT: z.coerce.number().int().min(1).max(10_000).default(100),
  HASH_CONCURRENCY: z.coerce.number().int().min(1).default(2),
  HASH_QUEUE: z.coerce.number().int().min(0).default(100),
  HASHES_PER_ACCOUNT: z.coerce.number().int().min(1).default(10),
  HASHES_PER_ADDRESS: z.coerce.number().int().min(1).default(50),
  HASHES_WAITING: z.coerce.number().int().min(0).default(200),
  HASHES_WAIT_MS: milliseconds().default(5_000),
  ...throttleEnv.shape,
  PRODUCT_SECRET: secret(),
  ORDER_SECRET: secret(),
  PAYMENT_SECRET: secret(),
});

const readPem = (text: string): KeySource => {
  try {
    return { ring: makeSingleKeyRing(text), file: null };
  } catch {
    // The cause may repeat parts of the key.
    throw new ConfigError(['JWT_PRIVATE_KEY: is not an RSA key of at least 2048 bits in PKCS #8']);
  }
};

const readKeysFile = (path: string, reloadMs: number, isProduction: boolean): KeySource => {
  const read = () => readKeyRingFile(path, isProduction);
  try {
    return { ring: read(), file: { path, reloadMs, read } };
  } catch (error) {
    if (error instanceof KeyFileError) throw new ConfigError([`JWT_KEYS_FILE: ${error.message}`]);
    throw error;
  }
};

const readKeys = (values: z.infer<typeof userEnv>): KeySource => {
  const { JWT_PRIVATE_KEY, JWT_KEYS_FILE, JWT_KEYS_RELOAD_MS } = values;
  if (JWT_PRIVATE_KEY !== undefined && JWT_KEYS_FILE === undefined) return readPem(JWT_PRIVATE_KEY);
  if (JWT_KEYS_FILE !== undefined && JWT_PRIVATE_KEY === undefined) {
    return readKeysFile(JWT_KEYS_FILE, JWT_KEYS_RELOAD_MS, values.NODE_ENV === 'production');
  }
  const which = JWT_KEYS_FILE === undefined ? 'neither' : 'both';
  throw new ConfigError([
    `JWT_KEYS_FILE, JWT_PRIVATE_KEY: exactly one must be set, and ${which} is`,
  ]);
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
    keys: readKeys(values),
    accessTokenLifetimeMs: values.ACCESS_TOKEN_LIFETIME_MS,
    allowedPasswords: values.NODE_ENV === 'production' ? [] : EXAMPLE_PASSWORDS,
    hashing: { concurrency: values.HASH_CONCURRENCY, queue: values.HASH_QUEUE },
    hashingShares: {
      perAccount: values.HASHES_PER_ACCOUNT,
      perAddress: values.HASHES_PER_ADDRESS,
      waiting: values.HASHES_WAITING,
      waitMs: values.HASHES_WAIT_MS,
    },
    sessionRetentionMs: values.SESSION_RETENTION_MS,
    purgeIntervalMs: values.PURGE_INTERVAL_MS,
    maxSessions: values.SESSIONS_PER_ACCOUNT,
    throttle: throttleConfig(values, values.ROUTER_SECRET),
    sessionLifetime: { idleMs: values.SESSION_IDLE_MS, absoluteMs: values.SESSION_ABSOLUTE_MS },
  };
};
