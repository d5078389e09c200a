import { id, list, text, wholeNumber } from '@cartograph/validation';
import { z } from 'zod';
import { deliveryAddress } from './delivery-address.ts';

const idempotencyKey = text(1, 255).nullish();

/** The note of the actor for the order's history. */
const note = text(1, 500).nullish();

/** Lines of one order. */
export const MAX_LINES = 100;

const items = list(z.object({ productId: id(), quantity: wholeNumber(1, 1_000) }), 1, MAX_LINES);

export const createOrderInput = z.object({
  items,
  deliveryAddress: deliveryAddress.nullish(),
  idempotencyKey,
});

export const previewOrderInput = z.object({ items });

export const payOrderInput = z.object({
  orderId: id(),
  paymentMethod: text(1, 100).nullish(),
  idempotencyKey,
});

export const cancelOrderInput = z.object({ orderId: id(), reason: note, idempotencyKey });

export const updateOrderStatusInput = z.object({
  orderId: id(),
  status: z.enum(['PENDING', 'CONFIRMED', 'CANCELLED']),
  reason: note,
});
