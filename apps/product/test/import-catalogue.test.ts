import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { isProblem } from '@cartograph/errors';
import { makeTestDatabase, type TestDatabase } from '@cartograph/testing';
import { makeDatabase, type Database } from '../src/db/make-database.ts';
import { makePrismaCatalogueAuditor } from '../src/db/make-prisma-catalogue-auditor.ts';
import { makePrismaCatalogueImport } from '../src/db/make-prisma-catalogue-import.ts';
import { makePrismaCatalogueReader } from '../src/db/make-prisma-catalogue-reader.ts';
import { makePrismaProductStore } from '../src/db/make-prisma-product-store.ts';
import { makePrismaReservationStore } from '../src/db/make-prisma-reservation-store.ts';
import type { ImportedProduct } from '../src/domain/catalogue-import.ts';
import { makeProducts } from '../src/domain/products.ts';

const CAUSE = { actor: 'import', reason: 'import of a.json' };

let tests: TestDatabase;
let database: Database;

beforeAll(async () => {
  tests = await makeTestDatabase('product');
  database = makeDatabase({ databaseUrl: tests.url, databasePoolSize: 10 });
});

afterAll(async () => {
  await database.$disconnect();
  await tests.drop();
});

const makeProduct = (fields: Partial<ImportedProduct> = {}): ImportedProduct => ({
  sku: randomUUID(),
  name: 'A thing',
  description: 'Of oak.',
  price: { amount: 1999, currency: 'EUR' },
  stock: 10,
  category: 'things',
  imageUrl: null,
  ...fields,
});

const write = (products: readonly ImportedProduct[], setsStock = false) =>
  makePrismaCatalogueImport(database).writeProducts(products, CAUSE, setsStock);

const readRows = (products: readonly ImportedProduct[]) =>
  tests.query<Record<string, unknown>>(
    'SELECT *, xmin FROM products WHERE sku = ANY($1) ORDER BY sku',
    [products.map(({ sku }) => sku)],
  );

const readMovements = (sku: string) =>
  tests.query(
    `SELECT kind, stock_delta, held_delta, actor, reason FROM stock_movements
     JOIN products ON products.id = product_id WHERE sku = $1 ORDER BY stock_movements.id`,
    [sku],
  );

const expectBalance = async () => {
  const { imbalances, miscounts } = await makePrismaCatalogueAuditor(database).audit();
  expect({ imbalances, miscounts }).toEqual({ imbalances: [], miscounts: [] });
};

const nextPosition = async () =>
  (await tests.query('SELECT last_value, is_called FROM products_position_seq'))[0];

describe('products that are new', () => {
  it('arrive in the order of the file, with their stock in the ledger', async () => {
    const products = ['c', 'a', 'b'].map((sku) =>
      makeProduct({ sku: `new-${sku}`, stock: sku === 'b' ? 0 : 7 }),
    );
    expect(await write(products)).toEqual({ added: 3, changed: 0, unchanged: 0, stockLeft: 0 });
    const rows = await readRows(products);
    const by = (key: string) =>
      rows.toSorted((a, b) => (String(a[key]) < String(b[key]) ? -1 : 1)).map((row) => row['sku']);
    expect(by('position')).toEqual(['new-c', 'new-a', 'new-b']);
    expect(by('id')).toEqual(by('position'));
    expect(rows.map((row) => row['version'])).toEqual([1, 1, 1]);
    expect(await readMovements('new-c')).toEqual([
      { kind: 'ADJUSTED', stock_delta: 7, held_delta: 0, ...CAUSE },
    ]);
    expect(await readMovements('new-b')).toEqual([]);
    await expectBalance();
  });

  it('are found by their words and on their shelf', async () => {
    const product = makeProduct({ name: 'Zwiebelfisch', category: 'letterpress' });
    await write([product]);
    const store = makePrismaProductStore(database);
    expect(await store.countProducts({ text: 'zwiebelfisch', category: 'letterpress' })).toEqual({
      count: 1,
      isExceeded: false,
    });
    expect(await store.listCategories()).toContainEqual({ name: 'letterpress', productCount: 1 });
  });
});

describe('products that are there', () => {
  it('are not touched at all when they say the same', async () => {
    const products = [makeProduct(), makeProduct({ imageUrl: 'https://example.com/a.webp' })];
    await write(products);
    const [rows, position] = [await readRows(products), await nextPosition()];
    expect(await write(products)).toEqual({ added: 0, changed: 0, unchanged: 2, stockLeft: 0 });
    // Also the transaction that wrote each of them last is the same.
    expect(await readRows(products)).toEqual(rows);
    expect(await nextPosition()).toEqual(position);
  });

  it.each([
    { name: 'Another thing' },
    { description: '' },
    { category: 'other-things' },
    { price: { amount: 2000, currency: 'EUR' } },
    { price: { amount: 1999, currency: 'USD' } },
    { imageUrl: 'https://example.com/b.webp' },
  ])('are brought up to %j as the next version', async (change) => {
    const product = makeProduct();
    await write([product]);
    const [before] = await readRows([product]);
    expect(await write([{ ...product, ...change }])).toMatchObject({ changed: 1, unchanged: 0 });
    const [after] = await readRows([product]);
    expect(after).toMatchObject({ id: before?.['id'], version: 2, stock: 10 });
    expect(after?.['updated_at']).not.toEqual(before?.['updated_at']);
    const [shown] = await makePrismaProductStore(database).findProductsBySku([product.sku]);
    expect(shown).toMatchObject(change);
    await expectBalance();
  });

  it('keep their picture when the file has none to tell of, and lose it when it says so', async () => {
    const product = makeProduct({ imageUrl: 'https://example.com/a.webp' });
    await write([product]);
    expect(await write([{ ...product, imageUrl: undefined }])).toMatchObject({ unchanged: 1 });
    await write([{ ...product, name: 'New', imageUrl: undefined }]);
    expect(await readRows([product])).toMatchObject([{ image_url: product.imageUrl, name: 'New' }]);
    expect(await write([{ ...product, name: 'New', imageUrl: null }])).toMatchObject({
      changed: 1,
    });
    expect(await readRows([product])).toMatchObject([{ image_url: null }]);
  });

  it('keep their stock, unless it is to be set, and then the ledger has the difference', async () => {
    const product = makeProduct();
    await write([product]);
    const counted = { ...product, stock: 4 };
    expect(await write([counted])).toEqual({ added: 0, changed: 0, unchanged: 1, stockLeft: 1 });
    expect(await readRows([product])).toMatchObject([{ stock: 10, version: 1 }]);
    expect(await write([counted], true)).toEqual({
      added: 0,
      changed: 1,
      unchanged: 0,
      stockLeft: 0,
    });
    expect(await readRows([product])).toMatchObject([{ stock: 4, version: 1 }]);
    expect(await readMovements(product.sku)).toMatchObject([
      { stock_delta: 10 },
      { kind: 'ADJUSTED', stock_delta: -6, held_delta: 0, ...CAUSE },
    ]);
    expect(await write([counted], true)).toMatchObject({ changed: 0, unchanged: 1 });
    await expectBalance();
  });

  it('stay archived', async () => {
    const product = makeProduct({ category: 'attic' });
    await write([product]);
    const [row] = await readRows([product]);
    const archived = await makeProducts(makePrismaProductStore(database)).archiveProduct({
      id: String(row?.['id']),
      version: 1,
    });
    expect(isProblem(archived)).toBe(false);
    expect(await write([{ ...product, name: 'Renamed' }])).toMatchObject({ changed: 1 });
    const [after] = await readRows([product]);
    expect(after).toMatchObject({ name: 'Renamed', version: 3 });
    expect(after?.['archived_at']).not.toBeNull();
    const pages = makePrismaCatalogueReader(database).readProducts();
    for await (const page of pages) expect(page.map(({ sku }) => sku)).not.toContain(product.sku);
    await expectBalance();
  });
});

describe('at the same time', () => {
  it('four imports of the same products add each once', async () => {
    const products = Array.from({ length: 200 }, () => makeProduct());
    const shuffles = [products, products.toReversed(), products.slice(50), products.slice(0, 150)];
    const outcomes = await Promise.all(shuffles.map((some) => write(some)));
    const added = outcomes.reduce((sum, outcome) => sum + outcome.added, 0);
    expect(added).toBe(200);
    expect(outcomes.every(({ changed }) => changed === 0)).toBe(true);
    await expectBalance();
  });

  it('orders hold stock while it is being set, and every unit is in the books', async () => {
    const products = Array.from({ length: 20 }, () => makeProduct({ stock: 50 }));
    await write(products);
    const ids = (await readRows(products)).map((row) => String(row['id'])).toSorted();
    const reservations = makePrismaReservationStore(database);
    const order = () =>
      reservations.reserve(
        randomUUID(),
        ids.map((productId) => ({ productId, quantity: 1 })),
        new Date(Date.now() + 60_000),
      );
    const set = (stock: number) =>
      write(
        products.toReversed().map((product) => ({ ...product, stock, name: `Of ${stock}` })),
        true,
      );
    const answers = await Promise.all([
      order(),
      set(40),
      order(),
      set(30),
      order(),
      set(60),
      order(),
    ]);
    expect(answers.filter((answer) => 'kind' in answer)).toEqual([]);
    await expectBalance();
  });
});

describe('an audit', () => {
  it('names a product whose stock moved without the ledger, and a shelf that is miscounted', async () => {
    const product = makeProduct({ category: 'miscounted' });
    await write([product]);
    await tests.query('UPDATE products SET stock = stock + 3 WHERE sku = $1', [product.sku]);
    await tests.query(`UPDATE categories SET product_count = 5 WHERE name = 'miscounted'`);
    const { imbalances, miscounts } = await makePrismaCatalogueAuditor(database).audit();
    expect(imbalances).toEqual([
      { sku: product.sku, stock: 13, ledgerStock: 10, held: 0, ledgerHeld: 0 },
    ]);
    expect(miscounts).toEqual([{ category: 'miscounted', counted: 1, stated: 5 }]);
    await tests.query('UPDATE products SET stock = stock - 3 WHERE sku = $1', [product.sku]);
    await tests.query(`UPDATE categories SET product_count = 1 WHERE name = 'miscounted'`);
    await expectBalance();
  });
});
