import type { Problem } from '@cartograph/errors';
import type { InventoryClient } from './inventory-client.ts';

/** How much one account, and all accounts at one client address, may hold in pending orders. */
export type HoldLimits = {
  readonly ordersPerAccount: number;
  readonly unitsPerAccount: number;
  readonly unitsPerAddress: number;
};

/** Stock that is about to be reserved for an order. */
export type NewHold = {
  readonly orderId: string;
  readonly userId: string;
  /** The network of the client's address; null when it is not known, and then its limit does not apply. */
  readonly address: string | null;
  readonly units: number;
};

/** The result of a claim: the limit that is reached, and the age of the oldest hold that it counts. */
export type HoldClaim =
  | { readonly verdict: 'CLAIMED' }
  /** An earlier request for this order was abandoned: nothing may be reserved for it. */
  | { readonly verdict: 'ABANDONED' }
  | {
      readonly verdict: 'ORDERS' | 'ACCOUNT_UNITS' | 'ADDRESS_UNITS';
      readonly oldest: Date;
    };

/**
 * Stores what is held, or about to be. A hold is written before its stock is reserved, so that a crash
 * in between leaves a record of it.
 */
export type HoldStore = {
  /** Writes a hold if the limits allow it, counting concurrent claims. */
  readonly claimHold: (hold: NewHold, limits: HoldLimits) => Promise<HoldClaim>;
  /** Deletes a hold for which nothing is reserved. */
  readonly removeHold: (orderId: string) => Promise<void>;
  /**
   * Abandons the holds without an order after ABANDON_AFTER_MS: no order can be made of them from
   * then on, and the idempotency keys of their requests are free.
   * @returns their orders, with those abandoned before and not removed yet
   */
  readonly abandonHolds: (limit: number, skipped: readonly string[]) => Promise<readonly string[]>;
};

/** A limit of holds that is reached. */
export type HoldLimitProblem =
  | Problem<'TOO_MANY_OPEN_ORDERS', { limit: number; retryAfterSeconds: number }>
  | Problem<
      'TOO_MANY_UNITS_HELD',
      { scope: 'ACCOUNT' | 'ADDRESS'; limit: number; retryAfterSeconds: number }
    >;

/**
 * Releases up to `limit` holds without an order. One that fails is reported and added to `failed`,
 * whose holds are skipped.
 * @returns how many it tried
 */
export type ReleaseAbandoned = (
  limit: number,
  failed: Set<string>,
  onFailure: (orderId: string, error: unknown) => void,
) => Promise<number>;

/** Makes the release of holds whose requests ended without an order, as in a crash. */
export const makeReleaseAbandoned = (deps: {
  holds: HoldStore;
  inventory: InventoryClient;
}): ReleaseAbandoned => {
  const { holds, inventory } = deps;
  return async (limit, failed, onFailure) => {
    const orderIds = await holds.abandonHolds(limit, [...failed]);
    for (const orderId of orderIds) {
      try {
        await inventory.release(orderId);
        await holds.removeHold(orderId);
      } catch (error) {
        failed.add(orderId);
        onFailure(orderId, error);
      }
    }
    return orderIds.length;
  };
};
