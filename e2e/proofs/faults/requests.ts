import { type Customer, LOWEST_PRICE } from '../../bench/production/customers.ts';
import type { ShopClient } from '../../bench/production/shop-client.ts';
import { PAGE } from '../../bench/shop/operations.ts';

/** What a request needs, beside the router. */
export type RequestName = 'page' | 'me' | 'order' | 'pay';

/**
 * How a request ended.
 * - `done`: with its data
 * - `coded`: with a code that says to try again, or with a payment that is pending
 * - `wrong`: with anything else, or not at all
 */
export type Ending = {
  readonly kind: 'done' | 'coded' | 'wrong';
  readonly ms: number;
  readonly text: string;
};

const ME = '{ me { email } }';

const ORDER = 'query Order($id: ID!) { order(id: $id) { number status items { sku quantity } } }';

const PAY = `mutation Pay($input: PayOrderInput!) {
  payOrder(input: $input) { __typename ... on Order { status } ... on Problem { code } }
}`;

/** What each request must contain to be done. */
const CONTENT: Readonly<Record<RequestName, string>> = {
  page: '"nodes":[{',
  me: '"email":"',
  order: '"number":"',
  pay: '"status":"CONFIRMED"',
};

/** Longer than any request may take. */
const GIVE_UP_MS = 60_000;

type Errors = readonly { readonly extensions?: { readonly code?: unknown } }[];

const PENDING = '"status":"PENDING"';

const isCoded = (text: string): boolean => {
  const { errors } = JSON.parse(text) as { readonly errors?: Errors };
  return (
    errors?.every(({ extensions }) => extensions?.code === 'UNAVAILABLE') ?? text.includes(PENDING)
  );
};

/** Sends requests of each kind. None of them is answered by a cache. */
export type Sender = (name: RequestName) => Promise<Ending>;

/**
 * @param orderId an order of the customer; `pay` pays it, again and again with the same effect
 */
export const makeSender = (client: ShopClient, { token }: Customer, orderId: string): Sender => {
  let sent = 0;
  const bodies: Readonly<Record<RequestName, () => object>> = {
    page: () => ({ query: PAGE, variables: { filter: { minPrice: LOWEST_PRICE - (sent += 1) } } }),
    me: () => ({ query: ME }),
    order: () => ({ query: ORDER, variables: { id: orderId } }),
    pay: () => ({ query: PAY, variables: { input: { orderId } } }),
  };
  return async (name) => {
    const begunAt = performance.now();
    const end = (kind: Ending['kind'], text: string): Ending => ({
      kind,
      ms: performance.now() - begunAt,
      text,
    });
    try {
      const signal = AbortSignal.timeout(GIVE_UP_MS);
      const headers = name === 'page' ? {} : { authorization: `Bearer ${token}` };
      const sending = { headers, signal };
      const { text } = await client.send('router', 'POST', '/graphql', bodies[name](), sending);
      if (text.includes(CONTENT[name]) && !text.includes('"errors":')) {
        return end('done', text);
      }
      return end(isCoded(text) ? 'coded' : 'wrong', text);
    } catch (error) {
      return end('wrong', String(error));
    }
  };
};
