import { hkdfSync } from 'node:crypto';
import { KeyFileError, makeSingleKeyRing, SUBGRAPHS } from '@cartograph/auth';
import {
  ConfigError,
  milliseconds,
  millisecondsFrom,
  parseEnv,
  pem,
  port,
  postgresUrl,
  secret,
  timerMilliseconds,
  timerMillisecondsFrom,
  type Env,
} from '@cartograph/config';
import { redisUrl } from '@cartograph/redis';
import { subgraphConfig, subgraphEnv, type SubgraphConfig } from '@cartograph/subgraph';
import { z } from 'zod';
import type { ShareLimits } from './domain/hashing-shares.ts';
import type { HashingLimits } from './domain/password-hasher.ts';
import type { SessionLifetime } from './domain/session.ts';
import type { ThrottleRules } from './domain/throttle.ts';
import { readKeyRingFile, type KeySource } from './jobs/watch-key-ring.ts';

/** Where attempts are counted. */
export type ThrottleStore =
  { readonly kind: 'memory' | 'postgres' } | { readonly kind: 'redis'; readonly url: string };

/** How attempts are throttled, and where they are counted. */
type ThrottleConfig = {
  readonly store: ThrottleStore;
  /** The key of the HMAC in counter keys. */
  readonly secret: string;
  readonly rules: ThrottleRules;
};

/** The environment of the user service as a read-only object. */
export type Config = SubgraphConfig & {
  readonly keys: KeySource;
  readonly accessTokenLifetimeMs: number;
  readonly sessionLifetime: SessionLifetime;
  /** Active sessions that an account may have. */
  readonly maxSessions: number;
  /** How long ended sessions are stored, in milliseconds. */
  readonly sessionRetentionMs: number;
  readonly purgeIntervalMs: number;
  readonly hashing: HashingLimits;
  readonly hashingShares: ShareLimits;
  readonly throttle: ThrottleConfig;
  /** Common passwords that are accepted. */
  readonly allowedPasswords: readonly string[];
};

/** The password in the examples of the documentation: accepted except in production. */
const EXAMPLE_PASSWORDS = ['P@ssw0rd'];

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

const count = (min: number) => z.coerce.number().int().min(min);

/** Node's timers fire immediately when set to more than 24 days. */
const windowMs = () => count(1).max(DAY_MS);

/** Each of the other subgraphs reads the feed of revoked sessions. */
const PEERS = SUBGRAPHS.filter((name) => name !== 'user');

type Peer = (typeof PEERS)[number];

const secretVariableOf = (name: Peer) => `${name.toUpperCase() as Uppercase<Peer>}_SECRET` as const;

const peerSecretsEnv = Object.fromEntries(
  PEERS.map((name) => [secretVariableOf(name), secret()]),
) as Record<ReturnType<typeof secretVariableOf>, ReturnType<typeof secret>>;

/** The environment variables of the user service. */
export const userEnv = subgraphEnv.extend({
  USER_PORT: port().default(4001),
  USER_DATABASE_URL: postgresUrl(),
  JWT_PRIVATE_KEY: pem().optional(),
  JWT_KEYS_FILE: z.string().optional(),
  JWT_KEYS_RELOAD_MS: timerMilliseconds().default(1_000),
  // The revocation feed returns it, with a margin, as an Int.
  ACCESS_TOKEN_LIFETIME_MS: timerMilliseconds().default(10 * MINUTE_MS),
  SESSION_IDLE_MS: milliseconds().default(14 * DAY_MS),
  SESSION_ABSOLUTE_MS: milliseconds().default(90 * DAY_MS),
  // The revocation feed reads what was revoked within the lifetime of an access token.
  SESSION_RETENTION_MS: millisecondsFrom(DAY_MS).default(7 * DAY_MS),
  PURGE_INTERVAL_MS: timerMillisecondsFrom(1_000).default(10 * MINUTE_MS),
  SESSIONS_PER_ACCOUNT: count(1).max(10_000).default(100),
  HASH_CONCURRENCY: count(1).default(2),
  HASH_QUEUE: count(0).default(100),
  HASHES_PER_ACCOUNT: count(1).default(10),
  HASHES_PER_ADDRESS: count(1).default(50),
  HASHES_WAITING: count(0).default(200),
  HASHES_WAIT_MS: timerMilliseconds().default(5_000),
  THROTTLE_STORE: z.enum(['memory', 'postgres', 'redis']).default('memory'),
  REDIS_URL: redisUrl().optional(),
  THROTTLE_WINDOW_MS: windowMs().default(15 * MINUTE_MS),
  LOGIN_FAILURES_PER_PAIR: count(1).default(10),
  LOGIN_FAILURES_PER_ADDRESS: count(1).default(300),
  LOGIN_FAILURES_PER_ACCOUNT: count(1).default(100),
  KNOWN_ADDRESS_MS: milliseconds().default(30 * DAY_MS),
  REGISTRATIONS_PER_ADDRESS: count(1).default(1_000),
  REGISTRATION_WINDOW_MS: windowMs().default(60 * MINUTE_MS),
  REFRESH_FAILURES_PER_ADDRESS: count(1).default(300),
  PASSWORD_CHANGE_FAILURES: count(1).default(10),
  ...peerSecretsEnv,
});

type UserEnv = z.infer<typeof userEnv>;

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

const readKeys = (values: UserEnv): KeySource => {
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

const readThrottleStore = ({ THROTTLE_STORE, REDIS_URL }: UserEnv): ThrottleStore => {
  if (THROTTLE_STORE !== 'redis') return { kind: THROTTLE_STORE };
  if (REDIS_URL !== undefined) return { kind: THROTTLE_STORE, url: REDIS_URL };
  throw new ConfigError(['REDIS_URL: is not set, and THROTTLE_STORE is redis']);
};

const readThrottle = (values: UserEnv): ThrottleConfig => {
  const limit = (points: number, window = values.THROTTLE_WINDOW_MS) => ({
    points,
    windowMs: window,
  });
  // Derived from a secret that every replica knows and no client.
  const secret = hkdfSync('sha256', values.ROUTER_SECRET, '', 'cartograph throttle', 32);
  return {
    store: readThrottleStore(values),
    secret: Buffer.from(secret).toString('hex'),
    rules: {
      loginPair: limit(values.LOGIN_FAILURES_PER_PAIR),
      loginAddress: limit(values.LOGIN_FAILURES_PER_ADDRESS),
      loginAccount: limit(values.LOGIN_FAILURES_PER_ACCOUNT),
      register: limit(values.REGISTRATIONS_PER_ADDRESS, values.REGISTRATION_WINDOW_MS),
      refresh: limit(values.REFRESH_FAILURES_PER_ADDRESS),
      changePassword: limit(values.PASSWORD_CHANGE_FAILURES),
      knownAddressMs: values.KNOWN_ADDRESS_MS,
    },
  };
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
        peerSecrets: Object.fromEntries(
          PEERS.map((name) => [name, values[secretVariableOf(name)]]),
        ),
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
    throttle: readThrottle(values),
    sessionLifetime: { idleMs: values.SESSION_IDLE_MS, absoluteMs: values.SESSION_ABSOLUTE_MS },
  };
};
