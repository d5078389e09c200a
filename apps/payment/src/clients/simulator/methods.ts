import { createHash } from 'node:crypto';

/** How the simulator treats charges of a payment method. */
export type Method = {
  /** Whether the charge succeeds; `draw` is a pseudorandom number below 1. */
  readonly succeeds: (draw: number) => boolean;
  /** Declines at first, and captures the money after the delay. */
  readonly capturesLate?: boolean;
  /** Whether the charge is pending until the delay has passed. */
  readonly isDelayed?: boolean;
  /** The first request gets no response, although the charge is made. */
  readonly hangs?: boolean;
  /** How many requests fail before the charge is made. */
  readonly errors?: number;
  /** How often each webhook is sent. */
  readonly copies?: number;
  /** Webhooks arrive in the wrong order. */
  readonly reorders?: boolean;
  /** Whether a refund is declined; `draw` is a pseudorandom number below 1. */
  readonly declinesRefund?: (draw: number) => boolean;
};

const always = (): boolean => true;
const never = (): boolean => false;

/** Every payment method of the simulator. */
export const METHODS = {
  sim_success: { succeeds: always },
  sim_decline: { succeeds: never },
  /** Four of five succeed, by the seed. */
  sim_chance: { succeeds: (draw) => draw < 0.8 },
  sim_timeout: { succeeds: always, hangs: true },
  sim_timeout_decline: { succeeds: never, hangs: true },
  sim_error_then_success: { succeeds: always, errors: 2 },
  sim_late_success: { succeeds: always, isDelayed: true },
  sim_late_decline: { succeeds: never, isDelayed: true },
  sim_decline_then_success: { succeeds: always, capturesLate: true },
  sim_duplicate_webhooks: { succeeds: always, isDelayed: true, copies: 5 },
  sim_reordered_webhooks: { succeeds: always, isDelayed: true, reorders: true },
  sim_refund_failure: { succeeds: always, declinesRefund: always },
  /** Every other refund is declined, by the seed; a new request may succeed. */
  sim_refund_chance: { succeeds: always, declinesRefund: (draw) => draw < 0.5 },
} as const satisfies Record<string, Method>;

/** The method with this name; null when there is none. */
export const findMethod = (name: string): Method | null =>
  Object.hasOwn(METHODS, name) ? METHODS[name as keyof typeof METHODS] : null;

const digest = (seed: string, text: string): Buffer =>
  createHash('sha256').update(`${seed}\n${text}`).digest();

/** A number from 0 to less than 1, derived from the seed and the purpose. */
export const draw = (seed: string, purpose: string): number =>
  digest(seed, purpose).readUInt32BE(0) / 2 ** 32;

/** An id derived from the seed and the purpose: `sim_0f3a...`. */
export const makeReference = (prefix: string, seed: string, purpose: string): string =>
  `${prefix}_${digest(seed, purpose).toString('hex').slice(0, 24)}`;
