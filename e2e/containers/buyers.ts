import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

/** What became of the purchases. */
export type Purchases = {
  /** Paid at the first try of each request. */
  readonly atOnce: number;
  /** Paid after requests were repeated with their idempotency keys. */
  readonly afterRetries: number;
  readonly failures: readonly string[];
};

/** How long a purchase is repeated: longer than any container takes to come back. */
const RETRY_WINDOW_MS = 120_000;
const REQUEST_TIMEOUT_MS = 20_000;
const RETRY_MS = 250;

type Answer = { readonly status: number; readonly body: Record<string, unknown> };

/** Sends one request of the REST API. @returns null when there was no response */
export const send = async (
  url: string,
  method: string,
  options: { token?: string; key?: string; body?: unknown } = {},
): Promise<Answer | null> => {
  const { token, key, body } = options;
  try {
    const response = await fetch(url, {
      method,
      headers: {
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...(key !== undefined && { 'idempotency-key': key }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
    });
    const text = await response.text();
    return { status: response.status, body: text ? (JSON.parse(text) as Answer['body']) : {} };
  } catch {
    // A refused or lost connection: the request may have arrived or not.
    return null;
  }
};

/** Whether a client may send the same request again: nothing came, or the shop says later. */
const mayRetry = (answer: Answer | null): boolean =>
  answer === null ||
  answer.status >= 500 ||
  answer.status === 429 ||
  // The first try is still being processed.
  answer.body['code'] === 'REQUEST_IN_FLIGHT';

/**
 * Sends a request with an idempotency key until it is answered.
 * @returns the answer, and how many tries it took
 */
const sendUntilAnswered = async (
  url: string,
  token: string,
  body: unknown,
): Promise<{ readonly answer: Answer | null; readonly tries: number }> => {
  const key = randomUUID();
  const deadline = Date.now() + RETRY_WINDOW_MS;
  for (let tries = 1; ; tries += 1) {
    const answer = await send(url, 'POST', { token, key, body });
    if (!mayRetry(answer) || Date.now() > deadline) return { answer, tries };
    await sleep(RETRY_MS);
  }
};

/** Buys one unit: orders and pays it. @returns what went wrong, or the most tries that it took */
const buy = async (restUrl: string, token: string, productId: string): Promise<string | number> => {
  const items = [{ product_id: productId, qty: 1 }];
  const ordered = await sendUntilAnswered(`${restUrl}/v1/orders`, token, { items });
  if (ordered.answer?.status !== 201) return `an order: ${JSON.stringify(ordered.answer)}`;
  const id = String(ordered.answer.body['id']);
  const paid = await sendUntilAnswered(`${restUrl}/v1/orders/${id}/pay`, token, {});
  // 202: the payment is pending. The order service confirms the order later.
  if (paid.answer?.status !== 200 && paid.answer?.status !== 202) {
    return `a payment: ${JSON.stringify(paid.answer)}`;
  }
  const deadline = Date.now() + RETRY_WINDOW_MS;
  for (;;) {
    const order = await send(`${restUrl}/v1/orders/${id}`, 'GET', { token });
    if (order?.body['status'] === 'CONFIRMED') return Math.max(ordered.tries, paid.tries);
    if (Date.now() > deadline) return `an order that was paid: ${JSON.stringify(order)}`;
    await sleep(RETRY_MS);
  }
};

/** Buys units one after another, with several buyers at the same time, until `stop` is aborted. */
export const buyUntil = async (
  stop: AbortSignal,
  {
    restUrl,
    token,
    productId,
    buyers,
  }: { restUrl: string; token: string; productId: string; buyers: number },
): Promise<Purchases> => {
  const results: (string | number)[] = [];
  await Promise.all(
    Array.from({ length: buyers }, async () => {
      while (!stop.aborted) results.push(await buy(restUrl, token, productId));
    }),
  );
  return {
    atOnce: results.filter((result) => result === 1).length,
    afterRetries: results.filter((result) => typeof result === 'number' && result > 1).length,
    failures: results.filter((result) => typeof result === 'string'),
  };
};
