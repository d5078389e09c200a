import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { makeReader, type Reader } from './list-products.ts';
import { openProduct, type Added, type ProductService } from './open-product.ts';
import { makeReserver } from './reserve-stock.ts';

let catalogue: ProductService;
let reader: Reader;

/** Such rows come from older versions and from SQL: the tests drop the constraints to write them. */
beforeAll(async () => {
  catalogue = await openProduct();
  reader = makeReader(catalogue);
  for (const check of ['products_currency_check', 'products_price_cents_check']) {
    await catalogue.database.query(`ALTER TABLE products DROP CONSTRAINT ${check}`);
  }
});

afterAll(() => catalogue.close());

afterEach(() => {
  catalogue.logged.length = 0;
});

const FAULTS = [
  ["currency = 'ERU'", 'currency: is not a currency'],
  ['price_cents = -1', 'price: is not 0 to 9007199254740991'],
  ['price_cents = 9007199254740992', 'price: is not 0 to 9007199254740991'],
  ['price_cents = 9223372036854775807', 'price: is not 0 to 9007199254740991'],
  ['price_cents = -9223372036854775808', 'price: is not 0 to 9007199254740991'],
  ["created_at = 'infinity'", 'a date is not valid'],
  ["updated_at = '20260-01-01'", 'a date is not valid'],
] as const;

const ONE = `query ($id: ID, $sku: String) { product(id: $id, sku: $sku) {
  id price { amount currency } createdAt updatedAt archivedAt } }`;

const ENTITIES = `query ($representations: [_Any!]!) {
  _entities(representations: $representations) { ... on Product { sku price { currency } } } }`;

const LEDGER = `query ($first: Int, $after: String) { stockMovements(first: $first, after: $after) {
  nodes { at product { id createdAt price { amount currency } } }
  pageInfo { hasNextPage endCursor } } }`;

const addBad = async (category: string, set: string): Promise<Added> => {
  const added = await catalogue.addProduct({ category, name: 'Middle cup' });
  await catalogue.database.query(`UPDATE products SET ${set} WHERE id = $1`, [added.id]);
  return added;
};

describe.each(FAULTS)('a product with %s', (set, fault) => {
  it('is left out of every page, and logged; pages continue after it', async () => {
    const category = `cups-${randomUUID()}`;
    const good = [await catalogue.addProduct({ category, name: 'A cup' })];
    const bad = await addBad(category, set);
    good.push(await catalogue.addProduct({ category, name: 'Z cup' }));
    const ids = good.map(({ id }) => id).sort();
    for (const sort of ['NEWEST', 'PRICE_ASC', 'PRICE_DESC', 'NAME_ASC', 'RELEVANCE']) {
      for (const text of sort === 'RELEVANCE' ? ['cup'] : [null, 'cup']) {
        for (const backward of [false, true]) {
          const filter = { category, text };
          const seen = await reader.readAll({ sort, filter }, { size: 1, backward });
          expect(seen.map(({ id }) => id).sort()).toEqual(ids);
        }
      }
    }
    expect(catalogue.logged).toContainEqual(
      expect.objectContaining({ level: 'error', table: 'products', id: bad.id, fault }),
    );
  });

  it('is not found by id, by SKU or as a reference, and can be neither changed nor ordered', async () => {
    const bad = await addBad('alone', set);
    for (const key of [{ id: bad.id }, { sku: bad.sku }]) {
      expect(await catalogue.asRouter(ONE, key)).toMatchObject({
        data: { product: null },
        errors: [],
      });
    }
    const { id: other, sku } = await catalogue.addProduct();
    const { data } = await catalogue.asRouter(ENTITIES, {
      representations: [bad.id, other].map((id) => ({ __typename: 'Product', id })),
    });
    expect(data._entities).toEqual([null, { sku, price: { currency: 'EUR' } }]);

    // A change would give it a date that is right.
    if (set.startsWith('updated_at')) return;
    const adjusted = await catalogue.asAdmin(
      'mutation ($input: AdjustStockInput!) { adjustStock(input: $input) { __typename } }',
      { input: { productId: bad.id, delta: 1, reason: 'count' } },
    );
    expect(adjusted.data.adjustStock).toEqual({ __typename: 'ProductNotFoundProblem' });
    const [row] = await catalogue.database.query(
      `SELECT stock, (SELECT count(*)::int FROM stock_movements WHERE product_id = products.id) AS n
       FROM products WHERE id = $1`,
      [bad.id],
    );
    expect(row).toEqual({ stock: 10, n: 1 });
    if (fault.includes('date')) return;
    const reserved = await makeReserver(catalogue).reserve(randomUUID(), [
      { productId: bad.id, quantity: 1 },
    ]);
    expect(reserved.code).toBe('PRODUCT_NOT_FOUND');
  });
});

describe('the stock ledger', () => {
  it('leaves out movements of a hidden product or without a valid date, and pages continue after them', async () => {
    const [{ id: first }, bad, { id: undated }] = [
      await catalogue.addProduct(),
      await addBad('ledger', "currency = 'ERU'"),
      await catalogue.addProduct(),
    ];
    await catalogue.database.query(
      `INSERT INTO stock_movements (product_id, kind, stock_delta, held_delta, actor, reason,
         created_at) VALUES ($1, 'ADJUSTED', 1, 0, 'sql', 'x', 'infinity')`,
      [undated],
    );
    const seen: string[] = [];
    let after: string | null = null;
    do {
      const { data, errors } = await catalogue.asAdmin(LEDGER, { first: 1, after });
      expect(errors).toEqual([]);
      const { nodes, pageInfo } = data.stockMovements;
      for (const node of nodes as { product: { id: string } }[]) seen.push(node.product.id);
      after = pageInfo.hasNextPage ? (pageInfo.endCursor as string) : null;
    } while (after !== null);
    expect(seen.slice(0, 2)).toEqual([undated, first]);
    expect(seen).not.toContain(bad.id);
    expect(catalogue.logged).toContainEqual(
      expect.objectContaining({ table: 'stock_movements', fault: 'a date is not valid' }),
    );
  });
});

describe('a product whose image URL is not valid', () => {
  it.each(['javascript:alert(1)', 'http://', 'not a url', ''])(
    'is shown without it: %j',
    async (address) => {
      const { id } = await catalogue.addProduct({ imageUrl: 'https://example.com/a.webp' });
      await catalogue.database.query('UPDATE products SET image_url = $2 WHERE id = $1', [
        id,
        address,
      ]);
      const { data } = await catalogue.asRouter(
        'query ($id: ID) { product(id: $id) { id imageUrl } }',
        { id },
      );
      expect(data.product).toEqual({ id, imageUrl: null });
      expect(catalogue.logged).toContainEqual(expect.objectContaining({ table: 'products', id }));
    },
  );
});

describe('a product from before the check of currencies', () => {
  const UPDATE = `mutation ($input: UpdateProductInput!) { updateProduct(input: $input) {
    __typename ... on Product { price { currency } } } }`;

  it('is not found by a change that does not correct its price', async () => {
    const bad = await addBad('before', "currency = 'ERU'");
    await catalogue.database.query(
      `ALTER TABLE products ADD CONSTRAINT products_currency_check CHECK (currency <> 'ERU')
       NOT VALID`,
    );
    const update = async (fields: object) => {
      const { data, errors } = await catalogue.asAdmin(UPDATE, {
        input: { id: bad.id, version: 1, ...fields },
      });
      expect(errors).toEqual([]);
      return data.updateProduct;
    };
    expect(await update({ name: 'B' })).toEqual({ __typename: 'ProductNotFoundProblem' });
    expect(await update({ price: { amount: 5, currency: 'EUR' } })).toEqual({
      __typename: 'Product',
      price: { currency: 'EUR' },
    });
    await catalogue.database.query('ALTER TABLE products DROP CONSTRAINT products_currency_check');
  });
});
