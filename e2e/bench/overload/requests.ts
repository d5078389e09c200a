import { type Customer, LOGIN, LOWEST_PRICE, PASSWORD } from '../production/customers.ts';
import type { Reply, ShopClient } from '../production/shop-client.ts';
import { PAGE } from '../shop/operations.ts';

/** What is offered. Responses of any status are results. */
export type Requests = {
  /** A page of 20 products that no cache knows. */
  readonly page: () => Promise<Reply>;
  /** A sign-in to one of the accounts, in turn. */
  readonly signIn: () => Promise<Reply>;
};

/** In place of 200, when the response has errors or a problem. */
const FAILED = 500;

export const makeRequests = (client: ShopClient, accounts: readonly Customer[]): Requests => {
  let sent = 0;
  const send = async (query: string, variables: object, content: string): Promise<Reply> => {
    const reply = await client.send('router', 'POST', '/graphql', { query, variables });
    const isFailure = reply.status === 200 && !reply.text.includes(content);
    return isFailure ? { ...reply, status: FAILED } : reply;
  };
  return {
    page: () => send(PAGE, { filter: { minPrice: LOWEST_PRICE - (sent += 1) } }, '"nodes"'),
    signIn: () => {
      const email = accounts[(sent += 1) % accounts.length]?.email;
      return send(LOGIN, { input: { email, password: PASSWORD } }, '"accessToken"');
    },
  };
};
