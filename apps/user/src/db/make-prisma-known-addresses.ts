import type { KnownAddresses } from '../domain/throttle.ts';
import type { Database } from './make-database.ts';

/** Keeps in the user database which accounts were signed in from where, whoever counts attempts. */
export const makePrismaKnownAddresses = (database: Database): KnownAddresses => ({
  remember: async (key, until) => {
    await database.knownAddress.upsert({
      where: { key },
      create: { key, expiresAt: until },
      update: { expiresAt: until },
    });
  },

  isKnown: async (key, now) => {
    const row = await database.knownAddress.findFirst({ where: { key, expiresAt: { gt: now } } });
    return row !== null;
  },
});
