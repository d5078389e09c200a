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
  /** Requests that may wait for a share, over all accounts and addresses; one more is refused. */
  readonly waiting: number;
  /** How long one waits before it is refused. */
  readonly waitMs: number;
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
  /** Does the work while it holds a share, for which it may wait: not in the way of others. */
  readonly within: <Result>(
    holder: ShareHolder,
    work: () => Promise<Result>,
  ) => Promise<Result | TooManyAttempts>;
};

/** A share is held for as long as the queue is: the next one is free within about a second. */
const RETRY_AFTER_SECONDS = 1;

/** The requests of one account or address. */
type Line = {
  held: number;
  /** Each takes over a share, first come, first served. */
  readonly waiting: Set<() => void>;
};

/**
 * Makes the division of the hashing queue of this process. Whoever signs in from an address that the
 * account knows has a share of their own there: a crowd of strangers does not lock them out.
 * @param deps.onRefused receives the operation of each request that is refused
 */
export const makeHashingShares = (deps: {
  limits: ShareLimits;
  onRefused: (operation: HashingOperation) => void;
}): HashingShares => {
  const { limits } = deps;
  const lines = new Map<string, Line>();
  let waiting = 0;

  const takeNow = (key: string, max: number): boolean => {
    const line = lines.get(key) ?? { held: 0, waiting: new Set() };
    if (line.held >= max) return false;
    line.held += 1;
    lines.set(key, line);
    return true;
  };

  const waitFor = (line: Line): Promise<boolean> => {
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const leave = (hasShare: boolean): void => {
      clearTimeout(timer);
      line.waiting.delete(takeOver);
      waiting -= 1;
      resolve(hasShare);
    };
    const takeOver = () => leave(true);
    const timer = setTimeout(leave, limits.waitMs, false).unref();
    line.waiting.add(takeOver);
    waiting += 1;
    return promise;
  };

  const take = async (key: string, max: number): Promise<boolean> => {
    if (takeNow(key, max)) return true;
    const line = lines.get(key);
    return line !== undefined && waiting < limits.waiting && (await waitFor(line));
  };

  const giveBack = (keys: readonly string[]): void => {
    for (const key of keys) {
      const line = lines.get(key);
      if (!line) continue;
      const [next] = line.waiting;
      // Who takes over holds it from now on, so as many are held as before.
      if (next) next();
      else line.held -= 1;
      if (line.held === 0) lines.delete(key);
    }
  };

  /** @returns whether the account's share is held from now on, under the key that is added */
  const enterAccount = async (holder: ShareHolder, keys: string[]): Promise<boolean> => {
    const { operation, email, address } = holder;
    const network = address === null ? null : networkOf(address);
    const ofAccount = JSON.stringify([operation, email]);
    const ofOwner = JSON.stringify([operation, email, network]);
    const isFree = takeNow(ofAccount, limits.perAccount);
    const key = !isFree && (await holder.isKnown()) ? ofOwner : ofAccount;
    if (!isFree && !(await take(key, limits.perAccount))) return false;
    keys.push(key);
    return true;
  };

  /** @returns whether shares of the address and the account are held, under the keys that are added */
  const enter = async (holder: ShareHolder, keys: string[]): Promise<boolean> => {
    if (holder.address !== null) {
      const ofAddress = JSON.stringify([networkOf(holder.address)]);
      if (!(await take(ofAddress, limits.perAddress))) return false;
      keys.push(ofAddress);
    }
    return enterAccount(holder, keys);
  };

  return {
    within: async (holder, work) => {
      const keys: string[] = [];
      try {
        if (await enter(holder, keys)) return await work();
        deps.onRefused(holder.operation);
        return problem('TOO_MANY_ATTEMPTS', { retryAfterSeconds: RETRY_AFTER_SECONDS });
      } finally {
        giveBack(keys);
      }
    },
  };
};
