import { createHmac } from 'node:crypto';
import { problem, type Problem } from '@cartograph/errors';
import { networkOf } from '@cartograph/validation';

/** A number of attempts in a window, which begins with the first attempt. */
export type Limit = { readonly points: number; readonly windowMs: number };

/** The limits of all operations. */
export type ThrottleRules = {
  /** Failed sign-ins to one account from one address. */
  readonly loginPair: Limit;
  /** Failed sign-ins from one address, to any account. */
  readonly loginAddress: Limit;
  /** Failed sign-ins to one account, from all addresses that it does not know. */
  readonly loginAccount: Limit;
  /** Registrations from one address. */
  readonly register: Limit;
  /** Invalid refresh tokens from one address. */
  readonly refresh: Limit;
  /** Wrong passwords in changes of one account's password. */
  readonly changePassword: Limit;
  /** How long an account knows an address that it was signed in from. */
  readonly knownAddressMs: number;
};

/** The attempts in the current window, and when it ends. */
export type Count = { readonly used: number; readonly endsInMs: number };

/** Where attempts are counted. Every count ends automatically. */
export type AttemptCounter = {
  /** Adds one. @returns the new count */
  readonly add: (key: string, windowMs: number) => Promise<Count>;
  readonly find: (key: string) => Promise<Count | null>;
  /** Subtracts one. */
  readonly subtract: (key: string, windowMs: number) => Promise<void>;
  readonly clear: (key: string) => Promise<void>;
};

/** Where it is stored which accounts were signed in from which addresses. */
export type KnownAddresses = {
  readonly remember: (key: string, until: Date) => Promise<void>;
  readonly isKnown: (key: string, now: Date) => Promise<boolean>;
};

/** The result of one attempt too many. Its quota is null when too many were made at the same time. */
export type TooManyAttempts = Problem<
  'TOO_MANY_ATTEMPTS',
  { retryAfterSeconds: number; quota: { limit: number; windowSeconds: number } | null }
>;

/** One attempt at a throttled operation. */
export type Attempt = {
  /** Checks whether the limit is reached already. Counts nothing. */
  readonly check: () => Promise<TooManyAttempts | null>;
  /**
   * Counts the attempt as a failure, before its result is known: of any number of concurrent
   * attempts no more pass than may fail. One too many is refused, and not counted.
   */
  readonly count: () => Promise<TooManyAttempts | null>;
  /** Removes what was counted, because the attempt succeeded. */
  readonly recordSuccess: () => Promise<void>;
};

/** The operations that are throttled. */
export const THROTTLED_OPERATIONS = ['login', 'register', 'refresh', 'changePassword'] as const;

export type ThrottledOperation = (typeof THROTTLED_OPERATIONS)[number];

/** Makes attempts. Without an address only the limits of the account apply. */
export type Throttle = {
  /** Whether an account was signed in from an address recently. False when the store fails. */
  readonly isKnown: (email: string, address: string | null) => Promise<boolean>;
  readonly login: (email: string, address: string | null) => Attempt;
  readonly register: (address: string | null) => Attempt;
  readonly refresh: (address: string | null) => Attempt;
  readonly changePassword: (userId: string) => Attempt;
};

type Rule = {
  readonly key: string;
  readonly limit: Limit;
  /** Whether the limit does not apply. Called only when it is reached. */
  readonly exempts?: () => Promise<boolean>;
};

type ThrottleDeps = {
  readonly counter: AttemptCounter;
  readonly known: KnownAddresses;
  readonly rules: ThrottleRules;
  /** The key of the HMAC in counter keys: addresses cannot be found by trying them. */
  readonly secret: string;
  readonly onRefused: (operation: ThrottledOperation) => void;
  /** Receives a failure of the store. The attempt is allowed: guessing still costs a hash. */
  readonly onFailure: (error: unknown) => void;
};

const toSeconds = (ms: number): number => Math.max(1, Math.ceil(ms / 1_000));

const tooMany = ({ points, windowMs }: Limit, { endsInMs }: Count): TooManyAttempts =>
  problem('TOO_MANY_ATTEMPTS', {
    retryAfterSeconds: toSeconds(endsInMs),
    quota: { limit: points, windowSeconds: toSeconds(windowMs) },
  });

/** Makes the throttle over its stores. */
export const makeThrottle = (deps: ThrottleDeps): Throttle => {
  const { counter, known, rules, secret, onRefused, onFailure } = deps;

  /** The parts are personal data (e-mail and IP addresses), so a key has only their HMAC. */
  const makeKey = (kind: string, ...parts: readonly string[]): string => {
    const text = JSON.stringify(['throttle', kind, ...parts]);
    return `${kind}:${createHmac('sha256', secret).update(text).digest('base64url')}`;
  };

  const allowOnFailure = async <Value>(task: () => Promise<Value>): Promise<Value | null> => {
    try {
      return await task();
    } catch (error) {
      onFailure(error);
      return null;
    }
  };

  const isOver = async ({ limit, exempts }: Rule, used: number): Promise<boolean> =>
    used > limit.points && !(await exempts?.());

  const makeAttempt = (
    operation: ThrottledOperation,
    all: readonly Rule[],
    onSuccess: () => Promise<void> = async () => undefined,
  ): Attempt => {
    const counted: Rule[] = [];
    const uncount = async () => {
      for (const { key, limit } of counted.splice(0)) await counter.subtract(key, limit.windowMs);
    };
    const refuse = ({ limit }: Rule, count: Count): TooManyAttempts => {
      onRefused(operation);
      return tooMany(limit, count);
    };
    return {
      check: () =>
        allowOnFailure(async () => {
          const counts = await Promise.all(all.map(({ key }) => counter.find(key)));
          for (const [index, rule] of all.entries()) {
            const count = counts[index];
            if (count && (await isOver(rule, count.used + 1))) return refuse(rule, count);
          }
          return null;
        }),

      count: () =>
        allowOnFailure(async () => {
          for (const rule of all) {
            const count = await counter.add(rule.key, rule.limit.windowMs);
            counted.push(rule);
            if (await isOver(rule, count.used)) {
              // A refused attempt must not use up the points of another rule.
              await uncount();
              return refuse(rule, count);
            }
          }
          return null;
        }),

      recordSuccess: async () => {
        await allowOnFailure(uncount);
        await allowOnFailure(onSuccess);
      },
    };
  };

  const byAddress = (name: 'loginAddress' | 'register' | 'refresh', address: string | null) =>
    address === null ? [] : [{ key: makeKey(name, networkOf(address)), limit: rules[name] }];

  const knownKeyOf = (email: string, address: string) =>
    makeKey('known', email, networkOf(address));

  const loginFrom = (email: string, address: string): Attempt => {
    const pair = makeKey('loginPair', email, networkOf(address));
    const knownKey = knownKeyOf(email, address);
    const account: Rule = {
      key: makeKey('loginAccount', email),
      limit: rules.loginAccount,
      // Otherwise a flood from other addresses would lock the owner out.
      exempts: () => known.isKnown(knownKey, new Date()),
    };
    // The address is first: beyond its limit it cannot create more keys.
    const all = [...byAddress('loginAddress', address), { key: pair, limit: rules.loginPair }];
    return makeAttempt('login', [...all, account], async () => {
      await counter.clear(pair);
      await known.remember(knownKey, new Date(Date.now() + rules.knownAddressMs));
    });
  };

  return {
    isKnown: async (email, address) => {
      if (address === null) return false;
      const isKnown = () => known.isKnown(knownKeyOf(email, address), new Date());
      return (await allowOnFailure(isKnown)) ?? false;
    },
    login: (email, address) =>
      address === null
        ? makeAttempt('login', [{ key: makeKey('loginAccount', email), limit: rules.loginAccount }])
        : loginFrom(email, address),
    register: (address) => makeAttempt('register', byAddress('register', address)),
    refresh: (address) => makeAttempt('refresh', byAddress('refresh', address)),
    changePassword: (userId) =>
      makeAttempt('changePassword', [
        { key: makeKey('changePassword', userId), limit: rules.changePassword },
      ]),
  };
};
