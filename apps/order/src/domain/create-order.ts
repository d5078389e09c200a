import {
  isProblem,
  problem,
  validationFailed,
  type Problem,
  type ValidationFailed,
} from '@cartograph/errors';
import type { Answers, RefusedRepeat } from '@cartograph/idempotency';
import { addAmounts, multiplyAmount, type Money } from '@cartograph/money';
import { validate } from '@cartograph/validation';
import { v7 as makeId } from 'uuid';
import type { z } from 'zod';
import { createOrderInput } from './order-input.ts';
import type { OrderStore } from './order-store.ts';
import { EXPIRY_GRACE_MS, HOLD_MARGIN_MS, type OrderTimes } from './order-times.ts';
import type { Order } from './order.ts';
import type { OutOfStock, ProductNotFound, ReservedLine, StockKeeper } from './stock-keeper.ts';

export type CreateOrder = (
  userId: string,
  input: z.input<typeof createOrderInput>,
) => Promise<
  | Order
  | RefusedRepeat
  | Problem<'MIXED_CURRENCIES'>
  | OutOfStock
  | ProductNotFound
  | ValidationFailed
>;

type Lines = readonly { readonly productId: string; readonly quantity: number }[];

/** The lines in the order the customer wrote them, those of one product added up. */
const sumLines = (lines: Lines): Lines => {
  const quantities = new Map<string, number>();
  for (const { productId, quantity } of lines) {
    quantities.set(productId, (quantities.get(productId) ?? 0) + quantity);
  }
  return [...quantities].map(([productId, quantity]) => ({ productId, quantity }));
};

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
 * Makes the use case: set stock aside, fix names and prices, keep the order. A crash between the
 * two leaves a hold that expires by itself; a repeat with the same key goes on with the same id.
 */
export const makeCreateOrder = (deps: {
  store: OrderStore;
  stock: StockKeeper;
  times: OrderTimes;
  answers: Answers;
}): CreateOrder => {
  const { store, stock, times, answers } = deps;

  const create = async (orderId: string, userId: string, lines: Lines) => {
    const now = new Date();
    const reservedUntil = new Date(now.getTime() + times.reservationMs);
    const reserved = await stock.reserve({
      orderId,
      expiresAt: new Date(reservedUntil.getTime() + HOLD_MARGIN_MS),
      lines,
    });
    if (isProblem(reserved)) return reserved;

    const total = computeTotal(reserved);
    if (isProblem(total)) {
      await stock.release(orderId);
      return total;
    }
    const byProduct = new Map(reserved.map((line) => [line.productId, line]));
    const items = lines.flatMap(({ productId }) => byProduct.get(productId) ?? []);
    return store.insertOrder(
      { id: orderId, userId, items, total, reservedUntil, createdAt: now, updatedAt: now },
      new Date(reservedUntil.getTime() + EXPIRY_GRACE_MS),
    );
  };

  return async (userId, input) => {
    const fields = validate(createOrderInput, input);
    if (isProblem(fields)) return fields;
    const lines = sumLines(fields.items);
    return answers.once(
      {
        userId,
        operation: 'createOrder',
        key: fields.idempotencyKey ?? null,
        request: [lines.map((line) => [line.productId, line.quantity])],
        subjectId: makeId(),
      },
      async (orderId, isNew) => {
        // Whoever was cut off may have come as far as the order.
        const [existing] = isNew ? [] : await store.findOrders([orderId]);
        return existing ?? create(orderId, userId, lines);
      },
    );
  };
};
