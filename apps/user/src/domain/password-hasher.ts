import { ShopError } from '@cartograph/errors';
import * as argon2 from 'argon2';

/** OWASP's floor for argon2id: 19 MiB, two passes, one lane. */
const PARAMETERS = {
  type: argon2.argon2id,
  memoryCost: 19_456,
  timeCost: 2,
  parallelism: 1,
} as const;

/**
 * Runs when a request leaves the queue, before it is hashed. What it returns, unless null, is the
 * result in place of the hash. If it ran before the queue, all waiting requests would count as
 * failures, and many sign-ins with the right password would be refused.
 */
export type Admission<Rejection> = () => Promise<Rejection | null>;

/** Hashes passwords and verifies them. Both take tens of milliseconds of a core. */
export type PasswordHasher = {
  /** @throws ShopError UNAVAILABLE when the queue is full */
  readonly hash: <Rejection = never>(
    password: string,
    admit?: Admission<Rejection>,
  ) => Promise<string | Rejection>;
  /**
   * Without a hash it costs the same and returns false.
   * @throws ShopError UNAVAILABLE when the queue is full
   */
  readonly verify: <Rejection = never>(
    password: string,
    passwordHash: string | null,
    admit?: Admission<Rejection>,
  ) => Promise<boolean | Rejection>;
  /** True when a hash was made with weaker parameters than the current ones. */
  readonly isOutdated: (passwordHash: string) => boolean;
};

/** How much of the machine hashing may take. */
export type HashingLimits = {
  /** Concurrent hashes: each takes a core and 19 MiB. */
  readonly concurrency: number;
  /** Requests that may wait. More are rejected immediately. */
  readonly queue: number;
};

/** Runs a limited number of tasks concurrently, and rejects a task when the queue is full. */
const makeConcurrencyLimit = ({ concurrency, queue }: HashingLimits) => {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async <Value>(task: () => Promise<Value>): Promise<Value> => {
    if (running >= concurrency) {
      if (waiting.length >= queue) throw new ShopError('UNAVAILABLE');
      // A finished task hands over its slot, so `running` does not change.
      await new Promise<void>((resolve) => waiting.push(resolve));
    } else {
      running += 1;
    }
    try {
      return await task();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else running -= 1;
    }
  };
};

/** The hash functions. Tests count the calls, because time depends on the machine. */
type Algorithm = Pick<typeof argon2, 'hash' | 'needsRehash' | 'verify'>;

/** Makes the hasher, with a dummy hash that passwords of unknown accounts are verified against. */
export const makePasswordHasher = async (
  limits: HashingLimits,
  { hash, needsRehash, verify }: Algorithm = argon2,
): Promise<PasswordHasher> => {
  const dummyHash = await hash(crypto.randomUUID(), PARAMETERS);
  const withLimit = makeConcurrencyLimit(limits);
  return {
    hash: (password, admit) =>
      withLimit(async () => (await admit?.()) ?? hash(password, PARAMETERS)),
    verify: (password, passwordHash, admit) =>
      withLimit(async () => {
        const rejection = await admit?.();
        if (rejection) return rejection;
        const matches = await verify(passwordHash ?? dummyHash, password);
        return passwordHash !== null && matches;
      }),
    isOutdated: (passwordHash) => needsRehash(passwordHash, PARAMETERS),
  };
};
