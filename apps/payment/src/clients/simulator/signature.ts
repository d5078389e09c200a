import { createHmac, timingSafeEqual } from 'node:crypto';

/** The header with the signature of a webhook. */
export const SIGNATURE_HEADER = 'simulator-signature';

/** The largest accepted age of a signature, and the largest clock skew. */
const TOLERANCE_MS = 5 * 60_000;

const mac = (secret: string, at: string, body: string): Buffer =>
  createHmac('sha256', secret).update(`${at}.${body}`).digest();

/** Signs the raw body of a webhook as Stripe does: `t=<unix seconds>,v1=<hmac of "t.body">`. */
export const signWebhook = (secret: string, body: string, now = Date.now()): string => {
  const at = String(Math.floor(now / 1_000));
  return `t=${at},v1=${mac(secret, at, body).toString('hex')}`;
};

/** Whether a signature is of this body and recent. Compares in constant time. */
export const verifyWebhook = (
  secret: string,
  body: string,
  signature: string,
  now = Date.now(),
): boolean => {
  const [, at, hex] = /^t=(\d{1,12}),v1=([0-9a-f]{64})$/.exec(signature) ?? [];
  if (at === undefined || hex === undefined) return false;
  if (Math.abs(now - Number(at) * 1_000) > TOLERANCE_MS) return false;
  return timingSafeEqual(mac(secret, at, body), Buffer.from(hex, 'hex'));
};
