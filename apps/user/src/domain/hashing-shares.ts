import { problem } from '@cartograph/errors';
import { networkOf } from '@cartograph/validation';
import type { TooManyAttempts } from './throttle.ts';

/** The operations that hash a password. */
export type HashingOperation = 'login' | 'register' | 'changePassword';

/** How many requests may hash, or queue for hashing, concurrently. */
export type ShareLimits = {
  /** For one account. */
  readonly perAccount: number;
  /** From one address, for any account. */
  readonly perAddress: number;
  /** Requests that may wait for a share, over all accounts and addresses. More are refused. */
  readonly waiting: number;
  /** How long a request waits before it is refused. */
  readonly waitMs: number;
};

/** The account and address that a request counts for. */
export type ShareHolder = {
  readonly operation: HashingOperation;
  /** The e-mail address, even if there is no such account. */
  readonly email: string;
  /** Null when not known: the request then counts for the account only. */
  readonly address: string | null;
  /** Whether the account was signed in from this address. Called when the account has no share left. */
  readonly isKnown: () => Promise<boolean>;
};

/** Divides the hashing queue, so that no single account or address can fill it. */
export type HashingShares = {
  /** Runs the work while it holds a share. Waiting for a share does not block other holders. */
  readonly within: <Result>(
    holder: ShareHolder,
    work: () => Promise<Result>,
  ) => Promise<Result | TooManyAttempts>;
};

/** A share is held while its request is in the hashing queue: about a second at most. */
const RETRY_AFTER_SECONDS = 1;

/** The shares of one account or address. */
type Holding = {
  held: number;
  /** Each callback takes over a released share, in order of arrival. */
  readonly waiting: Set<() => void>;
};

/**
 * Makes the shares of the hashing queue of this process. A sign-in from an address that the account
 * knows has its own share there: other clients cannot lock the owner out.
 * @param deps.onRefused receives the operation of each request that is refused
 */
export const makeHashingShares = (deps: {
  limits: ShareLimits;
  onRefused: (operation: HashingOperation) => void;
}): HashingShares => {
  const { limits } = deps;
  const holdings = new Map<string, Holding>();
  let waiting = 0;

  const takeNow = (key: string, max: number): boolean => {
    const holding = holdings.get(key) ?? { held: 0, waiting: new Set() };
    if (holding.held >= max) return false;
    holding.held += 1;
    holdings.set(key, holding);
    return true;
  };

  const waitFor = (holding: Holding): Promise<boolean> => {
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const leave = (hasShare: boolean): void => {
      clearTimeout(timer);
      holding.waiting.delete(takeOver);
      waiting -= 1;
      resolve(hasShare);
    };
    const takeOver = () => leave(true);
    const timer = setTimeout(leave, limits.waitMs, false).unref();
    holding.waiting.add(takeOver);
    waiting += 1;
    return promise;
  };

  const take = async (key: string, max: number): Promise<boolean> => {
    if (takeNow(key, max)) return true;
    const holding = holdings.get(key);
    return holding !== undefined && waiting < limits.waiting && (await waitFor(holding));
  };

  const release = (keys: readonly string[]): void => {
    for (const key of keys) {
      const holding = holdings.get(key);
      if (!holding) continue;
      const [next] = holding.waiting;
      // The next request takes the share over, so the number held does not change.
      if (next) next();
      else holding.held -= 1;
      if (holding.held === 0) holdings.delete(key);
    }
  };

  /** Adds the key of the account's share when it takes one. @returns whether it did */
  const takeAccountShare = async (holder: ShareHolder, keys: string[]): Promise<boolean> => {
    const { operation, email, address } = holder;
    const network = address === null ? null : networkOf(address);
    const accountKey = JSON.stringify([operation, email]);
    const ownerKey = JSON.stringify([operation, email, network]);
    const isFree = takeNow(accountKey, limits.perAccount);
    const key = !isFree && (await holder.isKnown()) ? ownerKey : accountKey;
    if (!isFree && !(await take(key, limits.perAccount))) return false;
    keys.push(key);
    return true;
  };

  /** Adds the keys of the shares that it takes. @returns whether it took all it needs */
  const takeShares = async (holder: ShareHolder, keys: string[]): Promise<boolean> => {
    if (holder.address !== null) {
      const addressKey = JSON.stringify([networkOf(holder.address)]);
      if (!(await take(addressKey, limits.perAddress))) return false;
      keys.push(addressKey);
    }
    return takeAccountShare(holder, keys);
  };

  return {
    within: async (holder, work) => {
      const keys: string[] = [];
      try {
        if (await takeShares(holder, keys)) return await work();
        deps.onRefused(holder.operation);
        return problem('TOO_MANY_ATTEMPTS', {
          retryAfterSeconds: RETRY_AFTER_SECONDS,
          quota: null,
        });
      } finally {
        release(keys);
      }
    },
  };
};
