import { createHmac } from 'node:crypto';
import { problem, type Problem } from '@cartograph/errors';
import { networkOf } from './client.ts';

/** So many in a time; the time begins with the first of them. */
export type Limit = { readonly points: number; readonly windowMs: number };

/** What may be tried how often. */
export type ThrottleRules = {
  /** Failures to sign in to one account from one address. */
  readonly loginPair: Limit;
  /** Failures to sign in from one address, to any account. */
  readonly loginAddress: Limit;
  /** Failures to sign in to one account, from all addresses that it never was signed in from. */
  readonly loginAccount: Limit;
  /** Accounts that one address asks for. */
  readonly register: Limit;
  /** Refresh tokens from one address that are not good. */
  readonly refresh: Limit;
  /** Wrong passwords in changes of one account's password. */
  readonly changePassword: Limit;
  /** How long an account remembers an address that it was signed in from. */
  readonly knownAddressMs: number;
};

/** How many were counted, and when the count begins anew. */
export type Count = { readonly used: number; readonly endsInMs: number };

/** Where attempts are counted. Every count ends by itself. */
export type AttemptCounter = {
  /** Counts one more. @returns the count with it */
  readonly add: (key: string, windowMs: number) => Promise<Count>;
  readonly find: (key: string) => Promise<Count | null>;
  /** Takes one back. */
  readonly giveBack: (key: string, windowMs: number) => Promise<void>;
  readonly clear: (key: string) => Promise<void>;
};

/** Where it is kept which accounts were signed in from which addresses. */
export type KnownAddresses = {
  readonly remember: (key: string, until: Date) => Promise<void>;
  readonly isKnown: (key: string, now: Date) => Promise<boolean>;
};

/** The answer to one attempt too many. */
export type TooManyAttempts = Problem<'TOO_MANY_ATTEMPTS', { retryAfterSeconds: number }>;

/** One attempt at something that is throttled. */
export type Attempt = {
  /** Says whether the limit is reached already. Counts nothing. */
  readonly check: () => Promise<TooManyAttempts | null>;
  /**
   * Counts the attempt as a failure until it is forgiven, so that of any number at once no more
   * get through than may fail. One too many is refused, and not counted.
   */
  readonly count: () => Promise<TooManyAttempts | null>;
  /** Takes back what was counted: it was no failure. */
  readonly forgive: () => Promise<void>;
};

/** What is throttled. */
export type ThrottledOperation = 'login' | 'register' | 'refresh' | 'changePassword';

/** What is throttled. Without an address only the rules of the account hold. */
export type Throttle = {
  /** Whether an account was signed in from an address lately. False when that can't be found out. */
  readonly isKnown: (email: string, address: string | null) => Promise<boolean>;
  readonly login: (email: string, address: string | null) => Attempt;
  readonly register: (address: string | null) => Attempt;
  readonly refresh: (address: string | null) => Attempt;
  readonly changePassword: (userId: string) => Attempt;
};

type Rule = {
  readonly key: string;
  readonly limit: Limit;
  /** Whom the limit does not stop. Asked when it is reached only. */
  readonly exempts?: () => Promise<boolean>;
};

type ThrottleDeps = {
  readonly counter: AttemptCounter;
  readonly known: KnownAddresses;
  readonly rules: ThrottleRules;
  /** Keys are made with it: who reads them can't tell whose they are by trying addresses. */
  readonly secret: string;
  readonly onRefused: (operation: ThrottledOperation) => void;
  /** Is told when counting failed. Nobody is refused for that: guessing still costs a hash. */
  readonly onFailure: (error: unknown) => void;
};

const tooMany = ({ endsInMs }: Count): TooManyAttempts =>
  problem('TOO_MANY_ATTEMPTS', { retryAfterSeconds: Math.max(1, Math.ceil(endsInMs / 1_000)) });

/** Makes the throttle over where attempts are counted. */
export const makeThrottle = (deps: ThrottleDeps): Throttle => {
  const { counter, known, rules, secret, onRefused, onFailure } = deps;

  /** Parts are e-mail addresses and places of people: none of it can be read in a key. */
  const makeKey = (kind: string, ...parts: readonly string[]): string => {
    const text = JSON.stringify(['throttle', kind, ...parts]);
    return `${kind}:${createHmac('sha256', secret).update(text).digest('base64url')}`;
  };

  const orAllow = async <Value>(task: () => Promise<Value>): Promise<Value | null> => {
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
    onForgiven: () => Promise<void> = async () => undefined,
  ): Attempt => {
    const counted: Rule[] = [];
    const giveBack = async () => {
      for (const { key, limit } of counted.splice(0)) await counter.giveBack(key, limit.windowMs);
    };
    const refuse = (count: Count): TooManyAttempts => {
      onRefused(operation);
      return tooMany(count);
    };
    return {
      check: () =>
        orAllow(async () => {
          const counts = await Promise.all(all.map(({ key }) => counter.find(key)));
          for (const [index, rule] of all.entries()) {
            const count = counts[index];
            if (count && (await isOver(rule, count.used + 1))) return refuse(count);
          }
          return null;
        }),

      count: () =>
        orAllow(async () => {
          for (const rule of all) {
            const count = await counter.add(rule.key, rule.limit.windowMs);
            counted.push(rule);
            if (await isOver(rule, count.used)) {
              // What was refused here shall not use up another rule's points.
              await giveBack();
              return refuse(count);
            }
          }
          return null;
        }),

      forgive: async () => {
        await orAllow(giveBack);
        await orAllow(onForgiven);
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
      // Else a flood from anywhere would lock the owner out.
      exempts: () => known.isKnown(knownKey, new Date()),
    };
    // The address first: past its limit it can't make more keys.
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
      return (await orAllow(isKnown)) ?? false;
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
