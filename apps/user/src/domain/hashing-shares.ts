import { problem } from '@cartograph/errors';
import { networkOf } from './client.ts';
import type { TooManyAttempts } from './throttle.ts';

/** What needs a password to be hashed. */
export type HashingOperation = 'login' | 'register' | 'changePassword';

/** How many requests may hash, or wait for it, at once. */
export type ShareLimits = {
  /** For one account. */
  readonly perAccount: number;
  /** From one address, for any account. */
  readonly perAddress: number;
};

/** Whom a request counts for. */
export type ShareHolder = {
  readonly operation: HashingOperation;
  /** An e-mail address, whether there is such an account or not. */
  readonly email: string;
  /** Null when not known: then it counts for the account alone. */
  readonly address: string | null;
  /** Whether the account knows this address: asked when the account's share is taken. */
  readonly isKnown: () => Promise<boolean>;
};

/** Divides the hashing queue, so that no account and no address can fill it for everybody. */
export type HashingShares = {
  /** Does the work while it holds a share; refuses at once when the account or address has its all. */
  readonly within: <Result>(
    holder: ShareHolder,
    work: () => Promise<Result>,
  ) => Promise<Result | TooManyAttempts>;
};

/** A share is held for as long as the queue is: the next one is free within about a second. */
const RETRY_AFTER_SECONDS = 1;

/**
 * Makes the division of the hashing queue of this process. Whoever signs in from an address that the
 * account knows has a share of their own there: a crowd of strangers does not lock them out.
 * @param deps.onRefused receives the operation of each request that is refused
 */
export const makeHashingShares = (deps: {
  limits: ShareLimits;
  onRefused: (operation: HashingOperation) => void;
}): HashingShares => {
  const { perAccount, perAddress } = deps.limits;
  const held = new Map<string, number>();

  const take = (key: string, max: number): boolean => {
    const count = held.get(key) ?? 0;
    if (count < max) held.set(key, count + 1);
    return count < max;
  };

  const giveBack = (keys: readonly string[]): void => {
    for (const key of keys) {
      const count = (held.get(key) ?? 1) - 1;
      if (count === 0) held.delete(key);
      else held.set(key, count);
    }
  };

  /** @returns the keys that are held from now on; null when there is no share left */
  const enter = async (holder: ShareHolder): Promise<readonly string[] | null> => {
    const { operation, email, address } = holder;
    const network = address === null ? null : networkOf(address);
    const keys: string[] = [];
    if (network !== null) {
      const ofAddress = JSON.stringify([network]);
      if (!take(ofAddress, perAddress)) return null;
      keys.push(ofAddress);
    }
    const ofAccount = JSON.stringify([operation, email]);
    if (take(ofAccount, perAccount)) return [...keys, ofAccount];
    const ofOwner = JSON.stringify([operation, email, network]);
    try {
      if ((await holder.isKnown()) && take(ofOwner, perAccount)) return [...keys, ofOwner];
    } catch (error) {
      giveBack(keys);
      throw error;
    }
    giveBack(keys);
    return null;
  };

  return {
    within: async (holder, work) => {
      const keys = await enter(holder);
      if (keys === null) {
        deps.onRefused(holder.operation);
        return problem('TOO_MANY_ATTEMPTS', { retryAfterSeconds: RETRY_AFTER_SECONDS });
      }
      try {
        return await work();
      } finally {
        giveBack(keys);
      }
    },
  };
};
