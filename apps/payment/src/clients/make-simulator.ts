import { createHash } from 'node:crypto';
import type { Charge, ChargeOutcome, PaymentProvider } from '../domain/payment-provider.ts';

/** What each payment method of the simulator does with a charge. */
const METHODS = {
  sim_success: () => true,
  sim_decline: () => false,
  /** By chance from the seed: four of five succeed. */
  sim_chance: (draw: number) => draw < 0.8,
} as const satisfies Record<string, (draw: number) => boolean>;

const isMethod = (method: string): method is keyof typeof METHODS => Object.hasOwn(METHODS, method);

const digest = (seed: string, charge: Charge) =>
  createHash('sha256').update(`${seed}\n${charge.idempotencyKey}`).digest();

/**
 * Makes a payment provider that moves no money. Its answer follows from the seed and the charge's
 * key alone, so that a repeat gets the same answer without anything being kept.
 */
export const makeSimulator = (seed: string): PaymentProvider => ({
  name: 'simulator',
  defaultMethod: 'sim_success',
  acceptsMethod: isMethod,
  charge: async (charge): Promise<ChargeOutcome> => {
    if (!isMethod(charge.method)) throw new Error(`the simulator has no method ${charge.method}`);
    const hash = digest(seed, charge);
    const reference = `sim_${hash.toString('hex').slice(0, 24)}`;
    // The first 32 bits of the hash, as a fraction of 1.
    return METHODS[charge.method](hash.readUInt32BE(0) / 2 ** 32)
      ? { status: 'SUCCEEDED', reference }
      : { status: 'FAILED', reference, failureCode: 'card_declined' };
  },
});
