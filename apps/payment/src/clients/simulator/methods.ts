import { createHash } from 'node:crypto';

/** What a payment method of the simulator does with a charge. */
export type Method = {
  /** Whether the money is taken in the end; `draw` is by chance from the seed, below 1. */
  readonly succeeds: (draw: number) => boolean;
  /** Declines at first, and takes the money after the delay all the same. */
  readonly changesItsMind?: boolean;
  /** When it is decided: at once if not `later`. */
  readonly decides?: 'later';
  /** The first call is never answered, though its work is done. */
  readonly hangs?: boolean;
  /** As many calls fail before anything is done. */
  readonly errors?: number;
  /** How often each webhook is sent. */
  readonly copies?: number;
  /** Webhooks arrive in the wrong order. */
  readonly reorders?: boolean;
  /** Whether a refund is declined; `draw` is by chance from the seed and the refund's key, below 1. */
  readonly declinesRefund?: (draw: number) => boolean;
};

const always = (): boolean => true;
const never = (): boolean => false;

/** Every payment method of the simulator. */
export const METHODS = {
  sim_success: { succeeds: always },
  sim_decline: { succeeds: never },
  /** By chance from the seed: four of five succeed. */
  sim_chance: { succeeds: (draw) => draw < 0.8 },
  sim_timeout: { succeeds: always, hangs: true },
  sim_timeout_decline: { succeeds: never, hangs: true },
  sim_error_then_success: { succeeds: always, errors: 2 },
  sim_late_success: { succeeds: always, decides: 'later' },
  sim_late_decline: { succeeds: never, decides: 'later' },
  sim_decline_then_success: { succeeds: always, changesItsMind: true },
  sim_duplicate_webhooks: { succeeds: always, decides: 'later', copies: 5 },
  sim_reordered_webhooks: { succeeds: always, decides: 'later', reorders: true },
  sim_refund_failure: { succeeds: always, declinesRefund: always },
  /** By chance from the seed: every other refund is declined, and may be given when asked for anew. */
  sim_refund_chance: { succeeds: always, declinesRefund: (draw) => draw < 0.5 },
} as const satisfies Record<string, Method>;

/** The method of a name; null when there is none. */
export const findMethod = (name: string): Method | null =>
  Object.hasOwn(METHODS, name) ? METHODS[name as keyof typeof METHODS] : null;

const digest = (seed: string, text: string): Buffer =>
  createHash('sha256').update(`${seed}\n${text}`).digest();

/** Draws a number of 0 or more and less than 1, which follows from the seed and what it is for. */
export const draw = (seed: string, what: string): number =>
  // The first 32 bits of the hash, as a fraction of 1.
  digest(seed, what).readUInt32BE(0) / 2 ** 32;

/** Makes a name that follows from the seed and what it is for: `sim_0f3a...`. */
export const makeName = (prefix: string, seed: string, what: string): string =>
  `${prefix}_${digest(seed, what).toString('hex').slice(0, 24)}`;
