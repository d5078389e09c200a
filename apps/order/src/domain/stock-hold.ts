import type { Problem } from '@cartograph/errors';
import type { StockKeeper } from './stock-keeper.ts';

/** What one account, and all accounts at one client address, may hold while orders wait to be paid. */
export type HoldLimits = {
  readonly ordersPerAccount: number;
  readonly unitsPerAccount: number;
  readonly unitsPerAddress: number;
};

/** Stock that is about to be reserved for an order. */
export type NewHold = {
  readonly orderId: string;
  readonly userId: string;
  /** Where the request came from; null when that is not known, and then no limit of it holds. */
  readonly address: string | null;
  readonly units: number;
};

/** What became of a claim: which limit is reached, and since when the oldest hold within it is held. */
export type HoldVerdict =
  | { readonly verdict: 'CLAIMED' }
  /** An earlier request for this order was given up: nothing may be reserved for it. */
  | { readonly verdict: 'ABANDONED' }
  | {
      readonly verdict: 'ORDERS' | 'ACCOUNT_UNITS' | 'ADDRESS_UNITS';
      readonly oldest: Date;
    };

/**
 * Where it is kept what is held, or about to be. It is written before the stock is reserved, so that
 * whoever dies in between leaves a trace, and counted before it is written.
 */
export type HoldStore = {
  /** Writes a hold if the limits allow it: of those who claim at once each sees the others. */
  readonly claimHold: (hold: NewHold, limits: HoldLimits) => Promise<HoldVerdict>;
  /** Takes a hold away for which nothing is reserved. */
  readonly removeHold: (orderId: string) => Promise<void>;
  /**
   * Gives up the holds that became no order in time: no order can be made of them from then on, and
   * the keys of the requests that wanted to are free for new ones. It answers those that were given
   * up before as well, until they are removed.
   */
  readonly abandonHolds: (limit: number, leftOut: readonly string[]) => Promise<readonly string[]>;
};

/** Why stock is not held. */
export type HoldRefused =
  | Problem<'TOO_MANY_OPEN_ORDERS', { limit: number; retryAfterSeconds: number }>
  | Problem<
      'TOO_MANY_UNITS_HELD',
      { scope: 'ACCOUNT' | 'ADDRESS'; limit: number; retryAfterSeconds: number }
    >;

/**
 * Gives back up to `limit` holds that became no order. One that can't be given back does not keep
 * the others: it is added to `failed`, which are left out, and reported.
 * @returns how many it tried
 */
export type ReleaseAbandoned = (
  limit: number,
  failed: Set<string>,
  onFailure: (orderId: string, error: unknown) => void,
) => Promise<number>;

/** Makes the release of holds that became no order, because whoever made them died. */
export const makeReleaseAbandoned = (deps: {
  holds: HoldStore;
  stock: StockKeeper;
}): ReleaseAbandoned => {
  const { holds, stock } = deps;
  return async (limit, failed, onFailure) => {
    const orderIds = await holds.abandonHolds(limit, [...failed]);
    for (const orderId of orderIds) {
      try {
        await stock.release(orderId);
        await holds.removeHold(orderId);
      } catch (error) {
        failed.add(orderId);
        onFailure(orderId, error);
      }
    }
    return orderIds.length;
  };
};
