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
 * Is asked when a turn has come and before it is spent; what it answers, if anything, is the result
 * in place of the hash. Asked before the queue, everybody who waits there would be counted as a
 * failure, and a crowd with the right passwords be refused.
 */
export type Admission<Refusal> = () => Promise<Refusal | null>;

/** Turns passwords into hashes and checks them. Both cost tens of milliseconds of a core. */
export type PasswordHasher = {
  /** @throws ShopError UNAVAILABLE when too many wait already */
  readonly hash: <Refusal = never>(
    password: string,
    admit?: Admission<Refusal>,
  ) => Promise<string | Refusal>;
  /**
   * With no hash to check against it costs the same and is false.
   * @throws ShopError UNAVAILABLE when too many wait already
   */
  readonly verify: <Refusal = never>(
    password: string,
    passwordHash: string | null,
    admit?: Admission<Refusal>,
  ) => Promise<boolean | Refusal>;
  /** True when a hash was made with cheaper parameters than those of today. */
  readonly isOutdated: (passwordHash: string) => boolean;
};

/** How much of the machine hashing may take. */
export type HashingLimits = {
  /** Hashes under way at once: each takes a core and 19 MiB. */
  readonly concurrency: number;
  /** Requests that may wait their turn; one more is turned away at once. */
  readonly queue: number;
};

/** Runs tasks a few at a time; turns away what would wait too long. */
const makeTurnstile = ({ concurrency, queue }: HashingLimits) => {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async <Value>(task: () => Promise<Value>): Promise<Value> => {
    if (running >= concurrency) {
      if (waiting.length >= queue) throw new ShopError('UNAVAILABLE');
      // Whoever ends hands over its place, so `running` stays as it is.
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

/** What does the work. A test counts what is asked of it, as time depends on the machine. */
type Algorithm = Pick<typeof argon2, 'hash' | 'needsRehash' | 'verify'>;

/** Makes the hasher, with a hash of its own that unknown accounts are checked against. */
export const makePasswordHasher = async (
  limits: HashingLimits,
  { hash, needsRehash, verify }: Algorithm = argon2,
): Promise<PasswordHasher> => {
  const nobodysHash = await hash(crypto.randomUUID(), PARAMETERS);
  const inTurn = makeTurnstile(limits);
  return {
    hash: (password, admit) => inTurn(async () => (await admit?.()) ?? hash(password, PARAMETERS)),
    verify: (password, passwordHash, admit) =>
      inTurn(async () => {
        const refusal = await admit?.();
        if (refusal) return refusal;
        const matches = await verify(passwordHash ?? nobodysHash, password);
        return passwordHash !== null && matches;
      }),
    isOutdated: (passwordHash) => needsRehash(passwordHash, PARAMETERS),
  };
};
