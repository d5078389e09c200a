import { argon2id, hash, verify } from 'argon2';

/** OWASP's floor for argon2id: 19 MiB, two passes, one lane. */
const PARAMETERS = { type: argon2id, memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

/** Turns passwords into hashes and checks them. Both cost tens of milliseconds of a core. */
export type PasswordHasher = {
  readonly hash: (password: string) => Promise<string>;
  /** With no hash to check against it costs the same and is false. */
  readonly verify: (password: string, passwordHash: string | null) => Promise<boolean>;
};

/** Makes the hasher, with a hash of its own that unknown accounts are checked against. */
export const makePasswordHasher = async (): Promise<PasswordHasher> => {
  const nobodysHash = await hash(crypto.randomUUID(), PARAMETERS);
  return {
    hash: (password) => hash(password, PARAMETERS),
    verify: async (password, passwordHash) => {
      const matches = await verify(passwordHash ?? nobodysHash, password);
      return passwordHash !== null && matches;
    },
  };
};
