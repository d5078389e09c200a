// Not for a remote shop: reads the spans of the shop, to count SQL statements.
import { beforeAll, describe, expect, it } from 'vitest';
import { graph } from '../testkit/graph.ts';
import { newShopper, type Account } from '../testkit/accounts.ts';
import { newProduct, type Product } from '../testkit/products.ts';
import { rest } from '../testkit/rest.ts';
import { makeStatementCounter } from '../testkit/traces.ts';

let shopper: Account;
let products: readonly Product[];
let counter: ReturnType<typeof makeStatementCounter>;

const LINES = 100;

const orderOf = (lines: number) => ({
  items: products.slice(0, lines).map(({ id }) => ({ product_id: id, qty: 1 })),
});

const place = async (lines: number): Promise<string> => {
  const { body } = await rest('POST', '/v1/orders', { token: shopper.token, body: orderOf(lines) });
  return body.id as string;
};

beforeAll(async () => {
  shopper = await newShopper();
  products = await Promise.all(Array.from({ length: LINES }, () => newProduct({ stock: 50 })));
  counter = makeStatementCounter(shopper.token, await place(1));
}, 60_000);

const PRODUCT = `id sku name description price { amount currency } stock category imageUrl version
  createdAt updatedAt archivedAt`;

const page = (args: string, more = '') =>
  `{ products(first: 20${args}) { nodes { ${PRODUCT} } pageInfo { endCursor hasNextPage } ${more} } }`;

describe('the SQL of an operation', () => {
  it.each([
    ['a page of 20 products with all fields', page(''), 1],
    ['a page in another order', page(', sort: PRICE_ASC'), 1],
    ['a page with the number of all', page('', 'totalCount totalCountExceeded'), 2],
    ['the categories', '{ categories { name productCount } }', 1],
    // The words, then at most four windows for each of two ranks.
    ['a search', page(', filter: { text: "scenario lamp" }'), 9],
  ])('for %s stays within its limit', async (_what, query, most) => {
    const statements = await counter.ofQuery(query, {}, null);
    expect(statements.product.length).toBeGreaterThan(0);
    expect(statements.product.length).toBeLessThanOrEqual(most);
    expect([statements.user, statements.order, statements.payment]).toEqual([[], [], []]);
  });

  it('is one statement for 100 products, by id and by SKU', async () => {
    const id = await place(LINES);
    const statements = await counter.ofQuery(
      `query ($id: ID!) { order(id: $id) { items { quantity product { ${PRODUCT} } } } }`,
      { id },
    );
    expect(statements.product).toHaveLength(1);
    expect(statements.order.length).toBeLessThanOrEqual(2);
    const aliases = products.map(({ sku }, index) => `p${index}: product(sku: "${sku}") { name }`);
    const bySku = await counter.ofQuery(`{ ${aliases.slice(0, 20).join(' ')} }`, {}, null);
    expect(bySku.product).toHaveLength(1);
  });

  it('does not grow with the lines of an order', async () => {
    const one = await counter.ofRequest('POST', '/v1/orders', orderOf(1));
    const twenty = await counter.ofRequest('POST', '/v1/orders', orderOf(20));
    expect(one.product.length).toBeGreaterThan(0);
    expect(twenty.product.length).toBe(one.product.length);
    expect(twenty.order.length).toBe(one.order.length);
    const id = await place(20);
    const read = await counter.ofQuery(
      `query ($id: ID!) {
        order(id: $id) {
          number status total { amount } customer { email } payments { status }
          items { sku name quantity unitPrice { amount } lineTotal { amount } product { stock } }
        }
      }`,
      { id },
    );
    expect(read.product).toHaveLength(1);
    expect(read.payment).toHaveLength(1);
    expect(read.order.length).toBeLessThanOrEqual(2);
  });

  // In the product, order and payment database; BEGIN and COMMIT are not counted.
  it.each([
    ['createOrder of 1 line', () => counter.ofRequest('POST', '/v1/orders', orderOf(1)), [8, 3, 0]],
    [
      'createOrder of 20 lines',
      () => counter.ofRequest('POST', '/v1/orders', orderOf(20)),
      [8, 3, 0],
    ],
    [
      'payOrder',
      async () => counter.ofRequest('POST', `/v1/orders/${await place(1)}/pay`, {}),
      [5, 4, 8],
    ],
    [
      'cancelOrder',
      async () => counter.ofRequest('POST', `/v1/orders/${await place(1)}/cancel`, {}),
      [7, 5, 0],
    ],
  ] as const)('of %s stays within its limit', async (_what, count, most) => {
    const { product, order, payment } = await count();
    const counts = [product.length, order.length, payment.length];
    const over = counts.filter((number, index) => number > (most[index] ?? 0));
    expect({ counts, over }).toEqual({ counts, over: [] });
    expect(order.length).toBeGreaterThan(0);
  });

  it('is none in a service that a query does not need', async () => {
    const { data } = await graph('{ __typename }');
    expect(data).toEqual({ __typename: 'Query' });
    const statements = await counter.ofQuery('{ __typename }', {}, null);
    expect(Object.values(statements).flat()).toEqual([]);
  });
});
