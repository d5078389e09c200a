import {
  isProblem,
  problem,
  ShopError,
  type Problem,
  type ValidationFailed,
} from '@cartograph/errors';
import type { Idempotency, IdempotencyProblem, ResponseSlot } from '@cartograph/idempotency';
import { networkOf, validate } from '@cartograph/validation';
import { v7 as makeId } from 'uuid';
import type { z } from 'zod';
import type { DeliveryAddress } from './delivery-address.ts';
import { createOrderInput } from './input.ts';
import { computeTotal, countUnits, findExcess, sumLines, type Lines } from './order-lines.ts';
import type { OrderStore } from './order-store.ts';
import {
  EXPIRY_GRACE_MS,
  HOLD_MARGIN_MS,
  PAYMENT_TIMEOUT_MS,
  type OrderTimes,
} from './order-times.ts';
import type { Order } from './order.ts';
import type { HoldLimits, HoldLimitProblem, HoldStore, NewHold } from './stock-hold.ts';
import type { InventoryClient, OutOfStock, ProductNotFound } from './inventory-client.ts';

export type CreateOrder = (
  customer: { readonly id: string; readonly address: string | null },
  input: z.input<typeof createOrderInput>,
) => Promise<
  | Order
  | IdempotencyProblem
  | HoldLimitProblem
  | Problem<'MIXED_CURRENCIES'>
  | OutOfStock
  | ProductNotFound
  | ValidationFailed
>;

const isHoldLimitProblem = (response: unknown): boolean =>
  isProblem(response as Problem | Order) &&
  ['TOO_MANY_OPEN_ORDERS', 'TOO_MANY_UNITS_HELD'].includes((response as Problem).code);

/** What is ordered, and where it is delivered to. */
type NewOrderInput = { readonly lines: Lines; readonly address: DeliveryAddress | null };

/**
 * Makes the use case: write a hold, reserve the stock, store the order with the names and prices of
 * the reservation. A crash in between leaves a hold, which the sweeper releases (stock-hold.ts). Until
 * then, a retry with the same idempotency key continues the same order.
 */
export const makeCreateOrder = (deps: {
  store: OrderStore;
  inventory: InventoryClient;
  holds: HoldStore;
  times: OrderTimes;
  limits: HoldLimits;
  idempotency: Idempotency;
}): CreateOrder => {
  const { store, inventory, holds, times, limits, idempotency } = deps;

  /**
   * Seconds until a hold that began at `oldest` expires at the latest. One that has outlived the time of an unpaid
   * order has a pending payment.
   */
  const secondsUntilFree = (oldest: Date): number => {
    const left = oldest.getTime() + times.reservationMs - Date.now();
    const [unpaid, pending] = [left + EXPIRY_GRACE_MS, left + PAYMENT_TIMEOUT_MS];
    return Math.max(1, Math.ceil((unpaid > 0 ? unpaid : pending) / 1_000));
  };

  const claim = async (hold: NewHold): Promise<HoldLimitProblem | null> => {
    const claimed = await holds.claimHold(hold, limits);
    switch (claimed.verdict) {
      case 'CLAIMED':
        return null;
      case 'ABANDONED':
        throw new ShopError('UNAVAILABLE', 'The order took too long; send it again.');
      case 'ORDERS':
        return problem('TOO_MANY_OPEN_ORDERS', {
          limit: limits.ordersPerAccount,
          retryAfterSeconds: secondsUntilFree(claimed.oldest),
        });
      case 'ACCOUNT_UNITS':
        return problem('TOO_MANY_UNITS_HELD', {
          scope: 'ACCOUNT' as const,
          limit: limits.unitsPerAccount,
          retryAfterSeconds: secondsUntilFree(claimed.oldest),
        });
      case 'ADDRESS_UNITS':
        return problem('TOO_MANY_UNITS_HELD', {
          scope: 'ADDRESS' as const,
          limit: limits.unitsPerAddress,
          retryAfterSeconds: secondsUntilFree(claimed.oldest),
        });
    }
  };

  const create = async (
    orderId: string,
    { id: userId, address }: Parameters<CreateOrder>[0],
    { lines, address: deliveredTo }: NewOrderInput,
    slot: ResponseSlot | null,
  ) => {
    // One client has all addresses of an IPv6 network.
    const network = address === null ? null : networkOf(address);
    const units = countUnits(lines);
    const limitProblem = await claim({ orderId, userId, address: network, units });
    if (limitProblem) return limitProblem;

    const now = new Date();
    const reservedUntil = new Date(now.getTime() + times.reservationMs);
    const reserved = await inventory.reserve({
      orderId,
      expiresAt: new Date(reservedUntil.getTime() + HOLD_MARGIN_MS),
      lines,
    });
    if (isProblem(reserved)) {
      await holds.removeHold(orderId);
      return reserved;
    }

    const total = computeTotal(reserved);
    if (isProblem(total)) {
      await inventory.release(orderId);
      await holds.removeHold(orderId);
      return total;
    }
    const byProduct = new Map(reserved.map((line) => [line.productId, line]));
    const items = lines.flatMap(({ productId }) => byProduct.get(productId) ?? []);
    const { order, isResponseSaved } = await store.insertOrder(
      { id: orderId, userId, items, total, reservedUntil, createdAt: now, updatedAt: now },
      deliveredTo,
      slot?.lease ?? null,
    );
    if (isResponseSaved) slot?.markSaved();
    return order;
  };

  return async (customer, input) => {
    const fields = validate(createOrderInput, input);
    if (isProblem(fields)) return fields;
    const lines = sumLines(fields.items);
    const excess = findExcess(lines, limits);
    if (excess) return excess;
    const address = fields.deliveryAddress ?? null;
    const units = lines.map((line) => [line.productId, line.quantity]);
    return idempotency.once(
      {
        userId: customer.id,
        operation: 'createOrder',
        key: fields.idempotencyKey ?? null,
        // Without an address it is the request that the release before compares.
        request: address === null ? [units] : [units, address],
        subjectId: makeId(),
        // A retry with the same key may succeed once other orders have ended.
        shouldStore: (response) => !isHoldLimitProblem(response),
      },
      async (orderId, isNew, slot) => {
        // An earlier request with this key may have stored the order before it ended.
        const [existing] = isNew ? [] : await store.findOrders([orderId]);
        return existing ?? create(orderId, customer, { lines, address }, slot);
      },
    );
  };
};
