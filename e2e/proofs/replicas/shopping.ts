import type { Send } from './load.ts';
import { chooseBasket, createOrder, payOrder } from '../../bench/production/buy.ts';
import { LOWEST_PRICE, signIn, type Customer } from '../../bench/production/customers.ts';
import type { ShopClient } from '../../bench/production/shop-client.ts';
import { ME, PAGE } from '../../bench/shop/operations.ts';

/** Of each hundred arrivals one signs in, and of each twenty one buys and one looks at its orders. */
const CYCLE = 100;
const PURCHASE_EVERY = 20;

/** A purchase is two requests. */
export const REQUESTS_PER_ARRIVAL = 1 + 1 / PURCHASE_EVERY;

/**
 * Makes the arrivals of a shop: mostly pages, by GraphQL and by REST, known to a cache or not; purchases,
 * own orders, and few sign-ins.
 * @param customers whose tokens are replaced at each sign-in
 */
export const makeArrivals = (
  client: ShopClient,
  customers: readonly Customer[],
  products: readonly string[],
): ((index: number, send: Send) => Promise<void>) => {
  const signedIn = [...customers];
  const customerAt = (index: number): Customer => {
    const customer = signedIn[index % signedIn.length];
    if (!customer) throw new Error('there are no customers');
    return customer;
  };

  const renew = async (index: number): Promise<void> => {
    const { email } = customerAt(index);
    signedIn[index % signedIn.length] = await signIn(client, email);
  };

  const purchase = async (index: number, send: Send): Promise<void> => {
    const customer = customerAt(index);
    const orderId = await send('create order', () =>
      createOrder(client, customer, chooseBasket(products)),
    );
    if (orderId !== null) await send('pay order', () => payOrder(client, customer, orderId));
  };

  const readOwnOrders = (index: number) => client.graph(ME, {}, { token: customerAt(index).token });

  /** Half of the pages are the same, the others no cache knows. */
  const readPage = (index: number) => {
    const minPrice = index % 4 === 0 ? LOWEST_PRICE : LOWEST_PRICE - index;
    return client.graph(PAGE, { filter: { minPrice } });
  };

  const readRestPage = (index: number) => {
    const id = products[Math.floor(index / 2) % products.length];
    return client.rest('GET', index % 4 === 1 ? '/v1/products?limit=20' : `/v1/products/${id}`);
  };

  return async (index, send) => {
    const turn = Math.floor(index / CYCLE);
    if (index % CYCLE === 0) await send('sign in', () => renew(turn));
    else if (index % PURCHASE_EVERY === 10) await purchase(index / 10, send);
    else if (index % PURCHASE_EVERY === 15) await send('own orders', () => readOwnOrders(index));
    else if (index % 2 === 0) await send('page (GraphQL)', () => readPage(index));
    else await send('page (REST)', () => readRestPage(index));
  };
};
