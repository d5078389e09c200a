import {
  isProblem,
  problem,
  ShopError,
  validationFailed,
  type Problem,
  type ValidationFailed,
} from '@cartograph/errors';
import type { Idempotency, IdempotencyProblem } from '@cartograph/idempotency';
import { addAmounts, multiplyAmount, type Money } from '@cartograph/money';
import { validate } from '@cartograph/validation';
import { v7 as makeId } from 'uuid';
import type { z } from 'zod';
import { createOrderInput } from './order-input.ts';
import type { OrderStore } from './order-store.ts';
import { EXPIRY_GRACE_MS, HOLD_MARGIN_MS, type OrderTimes } from './order-times.ts';
import type { Order } from './order.ts';
import type { HoldLimits, HoldRefused, HoldStore, NewHold } from './stock-hold.ts';
import type { OutOfStock, ProductNotFound, ReservedLine, StockKeeper } from './stock-keeper.ts';

export type CreateOrder = (
  customer: { readonly id: string; readonly address: string | null },
  input: z.input<typeof createOrderInput>,
) => Promise<
  | Order
  | IdempotencyProblem
  | HoldRefused
  | Problem<'MIXED_CURRENCIES'>
  | OutOfStock
  | ProductNotFound
  | ValidationFailed
>;

const isHoldRefused = (answer: unknown): boolean =>
  isProblem(answer as Problem | Order) &&
  ['TOO_MANY_OPEN_ORDERS', 'TOO_MANY_UNITS_HELD'].includes((answer as Problem).code);

type Lines = readonly { readonly productId: string; readonly quantity: number }[];

/** The lines in the order the customer wrote them, those of one product added up. */
const sumLines = (lines: Lines): Lines => {
  const quantities = new Map<string, number>();
  for (const { productId, quantity } of lines) {
    quantities.set(productId, (quantities.get(productId) ?? 0) + quantity);
  }
  return [...quantities].map(([productId, quantity]) => ({ productId, quantity }));
};

const countUnits = (lines: Lines): number => lines.reduce((sum, { quantity }) => sum + quantity, 0);

const computeTotal = (
  lines: readonly ReservedLine[],
): Money | Problem<'MIXED_CURRENCIES'> | ValidationFailed => {
  const [currency = '', ...others] = new Set(lines.map((line) => line.unitPrice.currency));
  if (others.length > 0) return problem('MIXED_CURRENCIES');
  const amounts = lines.map((line) => multiplyAmount(line.unitPrice.amount, line.quantity));
  const amount = amounts.every((value) => value !== null) ? addAmounts(amounts) : null;
  return amount === null
    ? validationFailed([{ path: 'items', message: 'add up to more than an order can hold' }])
    : { amount, currency };
};

/**
 * Makes the use case: write what will be held, set stock aside, fix names and prices, keep the order.
 * A crash in between leaves a hold, which the sweeper releases (stock-hold.ts). Until then, a retry with
 * the same idempotency key continues the same order.
 */
export const makeCreateOrder = (deps: {
  store: OrderStore;
  stock: StockKeeper;
  holds: HoldStore;
  times: OrderTimes;
  limits: HoldLimits;
  answers: Idempotency;
}): CreateOrder => {
  const { store, stock, holds, times, limits, answers } = deps;

  /** In how many seconds, at the latest, an unpaid hold that began at `oldest` expires. */
  const secondsUntilFree = (oldest: Date): number => {
    const freeAt = oldest.getTime() + times.reservationMs + EXPIRY_GRACE_MS;
    return Math.max(1, Math.ceil((freeAt - Date.now()) / 1_000));
  };

  const claim = async (hold: NewHold): Promise<HoldRefused | null> => {
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
    lines: Lines,
  ) => {
    const refused = await claim({ orderId, userId, address, units: countUnits(lines) });
    if (refused) return refused;

    const now = new Date();
    const reservedUntil = new Date(now.getTime() + times.reservationMs);
    const reserved = await stock.reserve({
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
      await stock.release(orderId);
      await holds.removeHold(orderId);
      return total;
    }
    const byProduct = new Map(reserved.map((line) => [line.productId, line]));
    const items = lines.flatMap(({ productId }) => byProduct.get(productId) ?? []);
    return store.insertOrder(
      { id: orderId, userId, items, total, reservedUntil, createdAt: now, updatedAt: now },
      new Date(reservedUntil.getTime() + EXPIRY_GRACE_MS),
    );
  };

  return async (customer, input) => {
    const fields = validate(createOrderInput, input);
    if (isProblem(fields)) return fields;
    const lines = sumLines(fields.items);
    const most = Math.min(limits.unitsPerAccount, limits.unitsPerAddress);
    if (countUnits(lines) > most) {
      // More than may ever be held: waiting does not help.
      return validationFailed([
        { path: 'items', message: `must have ${most} units or fewer in all` },
      ]);
    }
    return answers.once(
      {
        userId: customer.id,
        operation: 'createOrder',
        key: fields.idempotencyKey ?? null,
        request: [lines.map((line) => [line.productId, line.quantity])],
        subjectId: makeId(),
        // What was too much may fit a moment later, also under the same key.
        shouldStore: (response) => !isHoldRefused(response),
      },
      async (orderId, isNew) => {
        // Whoever was cut off may have come as far as the order.
        const [existing] = isNew ? [] : await store.findOrders([orderId]);
        return existing ?? create(orderId, customer, lines);
      },
    );
  };
};
