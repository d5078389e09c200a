import { MAX_AMOUNT } from '@cartograph/money';
import { id, isWithin, text, wholeNumber } from '@cartograph/validation';
import { z } from 'zod';

const attempt = wholeNumber(1, 1_000);
const reason = text(1, 500);

export const createIntentInput = z.object({
  orderId: id(),
  attempt,
  userId: id(),
  amount: wholeNumber(0, MAX_AMOUNT),
  currency: text(0, 3).regex(/^[A-Z]{3}$/, 'is not a currency'),
  method: text(1, 100).nullish(),
  chargeUntil: z.date().nullish(),
});

export const closePaymentInput = createIntentInput.omit({ method: true, chargeUntil: true });

export const refundPaymentInput = z.object({
  paymentId: id(),
  amount: wholeNumber(1, MAX_AMOUNT).optional(),
  reason,
  idempotencyKey: text(1, 255).nullish(),
});

export const refundForOrderInput = z.object({ orderId: id(), attempt, reason });

/** A webhook, as its provider sends it. */
export type WebhookInput = {
  readonly provider: string;
  readonly payload: string;
  readonly signature: string;
};

/** Larger than the body of any webhook. */
const MAX_PAYLOAD = 256 * 1024;

/** While a secret is rotated, Stripe signs with both: each signature has 64 digits. */
const MAX_SIGNATURE = 1_000;

/** Whether a webhook has an acceptable size and no NUL, which Postgres cannot store. */
export const isAcceptableWebhook = ({ payload, signature }: WebhookInput): boolean =>
  isWithin(payload, MAX_PAYLOAD) && isWithin(signature, MAX_SIGNATURE) && !payload.includes('\0');
