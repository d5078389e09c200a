import { hkdfSync } from 'node:crypto';
import { milliseconds } from '@cartograph/config';
import { z } from 'zod';
import type { ThrottleRules } from './domain/throttle.ts';

/** How attempts are throttled, and where they are counted. */
export type ThrottleConfig = {
  readonly store: 'memory' | 'postgres';
  /** What keys are made with. */
  readonly secret: string;
  readonly rules: ThrottleRules;
};

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

const points = () => z.coerce.number().int().min(1);

/** A timer of Node's ends at once when it is set to more than 24 days; nobody waits one. */
const windowMs = () => z.coerce.number().int().min(1).max(DAY_MS);

/** The variables of ThrottleConfig. */
export const throttleEnv = z.object({
  THROTTLE_STORE: z.enum(['memory', 'postgres']).default('memory'),
  THROTTLE_WINDOW_MS: windowMs().default(15 * MINUTE_MS),
  LOGIN_FAILURES_PER_PAIR: points().default(10),
  LOGIN_FAILURES_PER_ADDRESS: points().default(300),
  LOGIN_FAILURES_PER_ACCOUNT: points().default(100),
  KNOWN_ADDRESS_MS: milliseconds().default(30 * DAY_MS),
  REGISTRATIONS_PER_ADDRESS: points().default(1_000),
  REGISTRATION_WINDOW_MS: windowMs().default(60 * MINUTE_MS),
  REFRESH_FAILURES_PER_ADDRESS: points().default(300),
  PASSWORD_CHANGE_FAILURES: points().default(10),
});

/**
 * Turns the variables into the throttle's config.
 * @param secret what every replica knows, and no client: a key of the throttle's own comes from it
 */
export const throttleConfig = (
  env: z.infer<typeof throttleEnv>,
  secret: string,
): ThrottleConfig => {
  const within = (limit: number, window = env.THROTTLE_WINDOW_MS) => ({
    points: limit,
    windowMs: window,
  });
  return {
    store: env.THROTTLE_STORE,
    secret: Buffer.from(hkdfSync('sha256', secret, '', 'cartograph throttle', 32)).toString('hex'),
    rules: {
      loginPair: within(env.LOGIN_FAILURES_PER_PAIR),
      loginAddress: within(env.LOGIN_FAILURES_PER_ADDRESS),
      loginAccount: within(env.LOGIN_FAILURES_PER_ACCOUNT),
      register: within(env.REGISTRATIONS_PER_ADDRESS, env.REGISTRATION_WINDOW_MS),
      refresh: within(env.REFRESH_FAILURES_PER_ADDRESS),
      changePassword: within(env.PASSWORD_CHANGE_FAILURES),
      knownAddressMs: env.KNOWN_ADDRESS_MS,
    },
  };
};
