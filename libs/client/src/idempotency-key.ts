const BYTES = 16;

/**
 * Makes an idempotency key: 128 random bits. `crypto.randomUUID` exists only on pages that were loaded
 * over HTTPS.
 */
export const makeIdempotencyKey = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(BYTES)), (byte) =>
    byte.toString(16).padStart(2, '0'),
  ).join('');
