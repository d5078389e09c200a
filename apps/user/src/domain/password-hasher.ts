import { ShopError } from '@cartograph/errors';
import { argon2id, hash, needsRehash, verify } from 'argon2';

/** OWASP's floor for argon2id: 19 MiB, two passes, one lane. */
const PARAMETERS = { type: argon2id, memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

/** Turns passwords into hashes and checks them. Both cost tens of milliseconds of a core. */
export type PasswordHasher = {
  /** @throws ShopError UNAVAILABLE when too many wait already */
  readonly hash: (password: string) => Promise<string>;
  /**
   * With no hash to check against it costs the same and is false.
   * @throws ShopError UNAVAILABLE when too many wait already
   */
  readonly verify: (password: string, passwordHash: string | null) => Promise<boolean>;
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

/** Makes the hasher, with a hash of its own that unknown accounts are checked against. */
export const makePasswordHasher = async (limits: HashingLimits): Promise<PasswordHasher> => {
  const nobodysHash = await hash(crypto.randomUUID(), PARAMETERS);
  const inTurn = makeTurnstile(limits);
  return {
    hash: (password) => inTurn(() => hash(password, PARAMETERS)),
    verify: (password, passwordHash) =>
      inTurn(async () => {
        const matches = await verify(passwordHash ?? nobodysHash, password);
        return passwordHash !== null && matches;
      }),
    isOutdated: (passwordHash) => needsRehash(passwordHash, PARAMETERS),
  };
};
