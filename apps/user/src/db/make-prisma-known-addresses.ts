import type { KnownAddresses } from '../domain/throttle.ts';
import type { Database } from './make-database.ts';

const SWEEP_INTERVAL_MS = 60 * 60_000;

/** Keeps in the user database which accounts were signed in from where, whoever counts attempts. */
export const makePrismaKnownAddresses = (database: Database): KnownAddresses => {
  let sweptAt = 0;
  return {
    remember: async (key, now, until) => {
      await database.knownAddress.upsert({
        where: { key },
        create: { key, expiresAt: until },
        update: { expiresAt: until },
      });
      if (now.getTime() - sweptAt < SWEEP_INTERVAL_MS) return;
      sweptAt = now.getTime();
      await database.knownAddress.deleteMany({ where: { expiresAt: { lte: now } } });
    },

    isKnown: async (key, now) => {
      const row = await database.knownAddress.findFirst({ where: { key, expiresAt: { gt: now } } });
      return row !== null;
    },
  };
};
